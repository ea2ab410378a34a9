/** @file What each family makes of the keys of config.json, and how settings that belong together move together. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BertConfig } from '../bert/config.js';
import { GPT2Config } from '../gpt2/config.js';
import { LlamaConfig } from '../llama/config.js';
import type { ConfigClass } from './config.js';
import { type ModelConfig, paddingRow } from './model-config.js';

let said: string[] = [];
beforeEach(() => {
  said = [];
  vi.spyOn(console, 'warn').mockImplementation((message: string) => said.push(message));
});
afterEach(() => vi.restoreAllMocks());

const formats: Record<'bert' | 'gpt2' | 'llama', ConfigClass<ModelConfig>> = {
  bert: BertConfig,
  gpt2: GPT2Config,
  llama: LlamaConfig,
};

describe('keys that would change what is computed are refused by name', () => {
  test.each([
    ['bert', { is_decoder: true }, 'is_decoder is true; expected false: Multihead has no causal attention for bert'],
    ['bert', { add_cross_attention: true }, 'add_cross_attention is true; expected false'],
    ['gpt2', { add_cross_attention: true }, 'add_cross_attention is true; expected false'],
    ['gpt2', { pruned_heads: { 0: [1] } }, 'pruned_heads is {"0":[1]}; expected nothing'],
    ['llama', { quantization_config: { bits: 4 } }, 'Multihead has no quantized weights for llama'],
    ['llama', { is_encoder_decoder: true }, 'is_encoder_decoder is true; expected false'],
    ['llama', { sliding_window: 4096 }, 'sliding_window is 4096; expected nothing'],
  ] as const)('%s: %o', (family, json, message) => {
    expect(() => formats[family].fromJson(json, 'c')).toThrow(message);
  });

  test.each(['bert', 'gpt2', 'llama'] as const)('%s: not where they say what Multihead does', (family) => {
    const json = { is_encoder_decoder: false, add_cross_attention: false, pruned_heads: {}, quantization_config: null };
    expect(formats[family].toJson(formats[family].fromJson(json, 'c'))).toMatchObject(json);
    expect(said).toEqual([]);
  });
});

test('a key that nobody knows is kept and said once; harmless ones are not said', () => {
  const json = { use_cache: true, transformers_version: '5.0.0', temperature: 1, mystery: 1, riddle: { a: 2 } };
  for (const _ of [1, 2]) expect(BertConfig.toJson(BertConfig.fromJson(json, 'once'))).toMatchObject(json);
  expect(said).toHaveLength(1);
  expect(said[0]).toContain('once: settings mystery, riddle are not known');
});

describe("GPT-2's settings under the names that other models have", () => {
  const json = { hidden_size: 24, num_hidden_layers: 2, num_attention_heads: 3, max_position_embeddings: 64 };

  test('are used, and written under its own', () => {
    const config = GPT2Config.fromJson(json, 'c');
    const sizes = { hiddenSize: 24, numHiddenLayers: 2, numAttentionHeads: 3, maxPositionEmbeddings: 64, headDim: 8 };
    expect(config).toMatchObject(sizes);
    expect(GPT2Config.toJson(config)).toMatchObject({ n_embd: 24, n_layer: 2, n_head: 3, n_positions: 64 });
    expect(GPT2Config.toJson(config)).not.toHaveProperty('hidden_size');
  });

  test('may stand beside those that agree, and no others', () => {
    expect(GPT2Config.fromJson({ ...json, n_embd: 24 }, 'c').hiddenSize).toBe(24);
    expect(() => GPT2Config.fromJson({ ...json, n_embd: 48 }, 'c')).toThrow(
      'hidden_size is 24; expected 48, as n_embd says',
    );
  });
});

describe('special tokens', () => {
  test('outside of the vocabulary are kept with a warning', () => {
    const config = GPT2Config.fromJson(
      { vocab_size: 50, bos_token_id: 50256, eos_token_id: [2, 50], pad_token_id: -1 },
      't',
    );
    expect(config).toMatchObject({ bosTokenId: 50256, eosTokenId: [2, 50], padTokenId: -1 });
    expect(said).toEqual([
      't: bos_token_id 50256 is outside of the vocabulary, vocab_size 50.',
      't: eos_token_id 50 is outside of the vocabulary, vocab_size 50.',
      't: pad_token_id -1 is outside of the vocabulary, vocab_size 50.',
    ]);
  });

  test("BERT's padding may be null, and stays so", () => {
    const config = BertConfig.fromJson({ pad_token_id: null }, 'c');
    expect(config.padTokenId).toBeNull();
    expect(BertConfig.toJson(config).pad_token_id).toBeNull();
  });

  test.each([
    [null, undefined],
    [0, 0],
    [9, 9],
    [10, undefined],
    [-1, 9],
    [-11, undefined],
  ])('padding %s has the row %s of ten', (padTokenId, row) => {
    expect(paddingRow({ padTokenId, vocabSize: 10 })).toBe(row);
  });
});

describe('settings that belong together move together', () => {
  const bert = BertConfig.fromJson({ id2label: { 0: 'no', 1: 'yes' } }, 'c');

  test.each([
    [{ numLabels: 3 }, ['LABEL_0', 'LABEL_1', 'LABEL_2']],
    [{ numLabels: 2 }, ['no', 'yes']],
    [{ id2label: ['a'] }, ['a']],
    [{ hiddenSize: 24 }, ['no', 'yes']],
  ])('labels: %o', (changes, id2label) => {
    expect(BertConfig.replace(bert, changes)).toMatchObject({ ...changes, id2label, numLabels: id2label.length });
  });

  test('numbers and names of labels that disagree are refused', () => {
    const changes = { numLabels: 3, id2label: ['a', 'b'] };
    expect(() => BertConfig.replace(bert, changes)).toThrow('numLabels is 3, but id2label names 2 labels');
  });

  test('the width of a head and the heads of keys follow, unless they are settings of their own', () => {
    const gpt2 = GPT2Config.fromJson({ n_embd: 24, n_head: 4 }, 'c');
    const replaced = { headDim: 4, numKeyValueHeads: 6 };
    expect(GPT2Config.replace(gpt2, { numAttentionHeads: 6 })).toMatchObject(replaced);
    const sizes = { hidden_size: 32, num_attention_heads: 4 };
    expect(LlamaConfig.replace(LlamaConfig.fromJson(sizes, 'c'), { hiddenSize: 64 }).headDim).toBe(16);
    const grouped = LlamaConfig.fromJson({ ...sizes, head_dim: 12, num_key_value_heads: 2 }, 'c');
    expect(LlamaConfig.replace(grouped, { hiddenSize: 64 })).toMatchObject({ headDim: 12, numKeyValueHeads: 2 });
  });
});
