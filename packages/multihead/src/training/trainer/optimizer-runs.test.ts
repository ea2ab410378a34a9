/** @file Whole runs with each optimizer: resumed, frozen, with groups; and with one from outside of the library. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { builtInOptimizers } from '../../engine/optimizers/registry.js';
import { SafetensorsFile } from '../../exports/models.js';
import { optimizerNames, registerOptimizer } from '../../exports/training.js';
import {
  AutoTokenizer,
  BertConfig,
  BertForSequenceClassification,
  TextClassification,
  Trainer,
  type TrainingOptions,
} from '../../index.js';
import { toyConfig, toyFolder, toyRows } from '../../testing/toy.js';

const labels = ['disliked', 'liked'];
const config = { ...BertConfig.fromJson(toyConfig, 'toy'), id2label: labels };
const examples = toyRows(32);
const settings = { epochs: 2, batchSize: 4, learningRate: 1e-3, warmupRatio: 0.1, weightDecay: 0.01, saveSteps: 5 };
const signSgd = new URL('../../testing/sign-sgd.js', import.meta.url);
const newOutput = () => join(toyFolder(), 'run');

interface Run extends Partial<TrainingOptions> {
  readonly output?: string;
  readonly resume?: boolean;
  readonly stopAfter?: number;
}

/** Trains a new model with dropout; gives its weights at the end, and the losses. */
async function run({ stopAfter, ...given }: Run) {
  const model = BertForSequenceClassification.fromConfig(config, { seed: 1 });
  const tokenizer = await AutoTokenizer.fromPretrained(toyFolder());
  const losses: number[] = [];
  const trainer = new Trainer({
    model,
    tokenizer,
    task: new TextClassification({ tokenizer, labels }),
    train: examples,
    ...settings,
    ...given,
    onEvent: (event) => {
      if (event.type !== 'step') return;
      losses.push(event.loss);
      if (event.step === stopAfter) throw new Error('stopped here');
    },
  });
  try {
    await trainer.train();
    return { weights: (await model.weights.read()).data, losses };
  } finally {
    await model.dispose();
  }
}

beforeAll(() => registerOptimizer(signSgd));

describe.each([...builtInOptimizers.map(({ name }) => name), 'sign-sgd'])('%s', (optim) => {
  test('a run that was stopped and resumed ends with the same bits', async () => {
    const whole = await run({ optim, output: newOutput() });
    const output = newOutput();
    await expect(run({ optim, output, stopAfter: 7 })).rejects.toThrow('stopped here');
    const resumed = await run({ optim, output, resume: true });
    expect(resumed.losses).toHaveLength(whole.losses.length - 5);
    expect(resumed.weights).toEqual(whole.weights);
    const fresh = BertForSequenceClassification.fromConfig(config, { seed: 1 });
    expect(resumed.weights).not.toEqual((await fresh.weights.read()).data);
    await fresh.dispose();
  });

  test('with frozen layers: its checkpoint holds the state of what learns, under its names', async () => {
    const output = newOutput();
    await expect(run({ optim, output, freeze: 1, stopAfter: 6 })).rejects.toThrow('stopped here');
    const file = await SafetensorsFile.open(join(output, 'checkpoint-5', 'optimizer.safetensors'));
    expect(file.metadata).toMatchObject({ optimizer: optim, steps: '5' });
    expect(file.names.filter((name) => /embeddings|layer\.0\./.test(name))).toEqual([]);
    const states = new Set(file.names.map((name) => name.slice(name.lastIndexOf('.') + 1)));
    const ofHead = file.names.filter((name) => name.startsWith('classifier.'));
    for (const state of states)
      expect(
        ofHead.some((name) => name.endsWith(`.${state}`)),
        state,
      ).toBe(true);
  });

  test('with gradual unfreezing and layer-wise rates it resumes to the same bits', async () => {
    const groups = { optim, gradualUnfreezingSteps: 3, layerwiseLrDecay: 0.7, maxSteps: 12 };
    const whole = await run({ ...groups, output: newOutput() });
    const output = newOutput();
    await expect(run({ ...groups, output, stopAfter: 6 })).rejects.toThrow('stopped here');
    expect((await run({ ...groups, output, resume: true })).weights).toEqual(whole.weights);
  });
});

test('a run cannot be resumed with another optimizer, nor with other settings of it', async () => {
  const output = newOutput();
  await expect(run({ optim: 'sign-sgd', output, stopAfter: 7 })).rejects.toThrow('stopped here');
  await expect(run({ optim: 'adamw', output, resume: true })).rejects.toThrow(
    'checkpoint-5: the run began with optim = "sign-sgd", now it is "adamw"',
  );
  const other = { optim: 'sign-sgd', optimArgs: { momentum: 0.8 } };
  await expect(run({ ...other, output, resume: true })).rejects.toThrow('optimArgs = {}, now it is {"momentum":0.8}');
  writeFileSync(join(output, 'checkpoint-5', 'optimizer.safetensors'), '');
  await expect(run({ optim: 'sign-sgd', output, resume: true })).rejects.toThrow('optimizer.safetensors');
});

describe('an optimizer from outside', () => {
  test('is named beside the others; registering it again changes nothing', async () => {
    expect(await registerOptimizer(signSgd.href)).toBe('sign-sgd');
    expect(optimizerNames()).toEqual([...builtInOptimizers.map(({ name }) => name), 'sign-sgd']);
    await expect(run({ optim: 'sign-sdg' })).rejects.toThrow(
      /optim is sign-sdg; it must be one of adamw.*mean sign-sgd/,
    );
    await expect(run({ optim: 'sign-sgd', optimArgs: { momentum: 1 } })).rejects.toThrow(
      'optimArgs: momentum is 1; it must be a number from 0 to below 1',
    );
  });

  test('that is none, or not there, is refused by its address', async () => {
    await expect(registerOptimizer(new URL('missing.js', signSgd))).rejects.toThrow(
      /missing\.js: could not be imported/,
    );
    const folder = toyFolder();
    const module = (text: string, name: string) => {
      writeFileSync(join(folder, name), text);
      return pathToFileURL(join(folder, name));
    };
    await expect(registerOptimizer(module('export default {};', 'none.mjs'))).rejects.toThrow(
      'none.mjs: its default export is no optimizer',
    );
    const taken = module('export default { name: "adamw_torch", settings: {}, create() {} };', 'taken.mjs');
    await expect(registerOptimizer(taken)).rejects.toThrow('there is an optimizer named adamw_torch already');
  });
});
