/** @file What holds of every training method in the registry, and so of each new one by its row; and what is LoRA's own. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SafetensorsFile } from '../../exports/models.js';
import { registerMethod, type TrainingMethod, trainingMethods, wholeModel } from '../../exports/training.js';
import {
  AutoTokenizer,
  BertConfig,
  BertForSequenceClassification,
  type ClassificationExample,
  TextClassification,
  Trainer,
  type TrainingEvent,
  type TrainingOptions,
} from '../../index.js';
import { largestDifference } from '../../testing/reference.js';
import { toyConfig, toyFolder, toyRows } from '../../testing/toy.js';

const labels = ['disliked', 'liked'];
const examples = toyRows(48).map((row, i): ClassificationExample => ({ ...row, line: i + 1 }));
const settings = { epochs: 2, batchSize: 4, learningRate: 5e-3, saveSteps: 4, weightDecay: 0.01 };

/** A base model's folder, with a tokenizer. */
const base = toyFolder();
const prepared = (async () => {
  const model = BertForSequenceClassification.fromConfig(
    { ...BertConfig.fromJson(toyConfig, 'toy'), id2label: labels },
    { seed: 1 },
  );
  await model.savePretrained(base);
  await model.dispose();
})();

// A method from outside, in the few lines that one takes.
registerMethod({
  name: 'biases',
  description: 'biases alone learn',
  prepare: async (model) => ({ trainable: (name) => name.endsWith('bias'), ...(await wholeModel(model)) }),
});

/** Settings with which each method leaves something frozen, where it can. */
const options: Readonly<Record<string, Partial<TrainingOptions>>> = {
  full: {},
  freeze: { freeze: 1 },
  lora: { methodArgs: { rank: 2, dropout: 0.1, useDora: true, bias: 'lora_only' } },
};

interface Run extends Partial<TrainingOptions> {
  readonly output: string;
  readonly resume?: boolean;
  readonly stopAfter?: number;
}

async function run({ stopAfter, ...given }: Run) {
  await prepared;
  const model = await BertForSequenceClassification.fromPretrained(base);
  const tokenizer = await AutoTokenizer.fromPretrained(base);
  const task = new TextClassification({ tokenizer, labels });
  const events: TrainingEvent[] = [];
  const trainer = new Trainer({
    model,
    tokenizer,
    task,
    train: examples,
    evaluation: examples.slice(0, 12),
    ...settings,
    ...given,
    onEvent: (event) => {
      if (events.push(event) === stopAfter) throw new Error('stopped here');
    },
  });
  try {
    await trainer.train();
    const batch = task.collate((await task.encode(examples.slice(0, 5))).flat());
    return {
      events,
      weights: (await model.weights.read()).data.slice(),
      places: model.weights.places,
      trainable: new Set([...model.weights.parameters].filter(([, { trainable }]) => trainable).map(([name]) => name)),
      batch,
      logits: (await model.predictValues(batch)).logits?.data as Float32Array,
    };
  } finally {
    await model.dispose();
  }
}

const newOutput = () => join(toyFolder(), 'run');
const filesOf = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder)
      .filter((name) => name.endsWith('.safetensors'))
      .map((name) => [name, readFileSync(join(folder, name)).toString('base64')]),
  );

