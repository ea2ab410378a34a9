/** @file Corpora as features, and runs of the Trainer on them: steps, evaluations, the model that is kept. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scheduleFactor } from '../../exports/training.js';
import {
  AutoTokenizer,
  CausalLanguageModeling,
  corpusEvaluator,
  corpusSource,
  evaluateLanguageModel,
  GPT2Config,
  GPT2LMHeadModel,
  listSource,
  MaskedLanguageModeling,
  sourceEvaluator,
  type Tokenizer,
  Trainer,
  type TrainingEvent,
  type TrainingOptions,
  tokensInMemory,
  UserError,
} from '../../index.js';
import { toyFolder } from '../../testing/toy.js';
import type { Evaluator } from '../trainer/trainer-inputs.js';

let tokenizer: Tokenizer;
beforeAll(async () => {
  tokenizer = await AutoTokenizer.fromPretrained(toyFolder());
});

const settings = { model_type: 'gpt2', vocab_size: 19, n_embd: 16, n_layer: 1, n_head: 2, n_positions: 16 };
const config = GPT2Config.fromJson(settings, 'toy');
const task = new CausalLanguageModeling();

/** Documents whose tokens tell their places: 0, 1, 2, ... */
function numbered(lengths: readonly number[]) {
  let next = 0;
  return tokensInMemory(lengths.map((length) => Array.from({ length }, () => next++)));
}
const upTo = (length: number) => Array.from({ length }, (_, i) => i);

describe('packed blocks of a corpus', () => {
  test('are as many in every epoch, each cut elsewhere, and leave out less than a block at either end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 2, max: 400 }), async (blockSize, tokens) => {
        fc.pre(tokens > blockSize);
        const source = corpusSource(numbered([tokens]), task, { blockSize });
        const starts = new Set<number>();
        for (const epoch of [0, 1, 2]) {
          const features = await source.read(upTo(source.length), epoch);
          const ids = features.flatMap(({ inputIds }) => [...inputIds]);
          expect(ids).toEqual(upTo(ids.length).map((i) => (ids[0] as number) + i));
          expect(features.every(({ inputIds }) => inputIds.length === blockSize + 1)).toBe(true);
          expect(ids[0]).toBeLessThan(blockSize + 1);
          starts.add(ids[0] as number);
        }
        // A text of less than two blocks is always the same one; a block of few tokens has few places to begin.
        if (tokens < 2 * (blockSize + 1)) expect(starts.size).toBe(1);
        else expect(starts.size).toBeGreaterThan(1);
        expect(source.lengthOf(0, 1)).toBe(blockSize);
      }),
    );
  });

  test('begin elsewhere in each of many epochs, and in the same place whenever an epoch is asked for', async () => {
    const source = corpusSource(numbered([5000]), task, { blockSize: 63 });
    const startOf = async (epoch: number) => (await source.read([0], epoch))[0]?.inputIds[0];
    const starts = await Promise.all(upTo(20).map(startOf));
    expect(new Set(starts).size).toBe(20);
    expect(await startOf(7)).toBe(starts[7]);
    expect(source.fingerprint()).toBe(corpusSource(numbered([5000]), task, { blockSize: 63 }).fingerprint());
  });

  test('have a separator behind each document; masked blocks stand between [CLS] and [SEP]', async () => {
    const masked = new MaskedLanguageModeling({ tokenizer });
    const source = corpusSource(tokensInMemory([[5, 6], [7], [8, 9]]), masked, { blockSize: 7, separatorId: 3 });
    expect(source.length).toBe(1);
    expect((await source.read([0], 0))[0]?.inputIds).toEqual([2, 5, 6, 3, 7, 3, 3]);
  });
});

test('line by line, a document is a block in every epoch, and a long one several', async () => {
  const source = corpusSource(numbered([3, 1, 8]), task, { blockSize: 4, lineByLine: true });
  const blocks = async (epoch: number) => (await source.read(upTo(source.length), epoch)).map((f) => f.inputIds);
  expect(await blocks(0)).toEqual([[0, 1, 2], [3], [4, 5, 6, 7, 8], [9, 10, 11]]);
  expect(await blocks(5)).toEqual(await blocks(0));
});

