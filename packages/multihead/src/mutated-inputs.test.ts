/** @file Damaged files of every kind: a clear error that names the file, or a result; nothing else, ever. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deriveSeed, Random } from './platform/random.js';
import { kinds } from './testing/mutation/kinds.js';
import type { Outcome } from './testing/mutation/read.js';

const reader = fileURLToPath(new URL('./testing/mutation/read.js', import.meta.url));
const count = Number(process.env.MULTIHEAD_MUTATIONS ?? 200);
const seed = Number(process.env.MULTIHEAD_MUTATION_SEED ?? 1);
/** A file is read in milliseconds, an engine started in seconds where much else runs; this long says that it never will be. */
const secondsForAFile = 60;
/** Node with the library takes some 100 MB, and no file here is larger than 400 KB. */
const mostMegabytes = 500;

/** Who reads an error reads it to its end. */
const longestMessage = 2000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mutated-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Reads files in a process of their own, and in another one after each that ends it. */
async function readAll(name: string, paths: readonly string[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  while (outcomes.length < paths.length) {
    const child = spawn(process.execPath, [reader, name, ...paths.slice(outcomes.length)]);
    let [told, said, isLate] = ['', '', false];
    const stop = () => {
      isLate = true;
      child.kill('SIGKILL');
    };
    let timer = setTimeout(stop, secondsForAFile * 1000);
    child.stderr.on('data', (text: Buffer) => {
      said += text;
    });
    child.stdout.on('data', (text: Buffer) => {
      told += text;
      clearTimeout(timer);
      timer = setTimeout(stop, secondsForAFile * 1000);
    });
    const status = await new Promise((done) => child.on('close', (code, signal) => done(code ?? signal)));
    clearTimeout(timer);
    outcomes.push(...told.split('\n').flatMap((line) => (line.endsWith('}') ? [JSON.parse(line) as Outcome] : [])));
    if (outcomes.length === paths.length) break;
    const message = isLate ? `took more than ${secondsForAFile} s` : `ended the process with ${status}: ${said}`;
    outcomes.push({ path: paths[outcomes.length] as string, outcome: 'fault', message, megabytes: 0 });
  }
  return outcomes;
}

test.each(Object.keys(kinds))(
  '%s',
  async (name) => {
    const { prepare, damage } = kinds[name] as (typeof kinds)[string];
    const paths: string[] = [];
    for (let index = 0; index <= count; index++) {
      const at = join(folder, `${name} ${index}`);
      mkdirSync(at);
      const path = await prepare(at, index);
      // The first stays sound: otherwise all might be refused for another reason.
      if (index > 0) writeFileSync(path, damage(readFileSync(path), new Random(deriveSeed(seed, name, index))));
      paths.push(path);
    }
    const outcomes = await readAll(name, paths);
    const folderOf = (path: string) => path.slice(0, path.indexOf('/', folder.length + 1));
    const isClear = ({ message, path }: Outcome) =>
      message.length <= longestMessage && message.includes(folderOf(path));
    const faults = outcomes.filter(
      (found) => found.outcome === 'fault' || (found.outcome === 'refused' && !isClear(found)),
    );
    expect(outcomes[0]).toMatchObject({ outcome: 'read' });
    expect(faults).toEqual([]);
    expect(Math.max(...outcomes.map(({ megabytes }) => megabytes))).toBeLessThan(mostMegabytes);
    expect(outcomes.filter(({ outcome }) => outcome === 'refused').length).toBeGreaterThan(count / 10);
    for (const path of paths) rmSync(folderOf(path), { recursive: true, force: true });
  },
  600_000,
);
