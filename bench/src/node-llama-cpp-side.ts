/**
 * @file The side of node-llama-cpp in `npm run bench -- gguf`; it speaks the protocol of bench/peers/generation.py. The library is no
 * dependency of ours: it comes from a folder in which `npm install node-llama-cpp` was run.
 */
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { answerQuestions } from './answer-questions.js';

/** What is used of it. */
interface NodeLlamaCpp {
  getLlama(options: object): Promise<{
    readonly llamaCppRelease: { readonly release: string };
    loadModel(options: object): Promise<{
      createContext(options: object): Promise<{
        getSequence(): {
          clearHistory(): Promise<void>;
          evaluate(tokens: readonly number[], options: object): AsyncIterable<number>;
        };
      }>;
    }>;
  }>;
}

const flag = { type: 'string' as const, default: '' };
const { values } = parseArgs({ options: { model: flag, library: flag, threads: { type: 'string', default: '2' } } });
const require = createRequire(join(resolve(values.library), 'package.json'));
const { getLlama } = (await import(pathToFileURL(require.resolve('node-llama-cpp')).href)) as NodeLlamaCpp;
const threads = Number(values.threads);
const llama = await getLlama({ gpu: false, build: 'never', maxThreads: threads });
const model = await llama.loadModel({ modelPath: resolve(values.model) });
const sequence = (await model.createContext({ threads, contextSize: 2048 })).getSequence();

async function answer(prompt: readonly number[], count: number): Promise<object> {
  await sequence.clearHistory();
  const began = performance.now();
  const tokens: number[] = [];
  for await (const token of sequence.evaluate(prompt, { temperature: 0, yieldEogToken: true })) {
    tokens.push(token);
    if (tokens.length === count) break;
  }
  return { ms: performance.now() - began, tokens };
}

await answerQuestions<{ generate: number[]; new_tokens: number }>(
  { version: llama.llamaCppRelease.release },
  async ({ generate: prompt, new_tokens: count }) => (prompt && count ? answer(prompt, count) : undefined),
);
process.exit(0);
