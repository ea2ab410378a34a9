/** @file A process, or an engine, that ends while native code computes: the exit code is the program's, never 134. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** A program that computes for ever, in calls of some 20 ms, and after `moment` ms does what it is given. */
const program = (ending: string): string => `
  import { createEngine } from ${JSON.stringify(new URL('./engine.js', import.meta.url).href)};
  import { input } from ${JSON.stringify(new URL('../../tensor/factories.js', import.meta.url).href)};
  import { writeModel } from ${JSON.stringify(new URL('../../onnx/model.js', import.meta.url).href)};
  const began = performance.now();
  const engine = createEngine({ threads: 1 });
  const x = input('x', 'float32', ['n', 256]);
  let y = x;
  for (let i = 0; i < 10; i++) y = y.matmul(x.transpose(0, 1)).matmul(x).mul(1e-3);
  const graph = writeModel({ y });
  const value = { dtype: 'float32', shape: [512, 256], data: new Float32Array(512 * 256).fill(0.01) };
  const computing = (async () => {
    for (;;) {
      await engine.load('graph', graph);
      await engine.run('graph', { x: value });
    }
  })();
  computing.catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, Number(process.argv[2])));
  ${ending}
`;

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
  readonly stdout: string;
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'multihead-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(file: string, moment: number): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [file, String(moment)], { timeout: 120_000, killSignal: 'SIGKILL' });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** Ends at 20 moments, from before the library is loaded until calls are under way; two processes at a time. */
async function endings(name: string, ending: string): Promise<Ended[]> {
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, program(ending));
  const moments = Array.from({ length: 20 }, (_, i) => (i < 8 ? i * 20 : 200 + i * 17));
  const ended: Ended[] = [];
  await Promise.all(
    [0, 1].map(async () => {
      for (let moment = moments.pop(); moment !== undefined; moment = moments.pop())
        ended.push(await run(file, moment));
    }),
  );
  return ended;
}

describe('20 times while the engine computes', { timeout: 600_000 }, () => {
  test('process.exit gives its exit code', async () => {
    for (const ended of await endings('exit', 'process.exit(3);'))
      expect(ended).toEqual({ code: 3, signal: null, stdout: '', stderr: '' });
  });

  test("the program's own error is told, and the exit code is 1", async () => {
    for (const { code, signal, stderr } of await endings('throw', `setTimeout(() => { throw new Error('mine') });`)) {
      expect({ code, signal }).toEqual({ code: 1, signal: null });
      expect(stderr).toContain('Error: mine');
      expect(stderr).not.toContain('terminate called');
    }
  });

  test('close() rejects the call, later ones too, and the process ends by itself', async () => {
    const told = '(error) => console.log(error.name, error.message)';
    const ending = `
      await engine.close();
      await computing.catch(${told});
      await engine.readParameters().catch(${told});`;
    const stdout = [
      'UserError the engine was closed before it answered: a model was disposed of while it computed',
      'UserError the engine is closed: its model was disposed of',
      '',
    ].join('\n');
    for (const ended of await endings('close', ending))
      expect(ended).toEqual({ code: 0, signal: null, stdout, stderr: '' });
  });
});

test('an engine that was made for nothing does not keep the process', async () => {
  const file = join(folder, 'unused.mjs');
  const { href } = new URL('./engine.js', import.meta.url);
  writeFileSync(file, `import { createEngine } from ${JSON.stringify(href)};\ncreateEngine();\n`);
  expect(await run(file, 0)).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
});
