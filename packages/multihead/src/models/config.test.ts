import { describe, expect, test } from 'vitest';
import { bertConfig } from './bert-config.js';
import { parseConfig } from './config.js';

describe('config.json', () => {
  test('what is left out has Hugging Face’s defaults', () => {
    expect(parseConfig({}, 'c')).toMatchObject({
      ...{ vocabSize: 30522, hiddenSize: 768, numHiddenLayers: 12, numAttentionHeads: 12, intermediateSize: 3072 },
      ...{
        hiddenAct: 'gelu',
        hiddenDropoutProb: 0.1,
        maxPositionEmbeddings: 512,
        typeVocabSize: 2,
        layerNormEps: 1e-12,
      },
      ...{ id2label: ['LABEL_0', 'LABEL_1'], numLabels: 2, problemType: null, padTokenId: 0, classifierDropout: null },
    });
  });

  test('what is written is what was read, settings that are not known included', () => {
    const json = {
      ...{
        model_type: 'bert',
        hidden_size: 64,
        num_attention_heads: 4,
        hidden_act: 'gelu_new',
        torch_dtype: 'float32',
      },
      ...{ id2label: { 0: 'no', 1: 'yes', 2: 'perhaps' }, label2id: { no: 0, yes: 1, perhaps: 2 }, custom: { a: [1] } },
      problem_type: 'multi_label_classification',
    };
    const config = parseConfig(json, 'c');
    expect(bertConfig.toJson(config)).toMatchObject(json);
    expect(parseConfig(bertConfig.toJson(config), 'c')).toEqual(config);
  });

  test.each<[string, unknown, RegExp]>([
    ['no object', [], /c: holds no JSON object/],
    ['another model', { model_type: 'gpt2' }, /model_type is "gpt2"; "bert" was expected/],
    [
      'heads that do not divide',
      { hidden_size: 100, num_attention_heads: 12 },
      /hidden_size 100 cannot be split into num_attention_heads 12/,
    ],
    ['a size that is no number', { vocab_size: '30522' }, /vocab_size is "30522"; expected a whole number above 0/],
    ['more layers than can be', { num_hidden_layers: 1e9 }, /num_hidden_layers is 1000000000; .* from 1 to 1000/],
    ['a rate above 1', { hidden_dropout_prob: 1.5 }, /hidden_dropout_prob is 1.5; expected a rate/],
    ['an unknown activation', { hidden_act: 'swish' }, /hidden_act is "swish"; expected one of gelu, gelu_new/],
    [
      'relative positions',
      { position_embedding_type: 'relative_key' },
      /position_embedding_type is "relative_key"; expected "absolute"/,
    ],
    ['labels with a gap', { id2label: { 0: 'a', 2: 'b' } }, /id2label must name the labels 0, 1, 2/],
    ['padding that is no token', { pad_token_id: 'x' }, /pad_token_id is "x"; expected a token number/],
  ])('%s', (_, json, message) => {
    expect(() => parseConfig(json, 'c')).toThrow(message);
  });
});
