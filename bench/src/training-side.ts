/**
 * @file Multihead's side of `npm run bench -- training`: whole training steps of BERT, on request, in a process of its own
 * so that its memory can be told. It speaks the protocol of bench/peers/training_step.py.
 */
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import {
  BertForSequenceClassification,
  crossEntropy,
  input,
  modelInputs,
  parseConfig,
  type Tensor,
  type TensorValue,
  TrainingStep,
  type Values,
} from 'multihead';

const { values } = parseArgs({
  options: {
    hidden: { type: 'string' },
    layers: { type: 'string' },
    heads: { type: 'string' },
    intermediate: { type: 'string' },
    batch: { type: 'string' },
    sequence: { type: 'string' },
    dropout: { type: 'string', default: '0.1' },
  },
});
const number = (name: keyof typeof values): number => Number(values[name]);
const [batch, sequence] = [number('batch'), number('sequence')];
const config = parseConfig(
  {
    model_type: 'bert',
    vocab_size: 30522,
    hidden_size: number('hidden'),
    num_hidden_layers: number('layers'),
    num_attention_heads: number('heads'),
    intermediate_size: number('intermediate'),
    hidden_dropout_prob: number('dropout'),
    attention_probs_dropout_prob: number('dropout'),
  },
  'the command line',
);

/** Numbers that stand for tokens and labels; the same at each step. */
function tokens(shape: readonly number[], value: (index: number) => number): TensorValue {
  const length = shape.reduce((a, b) => a * b, 1);
  return { dtype: 'int64', shape, data: BigInt64Array.from({ length }, (_, i) => BigInt(value(i))) };
}

const inputs: Values = {
  input_ids: tokens([batch, sequence], (i) => 1000 + ((i * 7919) % 29000)),
  attention_mask: tokens([batch, sequence], () => 1),
  token_type_ids: tokens([batch, sequence], () => 0),
  labels: tokens([batch], (i) => i % 2),
};
const model = BertForSequenceClassification.fromConfig(config);
const labels = input('labels', 'int64', ['batch_size']);
const loss = () => crossEntropy(model.forward(modelInputs()).scores.logits as Tensor, labels);
const training = await TrainingStep.create(model, loss);

/** Resident memory at its highest since the process began. */
const peakMegabytes = (): number => process.resourceUsage().maxRSS / 1024;
let step = 0;

async function run(count: number): Promise<object> {
  const ms: number[] = [];
  let last = 0;
  for (let i = 0; i < count; i++) {
    const began = performance.now();
    const settings = { learningRate: 2e-5, weightDecay: 0.01, maxGradNorm: 1 };
    last = (await training.step([inputs], settings, step++)).loss;
    ms.push(performance.now() - began);
  }
  return { ms, loss: last, peak_rss_mb: peakMegabytes() };
}

console.log(JSON.stringify({ parameters: model.weights.count, peak_rss_mb: peakMegabytes() }));
for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line) as { run?: number; quit?: boolean };
  if (question.quit) break;
  console.log(JSON.stringify(question.run ? await run(question.run) : { error: `not understood: ${line}` }));
}
await model.dispose();
