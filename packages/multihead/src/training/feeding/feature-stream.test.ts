/** @file Training by a stream: the same as by a list where the buffer holds all, and the same bits after a stop. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  AutoTokenizer,
  BertConfig,
  BertForSequenceClassification,
  type ClassificationExample,
  type ExampleStream,
  TextClassification,
  Trainer,
  type TrainingEvent,
} from '../../index.js';
import { type Run, recordedRun } from '../../testing/recorded-run.js';
import { toyConfig, toyFolder, toyRows } from '../../testing/toy.js';
import { batchesFrom } from './batches.js';
import { streamFeatures } from './feature-stream.js';

const labels = ['disliked', 'liked'];
const config = { ...BertConfig.fromJson(toyConfig, 'toy'), id2label: labels };
const examples = toyRows(50).map((row, i): ClassificationExample => ({ ...row, line: i + 1 }));

function streamOf(list: readonly ClassificationExample[]): ExampleStream<ClassificationExample> {
  return {
    length: list.length,
    fingerprint: 'toy',
    sizeOf: ({ text }) => text.length,
    async *examples() {
      for (let at = 0; at < list.length; at += 7) yield list.slice(at, at + 7);
    },
  };
}

async function task(): Promise<TextClassification> {
  return new TextClassification({ tokenizer: await AutoTokenizer.fromPretrained(toyFolder()), labels });
}

const order = { batchSize: 4, seed: 1, epoch: 0, bucketing: true };

async function indices(first: number, options: Partial<typeof order> = {}): Promise<number[][]> {
  const source = streamFeatures(streamOf(examples), await task(), 10);
  const found: number[][] = [];
  for await (const batch of batchesFrom(source, { ...order, ...options }, first)) {
    expect(batch.features).toHaveLength(batch.indices.length);
    found.push([...batch.indices]);
  }
  return found;
}

test.each([true, false])(
  'an epoch has each example once; the last batch is the one that is not full (bucketing: %s)',
  async (bucketing) => {
    const batches = await indices(0, { bucketing });
    expect(batches.map(({ length }) => length)).toEqual([...Array.from({ length: 12 }, () => 4), 2]);
    expect(batches.flat().sort((a, b) => a - b)).toEqual(examples.map((_, i) => i));
    expect(await indices(0, { bucketing, epoch: 1 })).not.toEqual(batches);
    expect(await indices(0, { bucketing, seed: 2 })).not.toEqual(batches);
  },
);

test('what begins later has the batches of that place', async () => {
  const batches = await indices(0);
  for (const first of [1, 5, 12, 13]) expect(await indices(first)).toEqual(batches.slice(first));
});

test('tokenizes nothing before its place', async () => {
  const counting = { encoded: 0 };
  const inner = await task();
  const encode: TextClassification['encode'] = (list) => {
    counting.encoded += list.length;
    return inner.encode(list);
  };
  const source = streamFeatures(streamOf(examples), { encode }, 10);
  for await (const _ of batchesFrom(source, order, 10)) _;
  expect(counting.encoded).toBe(10);
});

test('files that change during training are noticed', async () => {
  const source = streamFeatures({ ...streamOf(examples.slice(1)), length: 50 }, await task(), 10);
  const read = async () => {
    for await (const _ of batchesFrom(source, order, 0)) _;
  };
  await expect(read()).rejects.toThrow('49 examples were read, where 50 were counted: the files changed');
});

async function run({ onEvent, ...given }: Run) {
  const model = BertForSequenceClassification.fromConfig(config, { seed: 1 });
  const tokenizer = await AutoTokenizer.fromPretrained(toyFolder());
  const parts = { model, tokenizer, task: await task(), train: streamOf(examples), evaluation: examples.slice(0, 8) };
  const settings = { epochs: 2, batchSize: 4, gradientAccumulationSteps: 2, learningRate: 2e-3, shuffleBufferSize: 10 };
  return recordedRun(model, (listen) => new Trainer({ ...parts, ...settings, ...given, onEvent: listen }), onEvent);
}

test('a run that stops within an epoch and goes on has the same bits; another buffer is refused', async () => {
  const whole = await run({ output: join(toyFolder(), 'run') });
  expect(whole.losses).toHaveLength(14);
  const output = join(toyFolder(), 'run');
  const stop = (event: TrainingEvent) => {
    if (event.type === 'step' && event.step === 10) throw new Error('stopped');
  };
  await expect(run({ output, saveSteps: 3, onEvent: stop })).rejects.toThrow('stopped');
  await expect(run({ output, saveSteps: 3, resume: true, shuffleBufferSize: 20 })).rejects.toThrow(
    'the run began with shuffleBufferSize = 10, now it is 20',
  );
  const resumed = await run({ output, saveSteps: 3, resume: true });
  expect(resumed.losses).toEqual(whole.losses.slice(9));
  expect(resumed.weights).toEqual(whole.weights);
}, 120_000);
