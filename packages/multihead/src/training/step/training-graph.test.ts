/** @file The order in which a training graph names its outputs, which is ONNX Runtime's order of computing them, backwards. */
import { expect, test, vi } from 'vitest';
import { devices } from '../../engine/devices/registry.js';
import { TrainingStep } from '../../exports/training.js';
import { CausalLanguageModeling, GPT2Config, GPT2LMHeadModel } from '../../index.js';
import { trainingGraph } from './training-graph.js';

test('what is known first stands last: the loss, the head, the upper layers, the embeddings', () => {
  const sizes = { vocab_size: 20, n_embd: 8, n_layer: 2, n_head: 2, n_positions: 16 };
  const model = GPT2LMHeadModel.fromConfig(GPT2Config.fromJson({ ...sizes, bos_token_id: 0, eos_token_id: 0 }, 'here'));
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

test('a graph for another device computes the same step, under the same fingerprint: a run may be resumed there', async () => {
  const sizes = { vocab_size: 20, n_embd: 8, n_layer: 2, n_head: 2, n_positions: 16 };
  const config = GPT2Config.fromJson({ ...sizes, bos_token_id: 0, eos_token_id: 0 }, 'here');
  const task = new CausalLanguageModeling();
  const batch = task.collate([task.feature([1, 2, 3, 4]), task.feature([5, 6, 7, 8])]);
  const [onCpu, portable] = await Promise.all(
    (['cpu', 'portable'] as const).map(async (target) => {
      const model = GPT2LMHeadModel.fromConfig(config, { seed: 1 });
      vi.spyOn(model.weights, 'device', 'get').mockReturnValue({ ...devices.cpu, target });
      const training = await TrainingStep.create(model, () => task.loss(model));
      const losses = [];
      for (const step of [0, 1, 2]) losses.push((await training.step([batch], { learningRate: 0.05 }, step)).loss);
      await model.dispose();
      return { fingerprint: training.fingerprint, losses };
    }),
  );
  expect(portable?.fingerprint).toBe(onCpu?.fingerprint);
  expect(portable?.losses).toEqual(onCpu?.losses.map((loss) => expect.closeTo(loss, 5)));
  expect(new Set(portable?.losses).size).toBe(3);
});