test.each([0, 2, 2.5, Number.NaN])('a block of %d tokens has no room for text', (blockSize) => {
  const masked = new MaskedLanguageModeling({ tokenizer });
  expect(() => corpusSource(numbered([50]), masked, { blockSize })).toThrow(
    new UserError(`blockSize is ${blockSize}; it leaves no room for text`),
  );
});

test('a corpus shorter than a block is refused', () => {
  expect(() => corpusSource(numbered([4]), task, { blockSize: 8 })).toThrow('4 tokens make no block of 9');
});

describe('an evaluation on a corpus', () => {
  const model = GPT2LMHeadModel.fromConfig(config);
  const tokens = tokensInMemory(upTo(60).map((i) => upTo(5).map((j) => 5 + ((i * j) % 14))));
  afterAll(() => model.dispose());

  test('takes so many blocks evenly from the whole, and always the same', async () => {
    const read: number[][] = [];
    const source = corpusSource(tokens, task, { blockSize: 9 });
    const watched = {
      ...source,
      read: (indices: readonly number[], epoch: number) => {
        read.push([...indices, epoch]);
        return source.read(indices, epoch);
      },
    };
    const evaluator = sourceEvaluator(model, task, watched, { maxBlocks: 4 });
    const first = await evaluator.evaluate();
    expect(await evaluator.evaluate()).toEqual(first);
    expect(source.length).toBe(29);
    expect(read).toEqual([[0, 7, 14, 21, 0]]);
    const blocks = await source.read([0, 7, 14, 21], 0);
    expect(first.metrics).toEqual((await evaluateLanguageModel(model, task, blocks)).metrics);
    expect(evaluator.fingerprint()).not.toBe(sourceEvaluator(model, task, source).fingerprint());
  });

  test('takes all where there are fewer', async () => {
    const { report } = await corpusEvaluator(model, task, tokens, { blockSize: 9, batchSize: 7 }).evaluate();
    expect(report).toContain(`guesses     ${29 * 9}`);
  });
});

/** An evaluator whose losses are given in advance. */
const scripted = (losses: readonly number[]): Evaluator => {
  const left = [...losses];
  return {
    evaluate: async () => ({
      metrics: { loss: left.shift() as number },
      mainMetric: 'loss',
      greaterIsBetter: false,
      report: '',
    }),
    fingerprint: () => 'scripted',
  };
};

/** Trains on ten blocks, by fours: three steps an epoch. */
async function run(options: Partial<TrainingOptions> & { evaluation?: Evaluator; output?: string }) {
  const model = GPT2LMHeadModel.fromConfig(config);
  const features = upTo(10).map((i) => task.feature(upTo(4 + (i % 3)).map((j) => 5 + ((i + j) % 14))));
  const events: TrainingEvent[] = [];
  const given = { model, task, tokenizer, train: listSource(features), batchSize: 4, learningRate: 1e-2 };
  const trainer = new Trainer({ ...given, ...options, onEvent: (event) => events.push(event) });
  const result = await trainer.train();
  const { data } = await model.weights.read();
  await model.dispose();
  const of = <Type extends TrainingEvent['type']>(type: Type) =>
    events.filter((event): event is Extract<TrainingEvent, { type: Type }> => event.type === type);
  return { result, of, weights: data.slice() };
}

