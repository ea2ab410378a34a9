/** @file Padding that is skipped in training: the same loss and gradients as with it, for each head that reads tokens alone. */
import { describe, expect, test } from 'vitest';
import { EncoderModel, modelInputs } from '../../exports/models.js';
import { Dropout, Padding } from '../../exports/nn.js';
import { gradient, type Tensor, tensor, type Values } from '../../exports/tensor.js';
import {
  AutoTokenizer,
  BertConfig,
  BertForPreTraining,
  BertForSequenceClassification,
  BertForTokenClassification,
  BertModel,
  type PretrainedModel,
} from '../../index.js';
import { vectorsGraph } from '../../models/sentences/sentence-vectors.js';
import { input } from '../../tensor/factories.js';
import { range } from '../../tensor/operators/sources.js';
import { product } from '../../tensor/shape.js';
import { allModels, autoModelOf, smallConfig } from '../../testing/small-models.js';
import { toyConfig, toyFolder } from '../../testing/toy.js';
import { traceTraining } from '../training-mode.js';

const tokenizer = await AutoTokenizer.fromPretrained(toyFolder());
const json = { ...toyConfig, hidden_dropout_prob: 0, attention_probs_dropout_prob: 0, initializer_range: 0.3 };
const config = BertConfig.fromJson(json, 'toy');
const byMeans = BertConfig.fromJson({ ...json, classifier_pooling: 'mean' }, 'toy');
const texts = ['film', 'the film is very very good', '', 'a poor book , was it not ?'];

/** A scalar in which each row of a tensor counts otherwise. */
function weighed(x: Tensor): Tensor {
  const leading = x.shape.slice(0, -1);
  const places = range([], { size: product(leading) }).cast('float32');
  return x
    .add(places.reshape([...leading, 1]))
    .tanh()
    .mul(x)
    .sum();
}
const vectors = (pooling: 'mean' | 'max' | 'cls' | 'lasttoken' | 'pooler') => (model: PretrainedModel) =>
  weighed(vectorsGraph(model as BertModel, modelInputs(), { pooling, normalize: true }));
const positions = input('positions', 'int64', ['positions']);

const cases: Record<string, [PretrainedModel, (model: never) => Tensor]> = {
  'vectors of means': [BertModel.fromConfig(config), vectors('mean')],
  'vectors of the largest': [BertModel.fromConfig(config), vectors('max')],
  'vectors of first tokens': [BertModel.fromConfig(config), vectors('cls')],
  'vectors of last tokens': [BertModel.fromConfig(config), vectors('lasttoken')],
  "the pooler's vectors": [BertModel.fromConfig(config), vectors('pooler')],
  'vectors of two columns of texts': [
    BertModel.fromConfig(config),
    (model: BertModel) => {
      const [one, other] = ['', '_1'].map((suffix) =>
        vectorsGraph(model, modelInputs(suffix), { pooling: 'mean', normalize: true }),
      ) as [Tensor, Tensor];
      return weighed(one.matmul(other.transpose(0, 1)));
    },
  ],
  'a classifier of [CLS]': [
    BertForSequenceClassification.fromConfig(config),
    (model: BertForSequenceClassification) => weighed(model.forward(modelInputs()).scores.logits as Tensor),
  ],
  'a classifier of means': [
    BertForSequenceClassification.fromConfig(byMeans),
    (model: BertForSequenceClassification) => weighed(model.forward(modelInputs()).scores.logits as Tensor),
  ],
  'a classifier of tokens': [
    BertForTokenClassification.fromConfig(config),
    (model: BertForTokenClassification) => {
      const { scores } = model.forward(modelInputs());
      const isToken = modelInputs().attentionMask.cast('float32').unsqueeze(2);
      return weighed((scores.logits as Tensor).mul(isToken));
    },
  ],
  'tokens at some positions, and pairs': [
    BertForPreTraining.fromConfig(config),
    (model: BertForPreTraining) => {
      const { predictions, seqRelationship } = model.forwardMaskedPairs(modelInputs(), positions);
      return weighed(predictions).add(weighed(seqRelationship));
    },
  ],
};

/** The loss and the gradients of all parameters that it depends on, as a graph of training (padding skipped) or of inference has them. */
async function gradientsOf(model: PretrainedModel, build: () => Tensor, batch: Values): Promise<Map<string, number[]>> {
  const loss = build();
  const parameters = [...model.weights.parameters];
  const gradients = gradient(
    loss,
    parameters.map(([, parameter]) => parameter),
  );
  const outputs = Object.fromEntries(gradients.map((each, i) => [`gradient ${parameters[i]?.[0]}`, each]));
  const results = await model.weights.run(`${Math.random()}`, () => ({ loss, ...outputs }), batch);
  return new Map(Object.entries(results).map(([name, { data }]) => [name, Array.from(data as Float32Array)]));
}

const encoders = allModels.flatMap(([family, head]): (typeof cases)[string][] => {
  const model = autoModelOf(head).fromConfig(smallConfig(family));
  if (!(model instanceof EncoderModel)) return [];
  model.replaceModules(
    (module) => module instanceof Dropout,
    () => new Dropout(0),
  );
  return [[model, vectors('mean')]];
});

async function batchOf(some: readonly string[], suffix = ''): Promise<Values> {
  const { inputIds, attentionMask, tokenTypeIds } = await tokenizer(some);
  const named = { input_ids: inputIds, attention_mask: attentionMask, token_type_ids: tokenTypeIds };
  return Object.fromEntries(Object.entries(named).map(([name, value]) => [name + suffix, value])) as never;
}

describe('skipped padding changes neither loss nor gradients', () => {
  test('of all families of encoders', () => expect(encoders.length).toBeGreaterThan(4));

  test.each([
    ...Object.entries(cases),
    ...encoders.map((each) => [`vectors of ${each[0].constructor.name}`, each] as const),
  ])('%s', async (_, [model, build]) => {
    const places = { dtype: 'int64' as const, shape: [3], data: BigInt64Array.of(1n, 12n, 33n) };
    const given = { ...(await batchOf(texts)), ...(await batchOf([...texts].reverse(), '_1')), positions: places };
    const plain = await gradientsOf(model, () => build(model as never), given);
    const skipped = await gradientsOf(model, () => traceTraining(() => build(model as never)).result, given);
    for (const [name, expected] of plain) {
      const largest = Math.max(...expected.map(Math.abs), 1e-3);
      const found = skipped.get(name) as number[];
      const difference = Math.max(...expected.map((value, i) => Math.abs(value - (found[i] as number))));
      expect(difference / largest, name).toBeLessThan(1e-5);
    }
    await model.dispose();
  });
});

test('rows of tokens go back to their places, zeros at padding; in inference nothing is skipped', async () => {
  const mask = tensor(
    [
      [1, 1, 0],
      [0, 0, 0],
      [1, 0, 1],
    ],
    { dtype: 'int64' },
  );
  const x = tensor(
    Float32Array.from({ length: 18 }, (_, i) => i + 1),
    { shape: [3, 3, 2] },
  );
  const { rows, all } = traceTraining(() => {
    const padding = new Padding(mask, { skip: true });
    return { rows: padding.unpad(x), all: padding.pad(padding.unpad(x)) };
  }).result;
  expect([...(await rows.data())]).toEqual([1, 2, 3, 4, 13, 14, 17, 18]);
  expect([...(await all.data())]).toEqual([1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0, 13, 14, 0, 0, 17, 18]);
  expect(traceTraining(() => new Padding(mask, { skip: false }).unpad(x)).result).toBe(x);
  expect(new Padding(mask, { skip: true }).unpad(x)).toBe(x);
});
