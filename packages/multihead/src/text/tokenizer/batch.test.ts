/** @file `tokenizer(texts)` gives a batch that `model.predict` takes, as in Transformers. */
import { beforeAll, describe, expect, expectTypeOf, test } from 'vitest';
import type { FloatTensor } from '../../exports/models.js';
import {
  AutoTokenizer,
  BertConfig,
  BertForMaskedLM,
  BertForPreTraining,
  BertForQuestionAnswering,
  BertForSequenceClassification,
  BertModel,
  GPT2Config,
  GPT2LMHeadModel,
  type Tokenizer,
  UserError,
} from '../../index.js';
import { toyConfig, toyFolder } from '../../testing/toy.js';

const config = BertConfig.fromJson(toyConfig);
const numbers = ({ data }: { readonly data: BigInt64Array }) => [...data].map(Number);

let tokenizer: Tokenizer;
beforeAll(async () => {
  tokenizer = await AutoTokenizer.fromPretrained(toyFolder());
});

describe('tokenizer(texts)', () => {
  test('pads to the longest text: the numbers of encodeBatch', async () => {
    const texts = ['good', 'good bad good'];
    const encodings = await tokenizer.encodeBatch(texts);
    const { inputIds, attentionMask, tokenTypeIds } = await tokenizer(texts);
    expect(inputIds).toMatchObject({ dtype: 'int64', shape: [2, 5] });
    const [short = [], long = []] = encodings.map((encoding) => encoding.inputIds);
    expect(numbers(inputIds)).toEqual([...short, tokenizer.padId, tokenizer.padId, ...long]);
    expect(numbers(attentionMask)).toEqual([1, 1, 1, 0, 0, 1, 1, 1, 1, 1]);
    expect(numbers(tokenTypeIds)).toEqual(new Array(10).fill(0));
  });

  test('one text, pairs in two forms, and special tokens left out', async () => {
    expect((await tokenizer('good')).inputIds.shape).toEqual([1, 3]);
    const pairs = await tokenizer(['good', 'bad'], { textPair: ['bad', 'good'] });
    const same = [
      ['good', 'bad'],
      ['bad', 'good'],
    ] as const;
    expect(pairs).toEqual(await tokenizer(same));
    expect(numbers(pairs.tokenTypeIds)).toEqual([0, 0, 0, 1, 1, 0, 0, 0, 1, 1]);
    expect((await tokenizer('good bad', { addSpecialTokens: false })).inputIds.shape).toEqual([1, 2]);
  });

  test('cuts and pads to a length', async () => {
    const texts = ['good', 'good bad good bad'];
    expect((await tokenizer(texts, { maxLength: 4 })).inputIds.shape).toEqual([2, 4]);
    expect((await tokenizer(texts, { maxLength: 4, truncation: false })).inputIds.shape).toEqual([2, 6]);
    expect((await tokenizer(texts, { maxLength: 9, padding: 'max_length' })).inputIds.shape).toEqual([2, 9]);
    const pair = await tokenizer('good', { textPair: 'bad bad bad', truncation: 'only_second', maxLength: 5 });
    expect(pair.inputIds.shape).toEqual([1, 5]);
  });

  test.each<[string, () => Promise<unknown>, string]>([
    ['different lengths unpadded', () => tokenizer(['good', 'good bad'], { padding: false }), 'padding: true'],
    ['no texts', () => tokenizer([]), 'there are no texts'],
    ['too few pairs', () => tokenizer(['a', 'b'], { textPair: 'c' }), 'textPair has 1 texts; expected 2'],
    ['Python’s name', () => tokenizer('a', { max_length: 3 } as object), 'Did you mean maxLength?'],
  ])('%s: refused', async (_, call, message) => {
    await expect(call()).rejects.toThrow(message);
    await expect(call()).rejects.toThrow(UserError);
  });
});

describe('model.predict(batch)', () => {
  test('gives typed scores by Hugging Face’s names in camelCase', async () => {
    const batch = await tokenizer(['good', 'good bad']);
    const classifier = new BertForSequenceClassification(config);
    const { logits } = await classifier.predict(batch);
    expectTypeOf(logits).toEqualTypeOf<FloatTensor>();
    expect(logits.shape).toEqual([2, 2]);
    const { startLogits, endLogits } = await new BertForQuestionAnswering(config).predict(batch);
    expect([startLogits.shape, endLogits.shape]).toEqual([
      [2, 4],
      [2, 4],
    ]);
    const { lastHiddenState, poolerOutput } = await new BertModel(config).predict(batch);
    expect([lastHiddenState.shape, poolerOutput?.shape]).toEqual([
      [2, 4, config.hiddenSize],
      [2, config.hiddenSize],
    ]);
    const { predictionLogits, seqRelationshipLogits } = await new BertForPreTraining(config).predict(batch);
    expect([predictionLogits.shape, seqRelationshipLogits.shape]).toEqual([
      [2, 4, config.vocabSize],
      [2, 2],
    ]);
    const sizes = { vocabSize: config.vocabSize, hiddenSize: 8, numHiddenLayers: 1, numAttentionHeads: 2 };
    const gpt = new GPT2LMHeadModel(new GPT2Config({ ...sizes, maxPositionEmbeddings: 8 }));
    expect((await gpt.predict(batch)).logits.shape).toEqual([2, 4, config.vocabSize]);
  });

  test('gives attentions and hidden states as lists, where they are asked for', async () => {
    const model = new BertForMaskedLM(config);
    const batch = await tokenizer('good');
    expect(await model.predict(batch)).toMatchObject({ attentions: [], hiddenStates: [] });
    const all = await model.predict(batch, { outputAttentions: true, outputHiddenStates: true });
    expect(all.attentions.map(({ shape }) => shape)).toEqual(
      new Array(config.numHiddenLayers).fill([1, config.numAttentionHeads, 3, 3]),
    );
    expect(all.hiddenStates.map(({ shape }) => shape)).toEqual(
      new Array(config.numHiddenLayers + 1).fill([1, 3, config.hiddenSize]),
    );
  });

  test('takes rows of numbers; the mask is ones and types are zeros where they are left out', async () => {
    const model = new BertForMaskedLM(config);
    const batch = await tokenizer('good bad');
    const { logits } = await model.predict({ inputIds: [numbers(batch.inputIds)] });
    expect(logits).toEqual((await model.predict(batch)).logits);
  });

  test.each<[string, object, string]>([
    ['ONNX’s names', { input_ids: [[1]] }, 'there is no option "input_ids"; there are: inputIds'],
    ['no tokens', {}, 'the batch has no inputIds'],
    ['rows of different lengths', { inputIds: [[1], [1, 2]] }, 'inputIds must be rows of whole numbers'],
    [
      'a mask of another shape',
      { inputIds: [[1, 2]], attentionMask: [[1]] },
      'attentionMask is [1, 1]; expected [1, 2]',
    ],
    ['floats', { inputIds: { dtype: 'float32', shape: [1, 1], data: new Float32Array(1) } }, 'expected int64'],
    ['a token that the model lacks', { inputIds: [[99999]] }, 'token number 99999'],
  ])('%s: refused', async (_, batch, message) => {
    await expect(new BertForMaskedLM(config).predict(batch as never)).rejects.toThrow(message);
  });
});
