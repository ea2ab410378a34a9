/** @file Few-shot classification: its pairs, what is trained and what is fitted. */
import { describe, expect, test } from 'vitest';
import type { TensorValue } from '../../engine/engine.js';
import {
  AutoTokenizer,
  BertConfig,
  BertForSequenceClassification,
  type ClassificationExample,
  classificationTask,
  evaluateExamples,
  FewShotClassification,
  linearProbe,
  Trainer,
  type TrainingEvent,
  taskNamed,
} from '../../index.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';
import { toyConfig, toyFolder, toyRows } from '../../testing/toy.js';

const tokenizer = await AutoTokenizer.fromPretrained(toyFolder());
const labels = ['disliked', 'liked'];
const config = { ...BertConfig.fromJson(toyConfig, 'toy'), id2label: labels, classifierPooling: 'mean' as const };
const newModel = () => BertForSequenceClassification.fromConfig(config, { seed: 1 });
const train: ClassificationExample[] = toyRows(12);
const evaluation: ClassificationExample[] = toyRows(30).slice(12);
const settings = { epochs: 2, batchSize: 4, learningRate: 1e-3, seed: 3 };

describe('pairs', () => {
  const task = new FewShotClassification({ tokenizer, labels, maxLength: 16, pairsPerText: 3 });

  test('each text is paired with others of its label, each of them once before any twice', async () => {
    const texts = (await task.encode(train)).map(([feature]) => feature);
    const encoded = await task.encodeTraining(train);
    for (const [i, pairs] of encoded.entries()) {
      expect(pairs).toHaveLength(3);
      const partners = pairs.map(({ texts: [first, second], target }) => {
        expect(first).toMatchObject({ inputIds: texts[i]?.inputIds });
        expect(target).toEqual(texts[i]?.target);
        return JSON.stringify(second?.inputIds);
      });
      expect(new Set(partners).size).toBe(3);
      const ofLabel = texts.filter((text, j) => j !== i && text?.target?.[0] === texts[i]?.target?.[0]);
      const allowed = new Set(ofLabel.map((text) => JSON.stringify(text?.inputIds)));
      for (const partner of partners) expect(allowed).toContain(partner);
    }
  });

  test('another seed of the training draws other pairs', async () => {
    const { create } = taskNamed('text-classification');
    const facts = (seed?: number) => ({ labels: { names: labels }, labelCounts: new Map(), seed });
    const drawn = async (seed?: number) => {
      const context = { config, tokenizer, maxLength: 16, options: { fewShot: true }, facts: facts(seed) };
      return JSON.stringify(await (create(context) as FewShotClassification).encodeTraining(train));
    };
    expect(await drawn(7)).toBe(await drawn(7));
    expect(await drawn(7)).not.toBe(await drawn(8));
    expect(await drawn()).toBe(await drawn(42));
  });

  test('a text alone of its label is paired with itself', async () => {
    const [, [pair] = []] = await task.encodeTraining([
      { text: 'the film is good', label: 'liked' },
      { text: 'the book is bad', label: 'disliked' },
    ]);
    expect(pair?.texts[1]?.inputIds).toEqual(pair?.texts[0]?.inputIds);
  });

  test('a batch has both texts of each pair, with the label of the pair', async () => {
    const features = (await task.encodeTraining(train)).flat().slice(0, 5);
    const {
      input_ids: ids,
      attention_mask: mask,
      labels: targets,
    } = task.collate(features) as Record<string, TensorValue>;
    const longest = ids?.shape[1] as number;
    const rows = Array.from({ length: 10 }, (_, row) => {
      const isToken = (_: unknown, at: number) => Number(mask?.data[row * longest + at]) === 1;
      const own = Array.from(ids?.data.slice(row * longest, (row + 1) * longest) ?? [], Number);
      return { inputIds: own.filter(isToken), label: Number(targets?.data[row]) };
    });
    expect(rows).toEqual(
      features.flatMap(({ texts, target: [label] }) => texts.map(({ inputIds }) => ({ inputIds, label }))),
    );
  });
});

