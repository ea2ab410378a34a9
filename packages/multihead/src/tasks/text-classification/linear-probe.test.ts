/** @file Linear probes of every family's classifier, of the first token and of means. */
import { describe, expect, test } from 'vitest';
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
    const [rows, length, size] = lastHiddenState.shape as [number, number, number];
    const { weight, bias } = loaded.lastLayer;
    const { data, places } = await loaded.weights.read();
    const valuesOf = (name = '') => {
      const { offset, length } = places.find((place) => place.name === name) as (typeof places)[number];
      return data.subarray(offset, offset + length);
    };
    for (let row = 0; row < rows; row++) {
      const tokens = Array.from({ length }, (_, t) => t).filter(
        (t) => Number(batch.attentionMask.data[row * length + t]) === 1,
      );
      const mean = Array.from({ length: size }, (_, i) => {
        const at = (t: number) => Number(lastHiddenState.data[(row * length + t) * size + i]);
        return tokens.reduce((sum, t) => sum + at(t), 0) / tokens.length;
      });
      for (const label of [0, 1]) {
        const score = mean.reduce((sum, x, i) => sum + x * (valuesOf(weight.name)[label * size + i] as number), 0);
        expect(logits.data[row * 2 + label]).toBeCloseTo(score + (valuesOf(bias?.name)[label] as number), 5);
      }
    }
    await Promise.all([model, loaded, encoder].map((each) => each.dispose()));
  });
});