describe('a run of so many steps', () => {
  test.each([
    [2, 1, 'in the middle of the first epoch'],
    [3, 1, 'at the end of an epoch'],
    [7, 3, 'in the middle of the third epoch'],
  ])('%d: ends there (%3$s)', async (maxSteps, epochs) => {
    const { result, of } = await run({ maxSteps, epochs: 1, evaluation: scripted([3, 2, 1]) });
    expect(of('step').map(({ step }) => step)).toEqual(upTo(maxSteps).map((i) => i + 1));
    expect(of('start')[0]).toMatchObject({ features: 10, totalSteps: maxSteps, epochs, resumedAt: 0 });
    for (const { step, epoch, totalSteps, batches } of of('step')) {
      expect({ totalSteps, batches: batches.length }).toEqual({ totalSteps: maxSteps, batches: 1 });
      expect(epoch).toBeCloseTo(step / 3, 12);
    }
    expect(result.steps).toBe(maxSteps);
    expect(of('end')[0]?.steps).toBe(maxSteps);
  });

  test('each epoch has every feature once; tokens are told without padding', async () => {
    const { of } = await run({ maxSteps: 6 });
    const lengths = upTo(10).map((i) => 4 + (i % 3));
    for (const epoch of [0, 1]) {
      const steps = of('step').slice(3 * epoch, 3 * epoch + 3);
      expect(steps.flatMap(({ batches }) => batches.flat()).sort((a, b) => a - b)).toEqual(upTo(10));
      expect(steps.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(lengths.reduce((a, b) => a + b));
    }
  });

  test('the rate falls to the end of those steps, not of the epochs', async () => {
    const { of } = await run({ maxSteps: 5, epochs: 40, warmupSteps: 2, lrSchedulerType: 'cosine' });
    const point = { warmupSteps: 2, totalSteps: 5 };
    expect(of('step').map(({ learningRate }) => learningRate)).toEqual(
      upTo(5).map((step) => expect.closeTo(1e-2 * scheduleFactor('cosine', { step, ...point }), 12)),
    );
  });

  test('as many steps as some epochs have make the same model as those epochs', async () => {
    const bySteps = await run({ maxSteps: 6 });
    const byEpochs = await run({ epochs: 2 });
    expect(bySteps.weights).toEqual(byEpochs.weights);
    expect(bySteps.result.loss).toBe(byEpochs.result.loss);
    const last = byEpochs.of('step').slice(3);
    expect(byEpochs.result.loss).toBeCloseTo(last.reduce((sum, { loss }) => sum + loss, 0) / 3, 12);
  });
});

describe('evaluations on the way', () => {
  test('come every so many steps and at the end, not at the ends of epochs', async () => {
    const { of } = await run({ maxSteps: 8, evalSteps: 2, evaluation: scripted([4, 3, 2, 1]) });
    expect(of('evaluation').map(({ step }) => step)).toEqual([2, 4, 6, 8]);
    expect(of('evaluation').map(({ epoch }) => epoch)).toEqual([2, 4, 6, 8].map((s) => expect.closeTo(s / 3, 12)));
  });

  test('come once at the end where the steps do not go up', async () => {
    const { of } = await run({ maxSteps: 5, evalSteps: 4, evaluation: scripted([2, 1]) });
    expect(of('evaluation').map(({ step }) => step)).toEqual([4, 5]);
  });

  test('the least loss is the best; of equals the later; that model is kept, in the folder and in hand', async () => {
    const output = join(toyFolder(), 'run');
    const losses = [2, 1.5, 1.7, 1.5, 1.9];
    const { of, result, weights } = await run({ maxSteps: 5, evalSteps: 1, evaluation: scripted(losses), output });
    expect(of('evaluation').map(({ best }) => best)).toEqual([true, true, false, true, false]);
    expect(result.best).toBe(1.5);
    const saved = await GPT2LMHeadModel.fromPretrained(output);
    expect((await saved.weights.read()).data).toEqual(weights);
    expect(JSON.parse(readFileSync(join(output, 'eval_results.json'), 'utf8'))).toEqual({
      loss: 1.5,
      main_metric: 'loss',
    });
    const last = await run({ maxSteps: 5, evalSteps: 1, evaluation: scripted([5, 4, 3, 2, 1]), output: `${output}-2` });
    expect(last.weights).not.toEqual(weights);
  });
});

test('a batch with nothing to guess does not end a run, nor move the model', async () => {
  const model = GPT2LMHeadModel.fromConfig(config);
  const before = (await model.weights.read()).data.slice();
  const losses: number[] = [];
  const onEvent = (event: TrainingEvent) => event.type === 'step' && losses.push(event.loss, event.gradientNorm);
  const train = listSource([task.feature([7])]);
  await new Trainer({ model, task, tokenizer, train, epochs: 2, batchSize: 1, onEvent }).train();
  expect(losses).toEqual([0, 0, 0, 0]);
  expect((await model.weights.read()).data).toEqual(before);
  await model.dispose();
});