describe.each(trainingMethods().map(({ name }) => name))('%s', (method) => {
  const of = { method, ...options[method] };

  test('what is frozen stays bit for bit and has no place in checkpoints; what is trainable learns', async () => {
    const output = newOutput();
    const { weights, places, trainable, events } = await run({ output, ...of, saveTotalLimit: 9 });
    const model = await BertForSequenceClassification.fromPretrained(base);
    const { data, places: before } = await model.weights.read();
    for (const { name, offset, length } of before) {
      const at = places.find((place) => place.name === name)?.offset as number;
      const change = largestDifference(weights.subarray(at, at + length), data.subarray(offset, offset + length));
      if (trainable.has(name)) expect(change, name).toBeGreaterThan(0);
      else expect(change, name).toBe(0);
    }
    await model.dispose();
    const checkpoints = readdirSync(output).filter((name) => name.startsWith('checkpoint-'));
    expect(checkpoints.length).toBeGreaterThan(1);
    for (const name of checkpoints) {
      const file = await SafetensorsFile.open(join(output, name, 'model.safetensors'));
      expect(new Set(file.names)).toEqual(trainable);
    }
    const count = places.filter(({ name }) => trainable.has(name)).reduce((sum, { length }) => sum + length, 0);
    expect(events[0]).toMatchObject({ type: 'start', trainableParameters: count });
  });

  test('a run that is stopped and resumed ends with the bits of an unbroken one', async () => {
    const [whole, output] = [newOutput(), newOutput()];
    const unbroken = await run({ output: whole, ...of });
    await expect(run({ output, ...of, stopAfter: 9 })).rejects.toThrow('stopped here');
    const resumed = await run({ output, ...of, resume: true });
    expect(resumed.events[0]).toMatchObject({ resumedAt: expect.any(Number) });
    expect((resumed.events[0] as { resumedAt: number }).resumedAt).toBeGreaterThan(0);
    expect(resumed.weights).toEqual(unbroken.weights);
    expect(filesOf(output)).toEqual(filesOf(whole));
    // With more epochs it continues from the saved model.
    const longer = await run({ output, ...of, epochs: 3, resume: true });
    expect(longer.events[0]).toMatchObject({ previousTotalSteps: 24, hasFreshOptimizer: true });
  });

  test('the saved model gives the outputs of the trained one', async () => {
    const output = newOutput();
    const { logits, batch } = await run({ output, ...of });
    const loaded = await BertForSequenceClassification.fromPretrained(output);
    expect(loaded.loadingReport).toMatchObject({ newlyInitialized: [], unexpected: [] });
    expect((await loaded.predictValues(batch)).logits?.data).toEqual(logits);
    await loaded.dispose();
  });
});

describe('options', () => {
  const given = async () => {
    await prepared;
    const model = await BertForSequenceClassification.fromPretrained(base);
    const tokenizer = await AutoTokenizer.fromPretrained(base);
    return { model, tokenizer, task: new TextClassification({ tokenizer, labels }), train: examples };
  };

  test('a method by its short form', async () => {
    const { options } = new Trainer({ ...(await given()), lora: { rank: 4 } });
    expect(options).toMatchObject({ method: 'lora', methodArgs: { rank: 4 } });
  });

  test.each([
    [{ method: 'lara' }, 'method is lara; it must be one of full, freeze, lora, biases. Did you mean lora?'],
    [{ lora: { rank: -1 } }, 'lora.rank is -1'],
    [{ lora: { r: 8 } }, 'lora: there is no option "r"'],
    [{ lora: {}, freeze: 1 }, 'method is lora, which freezes the model itself; leave freeze (1) out'],
    [{ lora: {}, method: 'full' }, 'method is full, but there are settings of lora'],
    [{ method: 'freeze' }, 'method is freeze; freeze must say what to freeze'],
    [{ methodArgs: { rank: 8 } }, 'methodArgs is {"rank":8}, but full has no settings'],
  ])('%o is refused before anything is done', async (options, message) => {
    const parts = await given();
    expect(() => new Trainer({ ...parts, ...(options as object) })).toThrow(message);
  });

  test('a model of random weights has no adapter, and the folder of the base model is not replaced', async () => {
    const parts = await given();
    const random = BertForSequenceClassification.fromConfig(parts.model.config, { seed: 1 });
    await expect(new Trainer({ ...parts, model: random, lora: {} }).train()).rejects.toThrow(
      'this one has random weights',
    );
    const trainer = new Trainer({ ...parts, lora: {}, output: base, overwrite: true });
    await expect(trainer.train()).rejects.toThrow('is the folder of the model that the adapter belongs to');
    await Promise.all([random.dispose(), parts.model.dispose()]);
  });

  test('an adapter continues training; its settings stay', async () => {
    const output = newOutput();
    await run({ output, ...settings, method: 'lora', methodArgs: { rank: 2 } });
    const parts = await given();
    const model = await BertForSequenceClassification.fromPretrained(output);
    await expect(new Trainer({ ...parts, model, lora: { rank: 3 } }).train()).rejects.toThrow('lora.rank is 3, but');
    const before = (await model.weights.read()).data.slice();
    await new Trainer({ ...parts, ...settings, model, lora: { rank: 2 }, epochs: 1 }).train();
    expect((await model.weights.read()).data).not.toEqual(before);
    // Full training takes what was learned into the weights.
    await new Trainer({ ...parts, ...settings, model, epochs: 1 }).train();
    expect(model.adapters.names).toEqual([]);
    await Promise.all([parts.model.dispose(), model.dispose()]);
  });

  test('a name that is taken is refused', () => {
    const [first] = trainingMethods() as [TrainingMethod];
    expect(() => registerMethod(first)).toThrow('there is a method "full" already');
  });
});
