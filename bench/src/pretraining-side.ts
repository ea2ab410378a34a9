/**
 * @file Multihead's side of `npm run bench -- pretraining`: whole training steps of a language model, on request, in a
 * process of its own so that its memory can be told. It speaks the protocol of bench/peers/pretraining_step.py.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  BertForMaskedLM,
  CausalLanguageModeling,
  GPT2LMHeadModel,
  type LanguageModelingTask,
  MaskedLanguageModeling,
  trainTokenizer,
} from 'multihead';
import type { Values } from 'multihead/tensor';
import { TrainingStep } from 'multihead/training';
import { answerQuestions } from './answer-questions.js';
import { readBatches } from './pretraining-batches.js';

const flag = { type: 'string' as const, default: '' };
const { values } = parseArgs({ options: { folder: flag, task: flag } });

/** Resident memory at its highest since the process began. */
const peakMegabytes = (): number => process.resourceUsage().maxRSS / 1024;

const isMasked = values.task === 'fill-mask';
const start = join(values.folder, 'start');
const model = isMasked ? await BertForMaskedLM.fromPretrained(start) : await GPT2LMHeadModel.fromPretrained(start);
const task: LanguageModelingTask = isMasked
  ? new MaskedLanguageModeling({ tokenizer: await trainTokenizer({ type: 'wordpiece', texts: ['any text'] }) })
  : new CausalLanguageModeling();
const batches = readBatches(join(values.folder, 'batches.json'));
const training = await TrainingStep.create(model, () => task.loss(model));
let step = 0;

async function run(count: number): Promise<object> {
  const ms: number[] = [];
  let last = 0;
  for (let i = 0; i < count; i++) {
    const batch = batches[step % batches.length] as Values;
    const began = performance.now();
    last = (await training.step([batch], { learningRate: 1e-4, weightDecay: 0.01, maxGradNorm: 1 }, step++)).loss;
    ms.push(performance.now() - began);
  }
  return { ms, loss: last, peak_rss_mb: peakMegabytes() };
}

/** The first batch's loss without dropout. */
async function loss(): Promise<object> {
  const results = await model.weights.run('loss', () => ({ loss: task.loss(model) }), batches[0] as Values);
  return { loss: Number(results.loss?.data[0]) };
}

await answerQuestions<{ run: number; loss: boolean }>(
  { parameters: model.weights.count, peak_rss_mb: peakMegabytes() },
  async (question) => (question.run ? run(question.run) : question.loss ? loss() : undefined),
);
await model.dispose();
