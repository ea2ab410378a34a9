import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const library = new URL('../../exports/tensor.js', import.meta.url).href;

// On Linux the threads are counted too: 0 elsewhere.
const computing = `
  const { existsSync, readdirSync } = await import('node:fs');
  const { tensor } = await import(${JSON.stringify(library)});
  const result = await tensor([[1, 2], [3, 4]]).matmul(tensor([[1], [1]])).data();
  const threads = existsSync('/proc/self/task') ? readdirSync('/proc/self/task').length : 0;
  console.log(JSON.stringify({ result: [...result], threads }));
`;

const inMainThread = computing;
const inWorkerAlone = `
  const { Worker } = await import('node:worker_threads');
  new Worker(new URL('data:text/javascript,' + encodeURIComponent(${JSON.stringify(computing)})));
`;

interface Trace {
  readonly result: number[];
  readonly threads: number;
  /** What lies in HOME and in the folder for temporary files, which were empty. */
  readonly files: string[];
}

function traceOf(program: string, environment: Record<string, string> = {}): Trace {
  const root = mkdtempSync(join(tmpdir(), 'multihead-telemetry-'));
  for (const folder of ['home', 'temporary']) mkdirSync(join(root, folder));
  // ONNX Runtime sends nothing by itself where CI is set: with it these tests would show nothing.
  const { ORT_DISABLE_TELEMETRY: _, XDG_CACHE_HOME: __, CI: ___, ...inherited } = process.env;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
    env: { ...inherited, HOME: join(root, 'home'), TMPDIR: join(root, 'temporary'), ...environment },
  });
  if (!stdout) throw new Error(stderr);
  const files = readdirSync(root, { recursive: true }).map(String);
  return { ...JSON.parse(stdout), files: files.filter((file) => !['home', 'temporary'].includes(file)) };
}

describe.skipIf(process.platform === 'win32')('telemetry of ONNX Runtime', () => {
  test.each([
    ['in the main thread', inMainThread],
    ['in a worker thread alone', inWorkerAlone],
  ])('is off: a program that computes %s leaves no file', (_, program) => {
    expect(traceOf(program)).toMatchObject({ result: [3, 7], files: [] });
  });

  test('is on, with its files and its thread, where the user says so', () => {
    const on = traceOf(inMainThread, { ORT_DISABLE_TELEMETRY: '0' });
    expect(on.result).toEqual([3, 7]);
    expect(on.files.length).toBeGreaterThan(0);
    if (process.platform === 'linux') expect(traceOf(inMainThread).threads).toBeLessThan(on.threads);
  });
});
