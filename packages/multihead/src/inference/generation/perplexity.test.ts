/** @file Perplexity against PyTorch's (bench/peers/logits_fixtures.py). */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AutoModelForCausalLM } from '../../models/auto-model.js';
import type { CausalLanguageModel } from '../../models/causal/causal-language-model.js';
import { byteTokenizer } from '../../testing/byte-tokenizer.js';
import { type PerplexityOptions, perplexity } from './perplexity.js';

interface Expected {
  readonly model: string;
  readonly tokenIds: number[];
  readonly cases: readonly { maxLength: number; stride: number; tokens: number; perplexity: number }[];
}

const fixtures = fileURLToPath(new URL('../../../fixtures/', import.meta.url));
const expected = JSON.parse(readFileSync(`${fixtures}generation/perplexity.json`, 'utf8')) as Expected;
const tokenizer = byteTokenizer();

describe('perplexity', () => {
  let model: CausalLanguageModel;
  beforeAll(async () => {
    model = await AutoModelForCausalLM.fromPretrained(`${fixtures}causal/${expected.model}`);
  });
  afterAll(() => model.dispose());

  test.each(expected.cases)('by windows of $maxLength every $stride', async ({ maxLength, stride, ...found }) => {
    const read: [number, number][] = [];
    const onProgress = (...progress: [number, number]) => read.push(progress);
    const result = await perplexity(model, tokenizer, expected.tokenIds, { maxLength, stride, onProgress });
    expect(result.tokens).toBe(found.tokens);
    expect(Math.abs(result.perplexity / found.perplexity - 1)).toBeLessThan(1e-5);
    expect(Math.log(result.perplexity)).toBeCloseTo(result.negativeLogLikelihood, 12);
    expect(read.at(-1)).toEqual([75, 75]);
  });

  test('the window is by default as long as the model, and goes on by half of it', async () => {
    const [, , , whole] = expected.cases;
    const { perplexity: found } = await perplexity(model, tokenizer, expected.tokenIds);
    expect(Math.abs(found / (whole as { perplexity: number }).perplexity - 1)).toBeLessThan(1e-5);
  });

  test.each([
    [
      [1, 2],
      { max_length: 9 } as object,
      'there is no option "max_length"; there are: maxLength, stride, onProgress. Did',
    ],
    [[1, 2], { maxLength: 1 }, 'maxLength is 1; it must be a whole number from 2'],
    [[1, 2], { maxLength: 49 }, 'maxLength is 49, but the model looks at no more than 48 tokens'],
    [[1, 2], { maxLength: 10, stride: 11 }, "stride is 11, beyond the window's 10 tokens"],
    [[1, 2], { stride: 0 }, 'stride is 0; it must be a whole number from 1'],
    [[1], {}, 'a text of 1 tokens has no perplexity'],
    ['', {}, 'a text of 0 tokens has no perplexity'],
    [[1, 99], {}, "token number 99, but the model's vocabulary has 56 tokens"],
  ] satisfies [number[] | string, PerplexityOptions, string][])('refuses %j %j', async (text, options, message) => {
    await expect(perplexity(model, tokenizer, text, options)).rejects.toThrow(message);
  });
});
