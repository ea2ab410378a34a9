/** @file Multihead's side of `npm run bench -- inference`. It speaks the protocol of bench/peers/inference.py. */
import { parseArgs } from 'node:util';
import { AutoModelForSequenceClassification, pipeline } from 'multihead';
import { answerQuestions } from './answer-questions.js';
import { syntheticBatch } from './synthetic.js';

const { values } = parseArgs({
  options: { model: { type: 'string', default: '' }, dtype: { type: 'string', default: 'fp32' } },
});
const dtype = values.dtype as 'fp32' | 'q8';

interface Question {
  readonly shape: { readonly batch: number; readonly sequence: number; readonly runs: number };
  readonly texts: readonly string[];
  readonly batch: number;
}

let model: Awaited<ReturnType<typeof AutoModelForSequenceClassification.fromPretrained>> | undefined;
let classify: Awaited<ReturnType<typeof pipeline<'text-classification'>>> | undefined;

async function answer({ shape, texts = [], batch = 32 }: Partial<Question>): Promise<object> {
  if (shape) {
    model ??= await AutoModelForSequenceClassification.fromPretrained(values.model, { dtype });
    const { labels, ...inputs } = syntheticBatch(shape.batch, shape.sequence);
    const began = performance.now();
    for (let i = 0; i < shape.runs; i++) await model.predictValues(inputs);
    return { ms: (performance.now() - began) / shape.runs };
  }
  classify ??= await pipeline('text-classification', values.model, { batchSize: batch, dtype });
  const began = performance.now();
  const found = await classify(texts);
  return { ms: performance.now() - began, labels: found.map((one) => [one].flat()[0]?.label) };
}

await answerQuestions<Question>({}, answer);
await model?.dispose();
await classify?.dispose();
