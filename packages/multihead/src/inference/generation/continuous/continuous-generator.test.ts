/** @file A text of a running batch is what `generate` makes of its prompt alone, whatever comes and goes beside it. */
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { AutoModelForCausalLM } from '../../../models/auto-model.js';
import type { DecodingModel } from '../../../models/causal/decoding-model.js';
import { modelTypes } from '../../../models/registry.js';
import { smallConfig } from '../../../testing/small-models.js';
import { TinyCausal } from '../../../testing/tiny-causal.js';
import { generate } from '../generate.js';
import type { GenerationOptions } from '../options.js';
import { resolveRequest } from '../request.js';
import type { SampledToken } from '../search/sampled-token.js';
import { shareBatch } from '../search/shared-generator.js';
import { ContinuousGenerator } from './continuous-generator.js';

const request = (model: DecodingModel, promptIds: readonly number[], options: GenerationOptions = {}) => ({
  prompts: [promptIds],
  options: resolveRequest(model, [promptIds], options),
});

async function collect(steps: AsyncIterable<readonly SampledToken[]>): Promise<SampledToken[]> {
  const found: SampledToken[] = [];
  for await (const step of steps) found.push(...step);
  return found;
}

/** The tokens of a prompt's texts, as `generate` gives them. */
const texts = (tokens: readonly SampledToken[], count: number) =>
  Array.from({ length: count }, (_, index) => {
    const own = tokens.filter(({ row }) => row === index);
    return { tokenIds: own.map(({ tokenId }) => tokenId), finishReason: own.at(-1)?.finishReason };
  });

const sampled = fc.record({
  doSample: fc.constant(true),
  seed: fc.nat(100),
  temperature: fc.constantFrom(0.7, 1.5),
  topK: fc.constantFrom(0, 5),
  topP: fc.constantFrom(1, 0.8),
  numReturnSequences: fc.constantFrom(1, 1, 3),
});
const greedy = fc.record({
  repetitionPenalty: fc.constantFrom(1, 1.3),
  noRepeatNgramSize: fc.constantFrom(0, 2),
  minNewTokens: fc.constantFrom(0, 3),
});
const arrivals = (vocabSize: number, positions: number) =>
  fc.array(
    fc.record({
      prompt: fc.array(fc.integer({ min: 0, max: vocabSize - 1 }), {
        minLength: 1,
        maxLength: Math.floor(0.6 * positions),
      }),
      maxNewTokens: fc.integer({ min: 1, max: Math.floor(0.4 * positions) }),
      how: fc.oneof(greedy, sampled),
      /** Tokens of the one before it that come first. */
      after: fc.nat(6),
    }),
    { minLength: 1, maxLength: 7 },
  );

/** Starts each prompt when some tokens of the one before it have come, and returns the texts of all. */
async function arrive(
  model: DecodingModel,
  generator: ContinuousGenerator,
  given: readonly { prompt: number[]; options: GenerationOptions; after: number }[],
) {
  const all: Promise<SampledToken[]>[] = [];
  let before: SampledToken[] = [];
  let isDone = true;
  for (const { prompt, options, after } of given) {
    while (!isDone && before.length < after) await new Promise((resolve) => setImmediate(resolve));
    const found: SampledToken[] = [];
    const read = async () => {
      for await (const step of generator.generate(request(model, prompt, options))) found.push(...step);
      return found;
    };
    before = found;
    isDone = false;
    all.push(
      read().finally(() => {
        if (before === found) isDone = true;
      }),
    );
  }
  return Promise.all(all);
}

const sizes = { vocabSize: 30, hiddenSize: 16, layers: 2, heads: 2, maxPositionEmbeddings: 90, eosTokenId: 29 };

describe('random arrivals', () => {
  const tiny = new TinyCausal(sizes, 3);
  const families = modelTypes('CausalLM').map(
    (type) => [type, AutoModelForCausalLM.fromConfig(smallConfig(type), { seed: 3 })] as const,
  );
  afterAll(() => Promise.all([tiny.dispose(), ...families.map(([, model]) => model.dispose())]));

  test.each<readonly [string, DecodingModel]>([['a tiny model', tiny], ...families])(
    '%s: greedy and seeded texts equal those of each prompt alone',
    async (_, model) => {
      await fc.assert(
        fc.asyncProperty(arrivals(model.config.vocabSize, model.maxPositionEmbeddings), async (drawn) => {
          const given = drawn.map(({ prompt, maxNewTokens, how, after }) => ({
            prompt,
            after,
            options: { ...how, maxNewTokens },
          }));
          const bounds = { maxRows: 4, prefillTokens: 20, maxCachedTokens: 250 };
          const found = await arrive(model, new ContinuousGenerator(model, bounds), given);
          for (const [i, { prompt, options }] of given.entries()) {
            const [alone = []] = await generate(model, [prompt], options);
            expect(texts(found[i] as SampledToken[], alone.length)).toEqual(alone);
          }
        }),
        { numRuns: 12 },
      );
    },
  );

  test('beyond the positions of the model, a window slides as it does alone', async () => {
    const options: GenerationOptions = { overflow: 'slide', maxNewTokens: 150, eosTokenId: [] };
    const given = [7, 100, 1].map((length, i) => ({
      prompt: Array.from({ length }, (_, at) => (at * 7 + i) % 29),
      options: i === 2 ? { ...options, doSample: true, seed: 5 } : options,
      after: 3,
    }));
    const found = await arrive(tiny, new ContinuousGenerator(tiny, { maxRows: 2 }), given);
    for (const [i, { prompt, options }] of given.entries()) {
      expect(texts(found[i] as SampledToken[], 1)).toEqual((await generate(tiny, [prompt], options))[0]);
    }
  });
});

