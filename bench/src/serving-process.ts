/** @file A server in a process of its own: started, asked for its memory, ended. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

/** The command line of this repository. */
const multihead = fileURLToPath(new URL('../../packages/multihead/bin/multihead.js', import.meta.url));

/** A server that answers. */
export interface RunningServer {
  readonly url: string;
  readonly child: ChildProcess;
  /** Ends it, with SIGTERM. */
  stop(): Promise<void>;
}

/** Starts `multihead serve`, and resolves when all models are ready. */
export async function serveMultihead(models: readonly string[], options: readonly string[]): Promise<RunningServer> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  return started(process.execPath, [multihead, 'serve', ...models, '--port', `${port}`, ...options], url, '/ready');
}

/** Starts infinity (`infinity_emb v2`), and resolves when it answers. */
export async function serveInfinity(
  command: string,
  { model, engine, threads }: { model: string; engine: string; threads: number },
): Promise<RunningServer> {
  const port = await freePort();
  const settings = [
    '--device',
    'cpu',
    '--dtype',
    'float32',
    '--engine',
    engine,
    '--port',
    `${port}`,
    '--host',
    '127.0.0.1',
  ];
  const env = { OMP_NUM_THREADS: `${threads}`, MKL_NUM_THREADS: `${threads}`, DO_NOT_TRACK: '1', HF_HUB_OFFLINE: '1' };
  const url = `http://127.0.0.1:${port}`;
  return started(command, ['v2', '--model-id', model, ...settings], url, '/health', env);
}

async function started(
  command: string,
  args: readonly string[],
  url: string,
  health: string,
  env: Readonly<Record<string, string>> = {},
): Promise<RunningServer> {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...env } });
  for (let i = 0; ; i++) {
    if (child.exitCode !== null) throw new Error(`${command} ${args.join(' ')} ended with ${child.exitCode}`);
    if (i > 1200) throw new Error(`${command} ${args.join(' ')} did not answer within two minutes`);
    if (
      await fetch(`${url}${health}`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  return { url, child, stop };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** The processes that a process started, itself first. */
export function processTree(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        return [{ pid: Number(name), parent: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) }];
      } catch {
        return []; // it has just ended
      }
    });
  const found = [pid];
  for (const known of found) found.push(...parents.filter(({ parent }) => parent === known).map((each) => each.pid));
  return found;
}

/** Processor time of a process and those that it started and that still run, in seconds. */
export function processorSeconds(pid: number): number {
  return processTree(pid).reduce((sum, each) => {
    const stat = readFileSync(`/proc/${each}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return sum + (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  }, 0);
}

/** The unit of processor time in /proc, the same on every Linux. */
const ticksPerSecond = 100;

/** Resident memory of a process and those that it started, in MB. */
export function residentMegabytes(pid: number): number {
  return processTree(pid).reduce((sum, each) => {
    const status = readFileSync(`/proc/${each}/status`, 'utf8');
    return sum + Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  }, 0);
}
