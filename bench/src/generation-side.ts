/** @file Multihead's side of `npm run bench -- generation`. It speaks the protocol of bench/peers/generation.py. */
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { AutoModelForCausalLM, type DtypeName } from 'multihead';
import { generate } from 'multihead/generation';

const { values } = parseArgs({
  options: { model: { type: 'string', default: '' }, dtype: { type: 'string', default: 'fp32' } },
});
const model = await AutoModelForCausalLM.fromPretrained(values.model, { dtype: values.dtype as DtypeName });

async function answer(prompt: number[], newTokens: number): Promise<object> {
  const began = performance.now();
  const [[text] = []] = await generate(model, [prompt], { maxNewTokens: newTokens, minNewTokens: newTokens });
  return { ms: performance.now() - began, tokens: text?.tokenIds };
}

console.log(JSON.stringify({ parameters: model.weights.count }));
for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line) as { generate?: number[]; new_tokens?: number; quit?: boolean };
  if (question.quit) break;
  const { generate: prompt, new_tokens: count } = question;
  console.log(JSON.stringify(prompt && count ? await answer(prompt, count) : { error: `not understood: ${line}` }));
}
await model.dispose();
