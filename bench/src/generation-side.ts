/** @file Multihead's side of `npm run bench -- generation`. It speaks the protocol of bench/peers/generation.py. */
import { parseArgs } from 'node:util';
import { AutoModelForCausalLM, type DtypeName } from 'multihead';
import { generate } from 'multihead/generation';
import { answerQuestions } from './answer-questions.js';

const { values } = parseArgs({
  options: { model: { type: 'string', default: '' }, dtype: { type: 'string', default: 'fp32' } },
});
const model = await AutoModelForCausalLM.fromPretrained(values.model, { dtype: values.dtype as DtypeName });

async function answer(prompt: number[], newTokens: number): Promise<object> {
  const began = performance.now();
  const [[text] = []] = await generate(model, [prompt], { maxNewTokens: newTokens, minNewTokens: newTokens });
  return { ms: performance.now() - began, tokens: text?.tokenIds };
}

await answerQuestions<{ generate: number[]; new_tokens: number }>(
  { parameters: model.weights.count },
  async ({ generate: prompt, new_tokens: count }) => (prompt && count ? answer(prompt, count) : undefined),
);
await model.dispose();
