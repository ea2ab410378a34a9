/** @file Generation against Hugging Face's, token by token (bench/peers/causal_generation_fixtures.py), and its own rules. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AutoModelForCausalLM } from '../../models/auto-model.js';
import type { CausalLanguageModel } from '../../models/causal/causal-language-model.js';
import { causalFixture, causalFixtures } from '../../testing/causal-fixtures.js';
import { TinyCausal } from '../../testing/tiny-causal.js';
import { generate } from './generate.js';
import type { GeneratedTokens } from './generated.js';
import type { GenerationOptions } from './options.js';

interface Run {
  readonly options: Readonly<Record<string, number | boolean | string>>;
  readonly sequences: readonly (readonly number[])[];
  readonly scores?: readonly number[];
}

interface Expected {
  readonly eos_token_id: number;
  readonly batches: readonly { readonly prompts: readonly (readonly number[])[]; readonly runs: readonly Run[] }[];
}

const camelCase = (name: string) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

describe.each(causalFixtures('generation.json'))('%s', (name) => {
  const { eos_token_id, batches } = JSON.parse(
    readFileSync(`${causalFixture(name)}/generation.json`, 'utf8'),
  ) as Expected;
  let model: CausalLanguageModel;
  beforeAll(async () => {
    model = await AutoModelForCausalLM.fromPretrained(causalFixture(name));
  });
  afterAll(() => model.dispose());

  const runs = batches.flatMap(({ prompts, runs }) =>
    runs.map(({ options, ...expected }) => ({
      prompts,
      options,
      expected,
      title: `${prompts.length} prompts, ${JSON.stringify(options)}`,
    })),
  );

  test.each(runs)("generates Hugging Face's tokens: $title", async ({ prompts, options, expected }) => {
    const ours = Object.fromEntries(Object.entries(options).map(([key, value]) => [camelCase(key), value]));
    const results = await generate(model, prompts, { eosTokenId: eos_token_id, ...ours });
    expect(results.flat().map(({ tokenIds }) => tokenIds)).toEqual(expected.sequences);
    if (!expected.scores) return;
    for (const [i, { score }] of results.flat().entries()) {
      expect(Math.abs((score as number) / (expected.scores[i] as number) - 1)).toBeLessThan(1e-5);
    }
  });
});

const vocabSize = 30;
const eosTokenId = 29;
const sizes = { vocabSize, hiddenSize: 16, layers: 2, heads: 2, maxPositionEmbeddings: 48, eosTokenId };

describe('generate', () => {
  const model = new TinyCausal(sizes, 3);
  afterAll(() => model.dispose());

  test('minNewTokens counts before minLength, as in Hugging Face', async () => {
    const options: GenerationOptions = { maxNewTokens: 8, repetitionPenalty: 1 };
    const [[free]] = (await generate(model, [[4, 4, 4]], { ...options, eosTokenId: [] })) as [[GeneratedTokens]];
    const first = free.tokenIds[0] as number; // would end the text at once
    const ended = async (more: GenerationOptions) =>
      (await generate(model, [[4, 4, 4]], { ...options, eosTokenId: first, ...more }))[0]?.[0]?.tokenIds.length;
    expect(await ended({})).toBe(1);
    expect(await ended({ minNewTokens: 0, minLength: 9 })).toBe(1);
    expect(await ended({ minLength: 9 })).toBeGreaterThan(6);
    await expect(ended({ minNewTokens: 0, minLength: -1 })).rejects.toThrow('minLength is -1');
  });

  test('refuses options that there are not', async () => {
    await expect(generate(model, [[4]], { max_new_tokens: 3 } as GenerationOptions)).rejects.toThrow(
      /generate: there is no option "max_new_tokens".*Did you mean maxNewTokens\?/,
    );
  });

  const one = async (prompt: readonly number[], options: GenerationOptions) =>
    (await generate(model, [prompt], options))[0]?.[0] as GeneratedTokens;
  const prompts = [[1, 2, 3, 4, 5, 6, 7], [9], [4, 8, 12, 16]];
  const sampled: GenerationOptions = { maxNewTokens: 12, temperature: 1.3, topK: 0, seed: 5 };

  test('gives a prompt in a batch what it gives it alone: greedy, sampled, by beams', async () => {
    for (const options of [{ maxNewTokens: 12 }, sampled, { maxNewTokens: 12, numBeams: 3 }]) {
      const together = await generate(model, prompts, options);
      for (const [i, prompt] of prompts.entries()) {
        const [alone] = await generate(model, [prompt], options);
        expect(together[i]?.map(({ tokenIds }) => tokenIds)).toEqual(alone?.map(({ tokenIds }) => tokenIds));
      }
    }
  });

  test('gives the same seed the same tokens, and others others; texts of one prompt differ', async () => {
    const run = async (options: GenerationOptions) => generate(model, [[1, 2]], { ...sampled, ...options });
    expect(await run({})).toEqual(await run({}));
    expect(await run({ seed: 6 })).not.toEqual(await run({}));
    const [texts] = await run({ numReturnSequences: 4 });
    expect(new Set(texts?.map(({ tokenIds }) => `${tokenIds}`)).size).toBe(4);
    expect(texts?.[0]).toEqual((await run({}))[0]?.[0]);
  });

  test('draws tokens as often as they are likely', async () => {
    const options = { maxNewTokens: 1, doSample: true, topK: 3, numReturnSequences: 2000 };
    const [texts] = await generate(model, [[1, 2]], options);
    const counts = new Map<number, number>();
    for (const { tokenIds } of texts ?? []) {
      counts.set(tokenIds[0] as number, (counts.get(tokenIds[0] as number) ?? 0) + 1);
    }
    const int64 = (values: number[]) => ({
      dtype: 'int64' as const,
      shape: [1, 2],
      data: BigInt64Array.from(values, BigInt),
    });
    const inputs = { input_ids: int64([1, 2]), position_ids: int64([0, 1]) };
    const { logits } = await model.weights.run('whole', () => model.wholeOutputs(), inputs);
    const scores = [...((logits?.data ?? []) as Float32Array)]
      .slice(-vocabSize)
      .map((score, token) => ({ score, token }));
    const best = scores.sort((a, b) => b.score - a.score).slice(0, 3);
    const total = best.reduce((sum, { score }) => sum + Math.exp(score), 0);
    expect([...counts.keys()].sort()).toEqual(best.map(({ token }) => token).sort());
    for (const { score, token } of best) {
      const share = Math.exp(score) / total;
      const deviation = Math.sqrt(share * (1 - share) * 2000);
      expect(Math.abs((counts.get(token) as number) - share * 2000)).toBeLessThan(4 * deviation);
    }
  });

  test('ends at any of several end-of-text tokens, and says why', async () => {
    const free = await one([1, 2], { maxNewTokens: 6, eosTokenId: [] });
    const third = free.tokenIds[2] as number;
    const end = free.tokenIds.indexOf(third);
    const ended = await one([1, 2], { maxNewTokens: 6, eosTokenId: [28, third] });
    expect(ended).toEqual({ tokenIds: free.tokenIds.slice(0, end + 1), finishReason: 'eos' });
    expect(free).toMatchObject({ finishReason: 'length' });
    expect(free.tokenIds).toHaveLength(6);
  });

  test('maxLength counts the prompt, maxNewTokens counts before it', async () => {
    const lengths = async (options: GenerationOptions) =>
      (await generate(model, prompts, { eosTokenId: [], ...options })).map(([text]) => text?.tokenIds.length);
    expect(await lengths({ maxLength: 10 })).toEqual([3, 9, 6]);
    expect(await lengths({ maxLength: 10, maxNewTokens: 2 })).toEqual([2, 2, 2]);
    expect(await lengths({})).toEqual([41, 47, 44]);
  });

  test('refuses more than the model has positions for, or slides', async () => {
    const long = Array.from({ length: 47 }, (_, i) => (i * 5) % vocabSize);
    await expect(generate(model, [long], { maxNewTokens: 2 })).rejects.toThrow(
      'the prompt has 47 tokens and 2 more were asked for, but the model looks at no more than 48. Ask for at most 1',
    );
    await expect(generate(model, [[...long, 1]], {})).rejects.toThrow(
      'the prompt has 48 tokens, but the model looks at no',
    );
    const options = { maxNewTokens: 60, overflow: 'slide', eosTokenId: [] } as const;
    const slid = await one(long, options);
    expect(slid.tokenIds).toHaveLength(60);
    // By hand: full at 48 tokens, then only the last 24 are seen, until they have become 48 again.
    const all = [...long];
    let start = 0;
    while (all.length < 47 + 60) {
      if (all.length - start > 48) start = all.length - 24;
      const { tokenIds } = await one(all.slice(start), { ...options, maxNewTokens: 1 });
      all.push(tokenIds[0] as number);
    }
    expect(slid.tokenIds).toEqual(all.slice(47));
    const [, beside] = await generate(model, [long, [1, 2]], options);
    expect(beside).toEqual([await one([1, 2], options)]);
    const tooLong = [...long, ...long];
    const cut = await one(tooLong, { ...options, maxNewTokens: 3 });
    expect(cut).toEqual(await one(tooLong.slice(-24), { ...options, maxNewTokens: 3 }));
  });

  test('stops when it is told to, and can go on afterwards', async () => {
    const controller = new AbortController();
    const endless = generate(model, [[1]], {
      maxNewTokens: 1e6,
      overflow: 'slide',
      eosTokenId: [],
      signal: controller.signal,
    });
    setTimeout(() => controller.abort(new Error('enough')), 30);
    await expect(endless).rejects.toThrow('enough');
    await expect(generate(model, [[1]], { signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow('before');
    await expect(
      generate(model, [[1]], { numBeams: 2, signal: AbortSignal.abort(new Error('beams')) }),
    ).rejects.toThrow('beams');
    expect(await generate(model, [[1]], { maxNewTokens: 1 })).toHaveLength(1);
  });

  test('no n-gram comes twice, whatever the prompt', async () => {
    const prompt = fc.array(fc.nat(vocabSize - 1), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(prompt, fc.integer({ min: 1, max: 3 }), async (prompt, size) => {
        const options = { maxNewTokens: 12, noRepeatNgramSize: size, eosTokenId: [] };
        const { tokenIds } = await one(prompt, options);
        const all = [...prompt, ...tokenIds];
        const ngrams = all.slice(0, all.length - size + 1).map((_, i) => `${all.slice(i, i + size)}`);
        for (const [i, ngram] of ngrams.entries()) {
          if (i + size > prompt.length) expect(ngrams.indexOf(ngram)).toBe(i);
        }
      }),
      { numRuns: 25 },
    );
  });

  test('beams end where every token has been ruled out', async () => {
    const options = { numBeams: 3, noRepeatNgramSize: 1, maxNewTokens: 40, eosTokenId: [], numReturnSequences: 3 };
    const [texts, others] = await generate(model, [[1, 2], [5]], options);
    for (const { tokenIds, finishReason } of texts ?? []) {
      expect([...tokenIds, 1, 2].sort((a, b) => a - b)).toEqual(Array.from({ length: vocabSize }, (_, i) => i));
      expect(finishReason).toBe('length');
    }
    expect(texts).toHaveLength(3);
    expect(others?.map(({ tokenIds }) => tokenIds.length)).toEqual([29, 29, 29]);
  });

  test.each([
    [{ temperature: 0 }, 'temperature is 0; it must be a number above 0'],
    [{ topP: 1.5 }, 'topP is 1.5; it must be a number above 0 and at most 1'],
    [{ topP: Number.NaN }, 'topP is NaN'],
    [{ minP: -0.1 }, 'minP is -0.1'],
    [{ topK: 2.5 }, 'topK is 2.5; it must be a whole number from 0'],
    [{ maxNewTokens: 0 }, 'maxNewTokens is 0; it must be a whole number from 1'],
    [{ maxLength: 1 }, 'maxLength is 1, but the prompt alone has 1 tokens'],
    [{ repetitionPenalty: -1 }, 'repetitionPenalty is -1; it must be a number above 0'],
    [{ seed: Number.NaN }, 'seed is NaN; it must be a number'],
    [{ numBeams: 1e6 }, 'numBeams is 1000000; it must be a whole number from 1 to 1000'],
    [{ numBeams: 3, temperature: 0.5 }, 'beam search looks for the most likely text'],
    [{ numBeams: 3, numReturnSequences: 4 }, 'there are only 3 beams'],
    [{ numBeams: 2, stopStrings: 'x' }, 'stopStrings do not go together with numBeams'],
    [{ numBeams: 2, overflow: 'slide' }, "overflow: 'slide' does not go together with numBeams"],
    [{ numReturnSequences: 2 }, 'without sampling all of them would be the same'],
    [{ earlyStopping: 'always' as 'never' }, 'earlyStopping is "always"; it must be true, false or "never"'],
    [{ overflow: 'wrap' as 'slide' }, 'overflow is "wrap"; it must be one of error, slide'],
    [{ stopStrings: [''] }, 'stopStrings has an empty string'],
    [{ stopStrings: 'x' }, 'give the tokenizer too'],
    [{ eosTokenId: 30 }, "eosTokenId is 30, but the model's vocabulary has 30 tokens"],
  ] satisfies [GenerationOptions, string][])('refuses %j', async (options, message) => {
    await expect(generate(model, [[1]], options)).rejects.toThrow(message);
  });

  test('refuses prompts that the model cannot read', async () => {
    await expect(generate(model, [[1], []])).rejects.toThrow('prompt 2 has no tokens');
    await expect(generate(model, [[30]])).rejects.toThrow(
      "prompt 1 has the token number 30, but the model's vocabulary has 30",
    );
    await expect(generate(model, [[-1]])).rejects.toThrow('the token number -1');
    expect(await generate(model, [])).toEqual([]);
  });
});
