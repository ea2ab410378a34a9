import { describe, expect, test } from 'vitest';
import {
  BertConfig,
  BertForSequenceClassification,
  BertModel,
  GPT2LMHeadModel,
  LlamaForCausalLM,
} from '../../index.js';
import { toyConfig } from '../../testing/toy.js';
import { trainableParameters } from './freeze.js';

const llama = LlamaForCausalLM.architecture.config.fromJson(
  { hidden_size: 8, num_hidden_layers: 3, num_attention_heads: 2, intermediate_size: 8, vocab_size: 10 },
  'c',
);
const gpt2 = GPT2LMHeadModel.architecture.config.fromJson(
  { n_embd: 8, n_layer: 3, n_head: 2, n_positions: 8, vocab_size: 10 },
  'c',
);
const models = {
  bert: new BertForSequenceClassification(BertConfig.fromJson({ ...toyConfig, num_hidden_layers: 3 }, 'c')),
  gpt2: new GPT2LMHeadModel(gpt2),
  llama: new LlamaForCausalLM(llama),
};
const names = (model: (typeof models)['bert' | 'gpt2' | 'llama'], freeze: 'none' | 'backbone' | number) =>
  trainableParameters(model, freeze).map(({ name }) => name);

describe('freezing', () => {
  test.each<[keyof typeof models, RegExp, string[]]>([
    ['bert', /^bert\.(encoder\.layer\.2|pooler)\.|^classifier\./, ['classifier.weight', 'classifier.bias']],
    ['gpt2', /^transformer\.(h\.2|ln_f)\./, []],
    ['llama', /^model\.(layers\.2|norm)\.|^lm_head\./, ['lm_head.weight']],
  ])('%s: embeddings and two of three layers, or all but the head', (kind, last, head) => {
    const model = models[kind];
    const all = names(model, 'none');
    expect(names(model, 2)).toEqual(all.filter((name) => last.test(name)));
    if (head.length > 0) expect(names(model, 'backbone')).toEqual(head);
    else expect(() => names(model, 'backbone')).toThrow('nothing is left to train');
    expect(() => names(model, 4)).toThrow('freeze is 4, but the model has only 3 layers');
  });

  test('a model without a head is nothing but backbone', () => {
    const base = new BertModel(BertConfig.fromJson(toyConfig, 'c'));
    expect(() => trainableParameters(base, 'backbone')).toThrow('nothing is left to train; the model has no head');
  });
});
