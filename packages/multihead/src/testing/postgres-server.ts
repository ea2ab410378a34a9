/** @file A PostgreSQL server for tests, with data of its own. Not part of the package. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The folder of the server's programs: of Debian's package, or that of `pg_config`; undefined where there is no server. */
function findPrograms(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).map((version) => join(debian, version, 'bin')) : [];
  const found = versions.filter((folder) => existsSync(join(folder, 'initdb'))).at(-1);
  if (found) return found;
  try {
    const folder = execFileSync('pg_config', ['--bindir'], { stdio: 'pipe' }).toString().trim();
    return existsSync(join(folder, 'initdb')) ? folder : undefined; // clients have pg_config, too
  } catch {
    return undefined;
  }
}

const programs = findPrograms();

/** Whether this machine has PostgreSQL (apt-get install postgresql). */
export const hasPostgres = programs !== undefined;

/** PostgreSQL does not run as root: then as nobody. */
const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { readonly port: number };
      server.close(() => done(port));
    });
  });
}

/** A server that can be stopped, and started with the data that it had. */
export class PostgresServer {
  private child: ChildProcess | undefined;

  private constructor(
    readonly url: string,
    private readonly folder: string,
    private readonly port: number,
  ) {}

  /** Makes a database cluster and starts a server. */
  static async start(): Promise<PostgresServer> {
    // Folders of root's tests are closed to nobody.
    const folder = mkdtempSync(join(nobody.uid ? '/tmp' : tmpdir(), 'multihead-postgres-'));
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
    if (nobody.uid) chownSync(folder, nobody.uid, nobody.gid);
    const port = await freePort();
    const options = ['-D', folder, '-U', 'tester', '--auth=trust', '--no-sync', '-E', 'UTF8', '--locale=C'];
    execFileSync(join(programs as string, 'initdb'), options, { ...nobody, cwd: folder, stdio: 'pipe' });
    const server = new PostgresServer(`postgres://tester:secret@127.0.0.1:${port}/postgres`, folder, port);
    await server.restart();
    return server;
  }

  /** Starts the server again. */
  async restart(): Promise<void> {
    const settings = ['listen_addresses=127.0.0.1', 'fsync=off', 'max_connections=60', 'shared_buffers=16MB'];
    const flags = settings.flatMap((setting) => ['-c', setting]);
    const args = ['-D', this.folder, '-p', String(this.port), '-k', this.folder, ...flags];
    const child = spawn(join(programs as string, 'postgres'), args, {
      ...nobody,
      cwd: this.folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.child = child;
    await new Promise<void>((done, fail) => {
      let told = '';
      child.stderr.on('data', (text) => {
        told += text;
        if (told.includes('ready to accept connections')) done();
      });
      child.on('exit', (code) => fail(new Error(`PostgreSQL ended with ${code}: ${told}`)));
    });
  }

  /** Stops the server; connections are cut off. */
  async stop(): Promise<void> {
    const { child } = this;
    if (!child) return;
    this.child = undefined;
    child.removeAllListeners('exit');
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGINT'); // PostgreSQL's fast shutdown
    await ended;
  }

  /** Stops the server and deletes its data. */
  async end(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
