/** @file The side of transformers.js in `npm run bench -- generation`; it speaks the protocol of bench/peers/generation.py. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { answerQuestions } from './answer-questions.js';
import { loadTransformersJs } from './transformers-js.js';

const flag = { type: 'string' as const, default: '' };
const { values } = parseArgs({
  options: { model: flag, library: flag, threads: { ...flag, default: '2' }, dtype: { ...flag, default: 'fp32' } },
});
const { env, Tensor, AutoModelForCausalLM } = await loadTransformersJs(values.library);
const model = await AutoModelForCausalLM.from_pretrained(resolve(values.model), {
  dtype: values.dtype,
  device: 'cpu',
  session_options: { intraOpNumThreads: Number(values.threads), interOpNumThreads: 1 },
});

async function answer(prompt: readonly number[], count: number): Promise<object> {
  const tensor = (data: BigInt64Array) => new Tensor('int64', data, [1, data.length]);
  const inputs = { input_ids: tensor(BigInt64Array.from(prompt, BigInt)) };
  const attention_mask = tensor(new BigInt64Array(prompt.length).fill(1n));
  const began = performance.now();
  const limits = { max_new_tokens: count, min_new_tokens: count, do_sample: false, pad_token_id: 0 };
  const { data } = await model.generate({ inputs: inputs.input_ids, attention_mask, ...limits });
  return { ms: performance.now() - began, tokens: Array.from(data, Number).slice(prompt.length) };
}

await answerQuestions<{ generate: number[]; new_tokens: number }>(
  { version: env.version },
  async ({ generate: prompt, new_tokens: count }) => (prompt && count ? answer(prompt, count) : undefined),
);
process.exit(0);
