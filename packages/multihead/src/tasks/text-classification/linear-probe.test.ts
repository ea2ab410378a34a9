/** @file Linear probes of every family's classifier, of the first token and of means. */
import { describe, expect, test } from 'vitest';
import type { TensorValue } from '../../engine/engine.js';
import {
  AutoModel,
  AutoModelForSequenceClassification,
  AutoTokenizer,
  type ClassificationExample,
  classificationTask,
  evaluateExamples,
  linearProbe,
} from '../../index.js';
import type { EncoderConfig } from '../../models/encoder/encoder-config.js';
import type { SequenceClassificationModel } from '../../models/encoder/encoder-heads.js';
import { allModels, smallConfig } from '../../testing/small-models.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';
import { toyConfig, toyFolder, toyRows } from '../../testing/toy.js';
import { fitLogisticRegression } from '../../vectors/logistic-regression/logistic-regression.js';

const tokenizer = await AutoTokenizer.fromPretrained(toyFolder());
const examples: ClassificationExample[] = toyRows(16);
const id2label = ['disliked', 'liked'];

/** A small classifier of a family, with the toy vocabulary. */
function classifier(modelType: string, classifierPooling: 'cls' | 'mean'): SequenceClassificationModel {
  const config = {
    ...smallConfig(modelType),
    vocabSize: toyConfig.vocab_size,
    id2label,
    numLabels: 2,
    classifierPooling,
  };
  return AutoModelForSequenceClassification.fromConfig(config, { seed: 4 });
}
const families = allModels.filter(([, head]) => head === 'SequenceClassification').map(([modelType]) => modelType);

/** The means of rows of token vectors [rows, length, size], without padding. */
function meansOf({ data, shape }: TensorValue, mask: TensorValue): number[][] {
  const [rows, length, size] = shape as [number, number, number];
  return Array.from({ length: rows }, (_, row) => {
    const tokens = Array.from({ length }, (_, t) => row * length + t).filter((at) => Number(mask.data[at]) === 1);
    const sum = (i: number) => tokens.reduce((sum, at) => sum + Number(data[at * size + i]), 0);
    return Array.from({ length: size }, (_, i) => sum(i) / tokens.length);
  });
}

describe.each(families)('%s', (modelType) => {
  test.each(['cls', 'mean'] as const)(
    'a probe of %s lowers the loss, and changes the last layer alone',
    async (pooling) => {
      const model = classifier(modelType, pooling);
      const task = classificationTask(model.config, { tokenizer, maxLength: 16 });
      const { data, places } = await model.weights.read();
      const before = data.slice();
      const { metrics: unfitted } = await evaluateExamples(model, task, examples);
      await linearProbe(model, task, examples);
      const { data: after } = await model.weights.read();
      const changed = places.filter(({ offset, length }) =>
        before.subarray(offset, offset + length).some((value, i) => value !== after[offset + i]),
      );
      const { weight, bias } = model.lastLayer;
      expect(changed.map(({ name }) => name).sort()).toEqual([bias?.name, weight.name].sort());
      const { metrics: fitted } = await evaluateExamples(model, task, examples);
      expect(fitted.log_loss).toBeLessThan(unfitted.log_loss as number);
      await model.dispose();
    },
  );

  test('a classifier of means scores the mean of the last hidden states, and is saved as such', async () => {
    const model = classifier(modelType, 'mean');
    const folder = temporaryFolder();
    await model.savePretrained(folder);
    const loaded = await AutoModelForSequenceClassification.fromPretrained(folder);
    const encoder = await AutoModel.fromPretrained(folder);
    expect((loaded.config as EncoderConfig).classifierPooling).toBe('mean');
    expect(loaded.loadingReport).toMatchObject({ newlyInitialized: [], unexpected: [] });
    const texts = examples.slice(0, 3).map(({ text }) => text);
    const batch = await tokenizer(texts);
    const { logits } = await loaded.predict(batch);
    const { lastHiddenState } = await encoder.predict(batch);
    const size = lastHiddenState.shape[2] as number;
    const { weight, bias } = loaded.lastLayer;
    const { data, places } = await loaded.weights.read();
    const valuesOf = (name = '') => {
      const { offset, length } = places.find((place) => place.name === name) as (typeof places)[number];
      return data.subarray(offset, offset + length);
    };
    for (const [row, mean] of meansOf(lastHiddenState, batch.attentionMask).entries()) {
      for (const label of [0, 1]) {
        const score = mean.reduce((sum, x, i) => sum + x * (valuesOf(weight.name)[label * size + i] as number), 0);
        expect(logits.data[row * 2 + label]).toBeCloseTo(score + (valuesOf(bias?.name)[label] as number), 5);
      }
    }
    await Promise.all([model, loaded, encoder].map((each) => each.dispose()));
  });
});

test('a probe is fitted to features of length 1, and reads them as they are', async () => {
  const model = classifier('bert', 'mean');
  const folder = temporaryFolder();
  await model.savePretrained(folder);
  const task = classificationTask(model.config, { tokenizer, maxLength: 16 });
  await linearProbe(model, task, examples, { inverseStrength: 7 });
  const encoder = await AutoModel.fromPretrained(folder);
  const batch = await tokenizer(examples.map(({ text }) => text));
  const { lastHiddenState } = await encoder.predict(batch);
  const features = meansOf(lastHiddenState, batch.attentionMask);
  const lengths = features.map((row) => Math.hypot(...row));
  const meanLength = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  const unit = features.flatMap((row, i) => row.map((value) => value / (lengths[i] as number)));
  const { coefficients, intercepts } = await fitLogisticRegression(
    { dtype: 'float32', data: Float32Array.from(unit), shape: [features.length, model.config.hiddenSize] },
    examples.map(({ label }) => id2label.indexOf(String(label))),
    { inverseStrength: 7 },
  );
  const { data, places } = await model.weights.read();
  const { weight, bias } = model.lastLayer;
  const valuesOf = (name = '') => {
    const { offset, length } = places.find((place) => place.name === name) as (typeof places)[number];
    return [...data.subarray(offset, offset + length)];
  };
  for (const [i, value] of valuesOf(weight.name).entries()) {
    expect(value * meanLength).toBeCloseTo(coefficients[i] as number, 3);
  }
  for (const [i, value] of valuesOf(bias?.name).entries()) expect(value).toBeCloseTo(intercepts[i] as number, 3);
  await Promise.all([model.dispose(), encoder.dispose()]);
});
