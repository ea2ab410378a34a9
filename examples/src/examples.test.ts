/** @file Each small program runs, and shows what its page says. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'multihead-examples-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a program prints, run in a folder of its own. */
function run(name: string, ...args: string[]): string {
  const inputs = [here(`${name}.js`), ...args];
  return execFileSync(process.execPath, inputs, { cwd: folder, maxBuffer: 1e8 }).toString();
}

describe('examples', { timeout: 180_000 }, () => {
  it('tensors: a value, a gradient, and the square root of 2', () => {
    const [loss, gradient, root] = run('tensors').trim().split('\n');
    expect([loss, gradient]).toEqual(['loss 54', 'd(loss)/dx Float32Array(4) [ 7, 11, 9, 13 ]']);
    expect(Number(root?.split(' ').at(-1))).toBeCloseTo(Math.SQRT2, 5);
  });

  it('attention-map: a picture of all heads', () => {
    const picture = run('attention-map', here('../../models/mini'), '0', 'some text');
    const { num_attention_heads: heads } = JSON.parse(readFileSync(here('../../models/mini/config.json'), 'utf8'));
    expect(picture.match(/>head \d+</g)).toHaveLength(heads);
    expect(picture.trim()).toMatch(/^<svg [\s\S]*<\/svg>$/);
  });

  it('sentence-similarity: what means the same stands first, whatever its words', () => {
    const [first] = run('sentence-similarity', 'Has my order been shipped yet?').trim().split('\n').slice(2);
    expect(first).toBe('  1.000  Has my order been shipped yet?');
    const found = run('sentence-similarity').trim().split('\n').slice(2);
    expect(found).toHaveLength(5);
    expect(found.filter((line) => /package|parcel|order|delivery|ship/i.test(line)).length).toBeGreaterThan(3);
  });

  it('own-training-loop: learns to tell eight intents apart', () => {
    const accuracy = /accuracy on 96 other questions: (.*)/.exec(run('own-training-loop'))?.[1];
    expect(Number(accuracy)).toBeGreaterThan(0.8);
  });

  it('answer-questions: keeps a model that answers with stretches of the context', () => {
    const printed = run('answer-questions');
    const scores = [...printed.matchAll(/f1: ([\d.]+)/g)].map((match) => Number(match[1]));
    expect(scores).toHaveLength(8);
    expect(scores.at(-1)).toBeGreaterThan(scores[0] as number);
    const contexts = readFileSync(here('../src/answer-questions.ts'), 'utf8');
    const answers = [...printed.matchAll(/ {2}-> {2}(.+) \(0\.\d\d\)/g)].map((match) => match[1] as string);
    expect(answers).toHaveLength(2);
    for (const answer of answers) expect(contexts).toContain(answer);
  });

  it('tiny-gpt: the loss falls, and five questions are written', () => {
    const printed = run('tiny-gpt');
    const losses = [...printed.matchAll(/loss (\S+)/g)].map((match) => Number(match[1]));
    expect(losses.at(-1)).toBeLessThan((losses[0] as number) / 2);
    expect(printed.match(/^ {2}How/gm)).toHaveLength(5);
  });

  it('write-on: goes on with a text, the same each time', () => {
    const written = run('write-on', 'She looked at him');
    expect(written.startsWith('She looked at him')).toBe(true);
    expect(written.length).toBeGreaterThan(100);
    expect(run('write-on', 'She looked at him')).toBe(written);
  });

  it('stand in the table of examples/README.md, each; all but the quickstart are under 60 lines', () => {
    const programs = readdirSync(here('../src')).filter((file) => /^(?!.*\.test)\S+\.ts$/.test(file));
    const table = readFileSync(here('../README.md'), 'utf8');
    for (const program of programs) {
      expect(table).toContain(program.replace('.ts', ''));
      const lines = readFileSync(here(`../src/${program}`), 'utf8').split('\n').length;
      if (program !== 'quickstart.ts') expect(lines, program).toBeLessThanOrEqual(60);
    }
  });
});
