import { describe, expect, test } from 'vitest';
import { UserError } from '../../platform/errors.js';
import { AutoModelForMaskedLM } from '../auto-model.js';
import { BertConfig } from '../bert/config.js';
import { BertForMaskedLM } from '../bert/heads.js';
import { DistilBertConfig } from '../distilbert/config.js';
import { GPT2Config } from '../gpt2/config.js';
import { LlamaConfig } from '../llama/config.js';
import { families } from '../registry.js';

describe('config.json', () => {
  test('what is left out has Hugging Face’s defaults', () => {
    expect(BertConfig.fromJson({}, 'c')).toMatchObject({
      vocabSize: 30522,
      hiddenSize: 768,
      numHiddenLayers: 12,
      numAttentionHeads: 12,
      intermediateSize: 3072,
      hiddenAct: 'gelu',
      hiddenDropoutProb: 0.1,
      maxPositionEmbeddings: 512,
      typeVocabSize: 2,
      layerNormEps: 1e-12,
      id2label: ['LABEL_0', 'LABEL_1'],
      numLabels: 2,
      problemType: null,
      padTokenId: 0,
      classifierDropout: null,
    });
  });

  test('what is written is what was read, settings that are not known included', () => {
    const json = {
      model_type: 'bert',
      hidden_size: 64,
      num_attention_heads: 4,
      hidden_act: 'gelu_new',
      torch_dtype: 'float32',
      id2label: { 0: 'no', 1: 'yes', 2: 'perhaps' },
      label2id: { no: 0, yes: 1, perhaps: 2 },
      custom: { a: [1] },
      problem_type: 'multi_label_classification',
    };
    const config = BertConfig.fromJson(json, 'c');
    expect(BertConfig.toJson(config)).toMatchObject(json);
    expect(BertConfig.fromJson(BertConfig.toJson(config), 'c')).toEqual(config);
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
    expect(() => BertConfig.fromJson(json, 'c')).toThrow(message);
  });
});

