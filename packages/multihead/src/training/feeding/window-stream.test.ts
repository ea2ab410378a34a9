/** @file Windows of a stream's examples: each once an epoch, in full batches, and the same bits after a stop. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ExampleStream } from '../../data/streams/example-stream.js';
import {
  AutoTokenizer,
  BertConfig,
  BertForQuestionAnswering,
  QuestionAnswering,
  type QuestionAnsweringExample,
  Trainer,
  type TrainingEvent,
} from '../../index.js';
import { type Run, recordedRun } from '../../testing/recorded-run.js';
import { toyConfig, toyFolder } from '../../testing/toy.js';
import { batchesFrom } from './batches.js';
import { streamWindows } from './window-stream.js';

const words = ['good', 'bad', 'great', 'poor'];
const examples = Array.from({ length: 60 }, (_, i): QuestionAnsweringExample => {
  const word = words[i % 4] as string;
  const context = `the film is ${'very '.repeat((i * 7) % 23)}${word}`;
  return { id: `${i}`, question: 'the film is', context, answers: [{ text: word, start: context.indexOf(word) }] };
});

function streamOf(list: readonly QuestionAnsweringExample[]): ExampleStream<QuestionAnsweringExample> {
  return {
    length: list.length,
    fingerprint: 'toy',
    sizeOf: ({ context }) => context.length,
    async *examples() {
      for (let at = 0; at < list.length; at += 7) yield list.slice(at, at + 7);
    },
  };
}

const folder = toyFolder();
const task = async (): Promise<QuestionAnswering> =>
  new QuestionAnswering({ tokenizer: await AutoTokenizer.fromPretrained(folder), maxLength: 16, stride: 4 });

const order = { batchSize: 3, seed: 1, epoch: 0, bucketing: true };
const nameOf = (index: number, inputIds: readonly number[]) => `${index}: ${inputIds.join(' ')}`;

async function batches(first: number, options: Partial<typeof order> = {}): Promise<string[][]> {
  const source = await streamWindows(streamOf(examples), await task(), 10);
  const found: string[][] = [];
  for await (const { indices, features } of batchesFrom(source, { ...order, ...options }, first)) {
    expect(features).toHaveLength(indices.length);
    found.push(features.map(({ inputIds }, i) => nameOf(indices[i] as number, inputIds)));
  }
  return found;
}

test.each([true, false])(
  'an epoch has each window once, in full batches but for the last (bucketing: %s)',
  async (bucketing) => {
    const encoded = await (await task()).encode(examples);
    const all = encoded.flatMap((features, i) => features.map(({ inputIds }) => nameOf(i, inputIds)));
    expect(all.length).toBeGreaterThan(100);
    const found = await batches(0, { bucketing });
    expect(found.flat().sort()).toEqual([...all].sort());
    expect((await streamWindows(streamOf(examples), await task(), 10)).length).toBe(all.length);
    const lengths = found.map(({ length }) => length);
    expect(lengths.slice(0, -1).every((length) => length === 3)).toBe(true);
    expect(lengths).toHaveLength(Math.ceil(all.length / 3));
    expect(await batches(0, { bucketing, epoch: 1 })).not.toEqual(found);
    expect(await batches(0, { bucketing, seed: 2 })).not.toEqual(found);
  },
);

test('stretches leave nothing behind: more examples than one stretch has', async () => {
  const found = await batches(0, { batchSize: 1 }); // stretches of 50 examples
  expect(found.flat().sort()).toEqual((await batches(0, { batchSize: 7 })).flat().sort());
});

test('what begins later has the batches of that place', async () => {
  const all = await batches(0);
  for (const first of [1, 5, all.length - 1, all.length]) expect(await batches(first)).toEqual(all.slice(first));
});

test('files that change during training are noticed', async () => {
  let times = 0;
  const changing = { ...streamOf(examples), examples: () => streamOf(examples.slice(times++)).examples() };
  const source = await streamWindows(changing, await task(), 10);
  const read = async () => {
    for await (const _ of batchesFrom(source, order, 0)) _;
  };
  await expect(read()).rejects.toThrow(/\d+ features were read, where \d+ were counted: the files changed/);
});

test('the mark tells other windows', async () => {
  const tokenizer = await AutoTokenizer.fromPretrained(folder);
  const markOf = async (stride: number) =>
    (
      await streamWindows(streamOf(examples), new QuestionAnswering({ tokenizer, maxLength: 16, stride }), 10)
    ).fingerprint();
  expect(await markOf(4)).toBe(await markOf(4));
  expect(await markOf(3)).not.toBe(await markOf(4));
});

async function run({ onEvent, ...given }: Run) {
  const model = BertForQuestionAnswering.fromConfig(BertConfig.fromJson(toyConfig, 'toy'), { seed: 1 });
  const tokenizer = await AutoTokenizer.fromPretrained(folder);
  const data = { train: streamOf(examples.slice(0, 24)), evaluation: examples.slice(24, 32) };
  const parts = { model, tokenizer, task: await task(), ...data };
  const settings = { epochs: 2, batchSize: 8, learningRate: 2e-3, shuffleBufferSize: 10 };
  return recordedRun(model, (listen) => new Trainer({ ...parts, ...settings, ...given, onEvent: listen }), onEvent);
}

test('a run that stops within an epoch and goes on has the same bits', async () => {
  const whole = await run({ output: join(toyFolder(), 'run') });
  const output = join(toyFolder(), 'run');
  const stop = (event: TrainingEvent) => {
    if (event.type === 'step' && event.step === 5) throw new Error('stopped');
  };
  await expect(run({ output, saveSteps: 2, onEvent: stop })).rejects.toThrow('stopped');
  const resumed = await run({ output, saveSteps: 2, resume: true });
  expect(resumed.losses).toEqual(whole.losses.slice(4));
  expect(resumed.losses.length).toBeGreaterThan(4);
  expect(resumed.weights).toEqual(whole.weights);
}, 120_000);