describe('ContinuousGenerator', () => {
  const model = new TinyCausal(sizes, 3);
  afterAll(() => model.dispose());
  const endless: GenerationOptions = { eosTokenId: [], maxNewTokens: 60 };

  test('a client that leaves ends its text within a token, running or waiting, and the others go on', async () => {
    const generator = new ContinuousGenerator(model, { maxRows: 2 });
    const left = new AbortController();
    const seen: number[] = [];
    const aborted = (async () => {
      for await (const step of generator.generate(request(model, [1, 2], { ...endless, signal: left.signal }))) {
        if (seen.push(...step.map(({ tokenId }) => tokenId)) === 3) left.abort(new Error('gone'));
      }
    })();
    const other = collect(generator.generate(request(model, [3, 4], endless)));
    const waits = generator.generate(request(model, [5], { ...endless, signal: left.signal }))[Symbol.asyncIterator]();
    await expect(waits.next()).rejects.toThrow('gone');
    await expect(aborted).rejects.toThrow('gone');
    expect(seen).toHaveLength(3);
    expect(texts(await other, 1)).toEqual((await generate(model, [[3, 4]], endless))[0]);
    await generator.drained();
    expect([generator.runningRows, generator.waitingRows]).toEqual([0, 0]);
  });

  test('leaving the loop ends the text', async () => {
    const generator = new ContinuousGenerator(model);
    let count = 0;
    for await (const _ of generator.generate(request(model, [1], { ...endless, maxNewTokens: 80 })))
      if (++count === 2) break;
    const start = performance.now();
    await generator.drained();
    expect(generator.runningRows).toBe(0);
    expect(performance.now() - start).toBeLessThan(60_000);
  });

  test('stops ends a text where it says, and rows beyond the limit wait for their turn', async () => {
    const generator = new ContinuousGenerator(model, { maxRows: 2 });
    const calls = [1, 2, 3, 4, 5].map((token) => {
      let count = 0;
      return collect(generator.generate({ ...request(model, [token], endless), stops: () => ++count === token }));
    });
    expect(generator.runningRows + generator.waitingRows).toBe(5);
    const found = await Promise.all(calls);
    expect(found.map(({ length }) => length)).toEqual([1, 2, 3, 4, 5]);
    expect(found.map((tokens) => tokens.at(-1)?.finishReason)).toEqual(new Array(5).fill('stop'));
  });

  test("log-probabilities are the model's, whatever the options make of its scores", async () => {
    const generator = new ContinuousGenerator(model);
    const options = { ...endless, maxNewTokens: 4, doSample: true, topK: 2, temperature: 3, seed: 1 };
    const asked = { ...request(model, [1, 2, 3], options), topLength: sizes.vocabSize };
    const tokens = await collect(generator.generate(asked));
    expect(tokens).toHaveLength(4);
    for (const { tokenId, scores } of tokens) {
      const top = scores?.top ?? [];
      expect(top.reduce((sum, { logprob }) => sum + Math.exp(logprob), 0)).toBeCloseTo(1, 5);
      expect(top.map(({ logprob }) => logprob)).toEqual(top.map(({ logprob }) => logprob).toSorted((a, b) => b - a));
      expect(top.slice(0, 2).map((each) => each.tokenId)).toContain(tokenId);
      expect(top.find((each) => each.tokenId === tokenId)?.logprob).toBe(scores?.logprob);
    }
    const few = await collect(generator.generate({ ...asked, topLength: 2 }));
    expect(few.map(({ scores }) => scores?.top)).toEqual(tokens.map(({ scores }) => scores?.top.slice(0, 2)));
  });

  test('calls of generate share the batch of a model that has one', async () => {
    const shared = new TinyCausal(sizes, 3);
    const generator = new ContinuousGenerator(shared);
    shareBatch(shared, generator);
    const options = [endless, { ...endless, doSample: true, numReturnSequences: 3, seed: 4 }];
    const prompts = [[1, 2, 3], [4], [5, 6]];
    const calls = options.map((each) => generate(shared, prompts, each));
    expect(generator.runningRows + generator.waitingRows).toBe(12);
    expect(await Promise.all(calls)).toEqual(await Promise.all(options.map((each) => generate(model, prompts, each))));
    await shared.dispose();
  });

  test('what fails fails alone', async () => {
    const generator = new ContinuousGenerator(model);
    const failing = {
      ...request(model, [1], endless),
      stops: () => {
        throw new Error('no tokenizer');
      },
    };
    const beside = collect(generator.generate(request(model, [1], endless)));
    await expect(collect(generator.generate(failing))).rejects.toThrow('no tokenizer');
    expect(texts(await beside, 1)).toEqual((await generate(model, [[1]], endless))[0]);
  });

  test('an engine that fails ends the texts that run and wait, and no call hangs', async () => {
    const broken = new TinyCausal(sizes, 3);
    const generator = new ContinuousGenerator(broken, { maxRows: 1 });
    const calls = [1, 2].map((token) => collect(generator.generate(request(broken, [token], endless))));
    const settled = Promise.allSettled(calls);
    await broken.dispose();
    expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await generator.drained();
  });
});