describe('configurations from code', () => {
  const classes = families().map(({ architecture }) => [architecture.config.name, architecture.config] as const);

  test.each(classes)('new %s() has the defaults that config.json has', (name, Config) => {
    const config = new Config();
    expect(config).toBeInstanceOf(Config);
    expect(config).toEqual(Config.fromJson({}, 'c'));
    expect(Config.name).toBe(name);
    expect(Config.fromJson(Config.toJson(config))).toEqual(config);
  });

  test.each(classes)('%s: sizes are those that were asked for, also under their names in config.json', (_, Config) => {
    const sizes = {
      vocabSize: 11,
      hiddenSize: 24,
      numHiddenLayers: 2,
      numAttentionHeads: 4,
      maxPositionEmbeddings: 16,
    };
    const config = new Config(sizes);
    expect(config).toMatchObject(sizes);
    expect(Config.fromJson(Config.toJson(config))).toEqual(config);
    const changed = Config.replace(config, { hiddenSize: 48 });
    expect(changed).toBeInstanceOf(Config);
    expect(changed).toEqual(new Config({ ...sizes, hiddenSize: 48 }));
  });

  test('settings of a family’s own, lists and objects too', () => {
    const ropeScaling = { type: 'linear', factor: 2 } as const;
    expect(new LlamaConfig({ ropeScaling, numKeyValueHeads: 8, headDim: 64 })).toMatchObject({
      ropeScaling,
      numKeyValueHeads: 8,
      headDim: 64,
      ropeTheta: 10000,
    });
    expect(new GPT2Config({ nInner: 12, eosTokenId: [1, 2], bosTokenId: null })).toMatchObject({
      nInner: 12,
      eosTokenId: [1, 2],
      bosTokenId: null,
    });
    expect(new BertConfig({ id2label: ['a', 'b', 'c'] })).toMatchObject({ numLabels: 3, id2label: ['a', 'b', 'c'] });
    expect(new BertConfig({ numLabels: 1 }).id2label).toEqual(['LABEL_0']);
    expect(new DistilBertConfig({ hiddenDropoutProb: 0, hiddenAct: 'relu' })).toMatchObject({ hiddenAct: 'relu' });
    expect(BertConfig.toJson(new BertConfig({ others: { custom: 1 } }))).toMatchObject({ custom: 1 });
  });

  test('a configuration is data: a copy of its properties makes an equal one', () => {
    const config = new GPT2Config({ hiddenSize: 24, numAttentionHeads: 3 });
    expect(new GPT2Config({ ...config })).toEqual(config);
    expect(JSON.parse(JSON.stringify(config))).toEqual({ ...config });
  });

  test.each<[string, () => unknown, string]>([
    ['n_embd', () => new GPT2Config({ n_embd: 8 } as object), 'GPT2Config: there is no option "n_embd"'],
    ['nEmbd', () => new GPT2Config({ nEmbd: 8 } as object), 'Did you mean hiddenSize?'],
    ['dim', () => new DistilBertConfig({ hiddenDim: 8 } as object), 'Did you mean intermediateSize?'],
    ['hidden_size', () => new BertConfig({ hidden_size: 8 } as object), 'Did you mean hiddenSize?'],
    ['hidenSize', () => new BertConfig({ hidenSize: 8 } as object), 'Did you mean hiddenSize?'],
    [
      'mystery',
      () => new BertConfig({ mystery: 8 } as object),
      'BertConfig: there is no option "mystery"; there are: architectures',
    ],
    [
      'a size',
      () => new GPT2Config({ hiddenSize: -1 }),
      'GPT2Config: hiddenSize is -1; expected a whole number above 0',
    ],
    ['no number', () => new BertConfig({ hiddenSize: Number.NaN }), 'hiddenSize is NaN; expected a whole number'],
    [
      'heads',
      () => new GPT2Config({ hiddenSize: 10, numAttentionHeads: 4 }),
      'GPT2Config: hiddenSize 10 cannot be split into numAttentionHeads 4 equal heads',
    ],
    [
      'key heads',
      () => new LlamaConfig({ numKeyValueHeads: 5 }),
      'numAttentionHeads 32 cannot be shared out among numKeyValueHeads 5',
    ],
    [
      'scaling',
      () => new LlamaConfig({ ropeScaling: { type: 'linear', factor: 0 } }),
      'ropeScaling.factor is 0; expected',
    ],
    [
      'a token',
      () => new GPT2Config({ vocabSize: 65, eosTokenId: 65 }),
      'eosTokenId is 65; expected a token of the vocabulary, whose vocabSize is 65',
    ],
    [
      'what follows',
      () => new GPT2Config({ headDim: 8 }),
      'headDim is 8; expected 64, which follows from other settings',
    ],
    ['labels', () => new BertConfig({ numLabels: 3, id2label: ['a', 'b'] }), 'numLabels is 3; expected 2'],
    ['a count', () => new BertConfig({ numLabels: 0 }), 'numLabels is 0; expected a whole number from 1'],
    ['another family', () => new GPT2Config({ ...new BertConfig() } as object), 'GPT2Config: there is no option'],
    [
      'a replaced size',
      () => BertConfig.replace(new BertConfig(), { hiddenSize: 10 }),
      'config: hiddenSize 10 cannot be split',
    ],
    [
      'a replaced name',
      () => BertConfig.replace(new BertConfig(), { hiden: 1 } as object),
      'config: there is no option "hiden"',
    ],
  ])('%s: refused', (_, make, message) => {
    expect(make).toThrow(message);
    expect(make).toThrow(UserError);
  });
});

describe('models of random weights', () => {
  const config = new BertConfig({
    vocabSize: 9,
    hiddenSize: 8,
    numHiddenLayers: 1,
    numAttentionHeads: 2,
    intermediateSize: 8,
  });
  const wordsOf = (model: BertForMaskedLM) => model.weights.view('bert.embeddings.word_embeddings.weight');

  test('new and fromConfig make the same, of a seed', () => {
    const values = wordsOf(new BertForMaskedLM(config));
    expect(new Set(values).size).toBeGreaterThan(60); // one row is padding's, of zeros
    expect(wordsOf(BertForMaskedLM.fromConfig(config))).toEqual(values);
    expect(wordsOf(AutoModelForMaskedLM.fromConfig(config, { seed: 42 }) as BertForMaskedLM)).toEqual(values);
    expect(wordsOf(BertForMaskedLM.fromConfig(config, { seed: 1 }))).not.toEqual(values);
  });
});