describe('training', () => {
  test('draws labels apart; the last layer is a probe of the vectors, before evaluations and at the end', async () => {
    const model = newModel();
    const task = new FewShotClassification({ tokenizer, labels, maxLength: 16 });
    const output = temporaryFolder();
    const events: TrainingEvent[] = [];
    const onEvent = (event: TrainingEvent) => events.push(event);
    await new Trainer({ model, task, train, evaluation, output, overwrite: true, onEvent, ...settings }).train();
    const losses = events.flatMap((event) => (event.type === 'step' ? [event.loss] : []));
    expect(losses).toHaveLength((2 * 12 * 5) / 4);
    expect(losses.at(-1)).toBeLessThan(losses[0] as number);
    const accuracies = events.flatMap((event) => (event.type === 'evaluation' ? [event.metrics.accuracy] : []));
    expect(accuracies).toHaveLength(2);
    expect(accuracies[1]).toBeGreaterThan(0.9);

    const saved = await BertForSequenceClassification.fromPretrained(output);
    const valuesOf = async () => (await saved.weights.read()).data.slice();
    const before = await valuesOf();
    await linearProbe(saved, task, train);
    for (const [i, value] of (await valuesOf()).entries()) expect(before[i]).toBeCloseTo(value, 4);
    await Promise.all([model.dispose(), saved.dispose()]);
  });

  test('goes on where it was interrupted, to the same weights', async () => {
    const run = async (output: string, more: { resume?: boolean; stopAt?: number }) => {
      const model = newModel();
      const task = new FewShotClassification({ tokenizer, labels, maxLength: 16 });
      const trainer = new Trainer({
        model,
        task,
        train,
        evaluation,
        output,
        resume: more.resume ?? false,
        overwrite: more.resume !== true,
        onEvent: (event, control) => {
          if (event.type === 'step' && event.step === more.stopAt) control.interrupt();
        },
        ...settings,
      });
      await trainer.train().catch((error: Error) => expect(error.message).toMatch('interrupted'));
      const { data } = await model.weights.read();
      await model.dispose();
      return data;
    };
    const whole = await run(temporaryFolder(), {});
    const output = temporaryFolder();
    await run(output, { stopAt: 20 });
    expect(await run(output, { resume: true })).toEqual(whole);
  });
});

describe('a probe before training', () => {
  test('with no epochs it is all; with epochs they begin there', async () => {
    const task = classificationTask(config, { tokenizer, maxLength: 16, linearProbe: true });
    const output = temporaryFolder();
    const model = newModel();
    const { steps } = await new Trainer({ model, task, train, evaluation, output, overwrite: true, epochs: 0 }).train();
    expect(steps).toBe(0);
    const probed = newModel();
    await linearProbe(probed, task, train);
    const saved = await BertForSequenceClassification.fromPretrained(output);
    const { data: expected } = await probed.weights.read();
    expect((await saved.weights.read()).data).toEqual(expected);
    const expectedLoss = (await evaluateExamples(probed, task, train)).metrics.log_loss;

    const begun = newModel();
    const losses: number[] = [];
    const onEvent = (event: TrainingEvent) => {
      if (event.type === 'step') losses.push(event.loss);
    };
    await new Trainer({ model: begun, task, train, onEvent, epochs: 1, batchSize: 12 }).train();
    expect(losses[0]).toBeCloseTo(expectedLoss as number, 1);
    await Promise.all([model, probed, saved, begun].map((each) => each.dispose()));
  });

  test('no epochs and nothing to fit is refused', () => {
    const task = classificationTask(config, { tokenizer });
    expect(() => new Trainer({ model: newModel(), task, train, epochs: 0 })).toThrow('epochs is 0');
  });
});

describe('refused', () => {
  const model = (change: object) => BertForSequenceClassification.fromConfig({ ...config, ...change });

  test('models of several labels a text, or of numbers', async () => {
    const several = model({ problemType: 'multi_label_classification' });
    const task = classificationTask(several.config, { tokenizer });
    await expect(linearProbe(several, task, train)).rejects.toThrow('the model is one of multi_label_classification');
    const numbers = model({ id2label: ['LABEL_0'], numLabels: 1, problemType: 'regression' });
    const regression = classificationTask(numbers.config, { tokenizer });
    await expect(linearProbe(numbers, regression, [{ text: 'good', label: 1 }])).rejects.toThrow('with 1 label');
  });

  test.each([
    ['pairsPerText', 0],
    ['temperature', 0],
  ])('%s %d', (name, value) => {
    expect(() => new FewShotClassification({ tokenizer, labels, [name]: value })).toThrow(name);
  });

  test('values, and several labels a text', () => {
    for (const problemType of ['regression', 'multi_label_classification'] as const)
      expect(() => new FewShotClassification({ tokenizer, labels, problemType })).toThrow('needs one label per text');
  });

  test('texts without labels', async () => {
    const task = new FewShotClassification({ tokenizer, labels });
    await expect(task.encodeTraining([{ text: 'good' }])).rejects.toThrow('no label');
  });
});
