import { describe, expect, test } from 'vitest';
import { GPT2Config } from '../gpt2/config.js';
import { LlamaConfig } from '../llama/config.js';

describe('GPT-2’s config.json', () => {
  test('what is left out has Hugging Face’s defaults', () => {
    expect(GPT2Config.fromJson({}, 'c')).toMatchObject({
      modelType: 'gpt2',
      vocabSize: 50257,
      hiddenSize: 768,
      numHiddenLayers: 12,
      numAttentionHeads: 12,
      headDim: 64,
      numKeyValueHeads: 12,
      maxPositionEmbeddings: 1024,
      nInner: null,
      activationFunction: 'gelu_new',
      residPdrop: 0.1,
      embdPdrop: 0.1,
      attnPdrop: 0.1,
      layerNormEpsilon: 1e-5,
      scaleAttnWeights: true,
      scaleAttnByInverseLayerIdx: false,
      tieWordEmbeddings: true,
      bosTokenId: 50256,
      eosTokenId: 50256,
      padTokenId: null,
    });
  });

  test('what is written is what was read, settings that are not known included', () => {
    const json = {
      model_type: 'gpt2',
      n_embd: 24,
      n_head: 3,
      n_layer: 1,
      n_positions: 16,
      vocab_size: 10,
      n_inner: 20,
      activation_function: 'gelu',
      resid_pdrop: 0,
      eos_token_id: [1, 2],
      bos_token_id: null,
      n_ctx: 1024,
      scale_attn_weights: false,
      scale_attn_by_inverse_layer_idx: true,
      tie_word_embeddings: false,
    };
    const config = GPT2Config.fromJson(json, 'c');
    expect(GPT2Config.toJson(config)).toMatchObject(json);
    expect(GPT2Config.fromJson(GPT2Config.toJson(config), 'c')).toEqual(config);
  });

  test('special tokens by default that a small vocabulary lacks are none', () => {
    expect(GPT2Config.fromJson({ vocab_size: 65 }, 'c')).toMatchObject({ bosTokenId: null, eosTokenId: null });
  });

  test.each<[string, unknown, RegExp]>([
    ['another model', { model_type: 'llama' }, /c: model_type is "llama"; "gpt2" was expected/],
    ['heads that do not divide', { n_embd: 10, n_head: 4 }, /n_embd 10 cannot be split into n_head 4 equal heads/],
    ['cross-attention', { add_cross_attention: true }, /add_cross_attention is true; expected false/],
    ['an end token that is none', { eos_token_id: [1, 'x'] }, /eos_token_id is \[1,"x"\]; expected a token number/],
    ['two beginning tokens', { bos_token_id: [1, 2] }, /bos_token_id is \[1,2\]; expected one token number/],
    ['a flag that is none', { tie_word_embeddings: 'yes' }, /tie_word_embeddings is "yes"; expected true or false/],
    ['an inner size that is none', { n_inner: -1 }, /n_inner is -1; expected a whole number above 0, or null/],
  ])('%s', (_, json, message) => {
    expect(() => GPT2Config.fromJson(json, 'c')).toThrow(message);
  });
});

describe('Llama’s config.json', () => {
  test('what is left out has Hugging Face’s defaults', () => {
    expect(LlamaConfig.fromJson({}, 'c')).toMatchObject({
      modelType: 'llama',
      vocabSize: 32000,
      hiddenSize: 4096,
      intermediateSize: 11008,
      numHiddenLayers: 32,
      numAttentionHeads: 32,
      numKeyValueHeads: 32,
      headDim: 128,
      maxPositionEmbeddings: 2048,
      hiddenAct: 'silu',
      rmsNormEps: 1e-6,
      ropeTheta: 10000,
      ropeScaling: null,
      attentionBias: false,
      mlpBias: false,
      bosTokenId: 1,
      eosTokenId: 2,
      padTokenId: null,
      tieWordEmbeddings: false,
    });
  });

  const scaling = {
    rope_type: 'llama3',
    factor: 8,
    low_freq_factor: 1,
    high_freq_factor: 4,
    original_max_position_embeddings: 8192,
  };

  test('rotary positions in the spelling of Transformers 4 and of 5 are the same', () => {
    const older = LlamaConfig.fromJson({ rope_theta: 5e5, rope_scaling: scaling }, 'c');
    const newer = LlamaConfig.fromJson({ rope_parameters: { rope_theta: 5e5, ...scaling } }, 'c');
    expect(older).toEqual(newer);
    expect(older).toMatchObject({
      ropeTheta: 5e5,
      ropeScaling: { type: 'llama3', originalMaxPositionEmbeddings: 8192 },
    });
    expect(LlamaConfig.toJson(older)).toMatchObject({
      rope_theta: 5e5,
      rope_scaling: scaling,
      rope_parameters: { rope_theta: 5e5, ...scaling },
    });
    expect(LlamaConfig.fromJson({ rope_scaling: { type: 'linear', factor: 2 } }, 'c').ropeScaling).toEqual({
      type: 'linear',
      factor: 2,
    });
  });

  test('what is written is what was read', () => {
    const json = {
      model_type: 'llama',
      hidden_size: 24,
      num_attention_heads: 4,
      num_key_value_heads: 2,
      head_dim: 8,
      attention_bias: true,
      mlp_bias: true,
      tie_word_embeddings: true,
      pad_token_id: 0,
      pretraining_tp: 1,
    };
    const config = LlamaConfig.fromJson(json, 'c');
    expect(LlamaConfig.toJson(config)).toMatchObject(json);
    expect(LlamaConfig.fromJson(LlamaConfig.toJson(config), 'c')).toEqual(config);
  });

  test.each<[string, unknown, RegExp]>([
    [
      'key-value heads that do not divide',
      { num_attention_heads: 8, num_key_value_heads: 3 },
      /num_attention_heads 8 cannot be shared out among num_key_value_heads 3/,
    ],
    ['heads of an odd width', { head_dim: 7 }, /head_dim is 7; expected an even number/],
    [
      'an unknown scaling',
      { rope_scaling: { rope_type: 'longrope', factor: 4 } },
      /rope_scaling.rope_type is "longrope"; expected one of default, linear, dynamic, llama3, yarn/,
    ],
    [
      'a scaling without factor',
      { rope_scaling: { type: 'linear' } },
      /rope_scaling.factor is null; expected a number above/,
    ],
    ['a theta that is none', { rope_theta: 0 }, /rope_theta is 0; expected a number above 0/],
    ['a scaling that is no object', { rope_parameters: [] }, /rope_parameters is \[\]; expected an object/],
  ])('%s', (_, json, message) => {
    expect(() => LlamaConfig.fromJson(json, 'c')).toThrow(message);
  });
});
