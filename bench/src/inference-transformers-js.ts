/** @file The side of transformers.js in `npm run bench -- inference`; it speaks the protocol of bench/peers/inference.py. */
import { parseArgs } from 'node:util';
import { answerQuestions } from './answer-questions.js';
import { loadTransformersJs } from './transformers-js.js';

const flag = { type: 'string' as const, default: '' };
const { values } = parseArgs({
  options: { model: flag, library: flag, dtype: { ...flag, default: 'fp32' }, threads: { ...flag, default: '2' } },
});
const { env, Tensor, AutoModelForSequenceClassification, pipeline } = await loadTransformersJs(values.library);
const options = {
  dtype: values.dtype,
  device: 'cpu',
  session_options: { intraOpNumThreads: Number(values.threads), interOpNumThreads: 1 },
};

interface Question {
  readonly shape: { readonly batch: number; readonly sequence: number; readonly runs: number };
  readonly texts: readonly string[];
  readonly batch: number;
}

let model: ((inputs: object) => Promise<object>) | undefined;
let classify: ((texts: readonly string[]) => Promise<{ readonly label: string }[]>) | undefined;

async function answer({ shape, texts = [], batch = 32 }: Partial<Question>): Promise<object> {
  if (shape) {
    model ??= await AutoModelForSequenceClassification.from_pretrained(values.model, options);
    const { batch: rows, sequence, runs } = shape;
    const tensor = (value: (i: number) => number) =>
      new Tensor(
        'int64',
        BigInt64Array.from({ length: rows * sequence }, (_, i) => BigInt(value(i))),
        [rows, sequence],
      );
    const inputs = {
      input_ids: tensor((i) => 1000 + ((i * 7919) % 29000)),
      attention_mask: tensor(() => 1),
      token_type_ids: tensor(() => 0),
    };
    const began = performance.now();
    for (let i = 0; i < runs; i++) await model(inputs);
    return { ms: (performance.now() - began) / runs };
  }
  classify ??= await pipeline('text-classification', values.model, options);
  const labels: string[] = [];
  const began = performance.now();
  // Its pipeline runs all texts of a call as one batch, so a program makes the batches.
  for (let i = 0; i < texts.length; i += batch) {
    labels.push(...(await classify(texts.slice(i, i + batch))).map(({ label }) => label));
  }
  return { ms: performance.now() - began, labels };
}

await answerQuestions<Question>({ version: env.version }, answer);
process.exit(0);
