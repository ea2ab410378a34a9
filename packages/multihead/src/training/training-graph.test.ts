/** @file The order in which a training graph names its outputs, which is ONNX Runtime's order of computing them, backwards. */
import { expect, test } from 'vitest';
import { CausalLanguageModeling, GPT2LMHeadModel, gpt2Config } from '../index.js';
import { trainingGraph } from './training-graph.js';

test('what is known first stands last: the loss, the head, the upper layers, the embeddings', () => {
  const sizes = { vocab_size: 20, n_embd: 8, n_layer: 2, n_head: 2, n_positions: 16 };
  const model = GPT2LMHeadModel.fromConfig(gpt2Config.parse({ ...sizes, bos_token_id: 0, eos_token_id: 0 }, 'here'));
  model.weights; // names the parameters
  const loss = new CausalLanguageModeling().loss(model);
  const { model: graph } = trainingGraph({ result: loss, means: [] }, [...model.weights.parameters.values()]);
  const order = graph.outputs.map(({ name }) => name).toReversed();
  const wanted = [
    'loss',
    'gradient of transformer.wte.weight', // as the head: the table is tied
    'gradient of transformer.h.1.mlp.c_proj.weight',
    'gradient of transformer.h.1.attn.c_proj.weight',
    'gradient of transformer.h.0.mlp.c_fc.weight',
    'rows 0 of transformer.wte.weight',
  ];
  expect(order.filter((name) => wanted.includes(name))).toEqual(wanted);
});
