/** @file llama2.c's checkpoints against llama2.c's own program (fixtures/llama2c, made by bench/peers/llama2c_fixtures.py). */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { AutoModelForCausalLM, LlamaForCausalLM, readLlama2c } from '../../index.js';
import { UserError } from '../../platform/errors.js';
import type { CausalLanguageModel } from '../causal/causal-language-model.js';

const path = (name: string) => fileURLToPath(new URL(`../../../${name}`, import.meta.url));
const fixture = (name: string) => path(`fixtures/llama2c/${name}`);
const stories = path('../../../../shared/data/models/stories260K/stories260K.bin');
const scratch = mkdtempSync(join(tmpdir(), 'multihead-'));
afterAll(() => rmSync(scratch, { recursive: true }));

interface Reference {
  greedy: { prompt: string; ids: number[] }[];
}
const reference = (name: string) => JSON.parse(readFileSync(fixture(name), 'utf8')) as Reference;

/** The most probable token after each beginning of a text, from one pass over it: what greedy decoding would say there. */
async function mostProbable(model: CausalLanguageModel, ids: readonly number[]): Promise<number[]> {
  const shape = [1, ids.length];
  const value = (numbers: readonly number[]) => ({
    dtype: 'int64' as const,
    shape,
    data: BigInt64Array.from(numbers, BigInt),
  });
  const outputs = await model.predictValues({ input_ids: value(ids), attention_mask: value(ids.map(() => 1)) });
  const logits = outputs.logits?.data as Float32Array;
  const { vocabSize } = model.config;
  return ids.map((_, i) => {
    const scores = logits.subarray(i * vocabSize, (i + 1) * vocabSize);
    return scores.indexOf(scores.reduce((a, b) => Math.max(a, b)));
  });
}

/** Expects that every token after the prompt is what the model holds most probable. `beginning`: tokens of the prompt. */
async function expectGreedy(model: CausalLanguageModel, ids: readonly number[], beginning: number): Promise<void> {
  const found = await mostProbable(model, ids);
  expect(found.slice(beginning - 1, -1)).toEqual(ids.slice(beginning));
}

describe('a checkpoint of llama2.c', () => {
  test('says what llama2.c says, also from the folder that it was saved into', async () => {
    const model = await readLlama2c(fixture('tiny.bin'));
    expect(model.config).toMatchObject({ numKeyValueHeads: 2, tieWordEmbeddings: false, maxPositionEmbeddings: 48 });
    await model.savePretrained(scratch);
    const saved = await AutoModelForCausalLM.fromPretrained(scratch);
    expect(saved.loadingReport).toMatchObject({ newlyInitialized: [], unexpected: [] });
    for (const { ids } of reference('tiny.json').greedy) {
      expect(ids).toHaveLength(48);
      await expectGreedy(model, ids, 5);
      await expectGreedy(saved, ids, 5);
    }
    await Promise.all([model.dispose(), saved.dispose()]);
  });

  test('stories260K: 200 tokens and more after “Once upon a time” are llama2.c’s', async () => {
    if (!existsSync(stories)) return console.log(`not tested: ${stories} is not there`);
    const model = await readLlama2c(stories);
    expect(model.weights.count).toBe(260032);
    const { ids } = reference('stories260K.json').greedy[0] as Reference['greedy'][0];
    expect(ids.length).toBeGreaterThan(205);
    await expectGreedy(model, ids, 5);
    await model.dispose();
  });
});

describe('files that are none', () => {
  const whole = readFileSync(fixture('tiny.bin'));
  const changed = (bytes: Uint8Array, header: Record<number, number> = {}) => {
    const copy = Buffer.from(bytes);
    for (const [place, value] of Object.entries(header)) copy.writeInt32LE(value, 4 * Number(place));
    const file = join(scratch, 'changed.bin');
    writeFileSync(file, copy);
    return file;
  };

  test.each<[string, () => string, RegExp]>([
    [
      'nothing',
      () => changed(whole.subarray(0, 0)),
      /changed\.bin: has 0 bytes; a checkpoint of llama2\.c begins with 28/,
    ],
    [
      'cut off',
      () => changed(whole.subarray(0, -4)),
      /has 50648 bytes, but 50652 were expected of a model with dim 16/,
    ],
    ['more than there should be', () => changed(Buffer.concat([whole, whole])), /but 50652 were expected/],
    ['another size', () => changed(whole, { 2: 3 }), /has 50652 bytes, but \d+ were expected of a model .* 3 layers/],
    ['no heads', () => changed(whole, { 3: 0 }), /its first numbers cannot be a model's: .*heads 0/],
    ['heads that do not divide', () => changed(whole, { 3: 3 }), /first numbers cannot be a model's/],
    ['text', () => changed(Buffer.from('Once upon a time, there was a girl')), /first numbers cannot be a model's/],
    ['a later layout', () => changed(whole, { 0: 0x616b3432, 1: 2 }), /in layout 2; only the first layout is read/],
    ['no file', () => join(scratch, 'none.bin'), /none\.bin: no such file/],
  ])('%s', async (_, file, message) => {
    await expect(readLlama2c(file())).rejects.toThrow(message);
  });

  test('numbers changed at random at the beginning: a right result or a UserError, never anything else', async () => {
    const number = fc.oneof(fc.integer({ min: -3, max: 300 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }));
    await fc.assert(
      fc.asyncProperty(fc.nat(6), number, async (place, value) => {
        const result = await readLlama2c(changed(whole, { [place]: value })).catch((error: unknown) => error);
        if (value === whole.readInt32LE(4 * place)) expect(result).toBeInstanceOf(LlamaForCausalLM);
        else expect(result).toBeInstanceOf(UserError);
      }),
      { numRuns: 200 },
    );
  });
});
