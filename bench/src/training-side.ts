/**
 * @file Multihead's side of `npm run bench -- training`: whole training steps of BERT, on request, in a process of its own
 * so that its memory can be told. It speaks the protocol of bench/peers/training_step.py.
 */
import { parseArgs } from 'node:util';
import { answerQuestions } from './answer-questions.js';
import { prepare, syntheticBatch } from './synthetic.js';

const flag = { type: 'string' as const, default: '0' };
const { values } = parseArgs({
  options: {
    hidden: flag,
    layers: flag,
    heads: flag,
    intermediate: flag,
    batch: flag,
    sequence: flag,
    dropout: flag,
    // The rank of LoRA on all linear layers; 0 for full training.
    'lora-rank': flag,
  },
});
const number = (name: keyof typeof values): number => Number(values[name]);
const shape = {
  hidden: number('hidden'),
  layers: number('layers'),
  heads: number('heads'),
  intermediate: number('intermediate'),
};
const rank = number('lora-rank');
const { model, training } = await prepare(shape, {
  dropout: number('dropout'),
  ...(rank > 0 && { lora: { rank, alpha: 2 * rank, targetModules: 'all-linear' } }),
});
const batch = syntheticBatch(number('batch'), number('sequence'));

/** Resident memory at its highest since the process began. */
const peakMegabytes = (): number => process.resourceUsage().maxRSS / 1024;
let step = 0;

async function run(count: number): Promise<object> {
  const ms: number[] = [];
  let last = 0;
  for (let i = 0; i < count; i++) {
    const began = performance.now();
    const settings = { learningRate: 2e-5, weightDecay: 0.01, maxGradNorm: 1 };
    last = (await training.step([batch], settings, step++)).loss;
    ms.push(performance.now() - began);
  }
  return { ms, loss: last, peak_rss_mb: peakMegabytes() };
}

const trainable = training.trainable.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
await answerQuestions<{ run: number }>(
  { parameters: model.weights.count, trainable, peak_rss_mb: peakMegabytes() },
  async (question) => (question.run ? run(question.run) : undefined),
);
await model.dispose();
