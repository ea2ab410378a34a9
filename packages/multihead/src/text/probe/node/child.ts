/** @file The process of `node.ts` that loads one unknown tokenizer and uses it, and may abort or hang over it. */
import { Worker } from 'node:worker_threads';
import { Tokenizer } from 'tokenizers';
import type { Watched } from '../../../platform/processes/node/watch.js';
import type { ProbeLimits, Verdict } from '../node.js';
import { patternsIn, probeTexts } from '../texts.js';

// Ctrl-C is meant for the program that asks; it ends this process by closing the channel.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit());

const limits = JSON.parse(process.argv[2] as string) as ProbeLimits;
const watched: Watched = { parent: process.ppid, ...limits };
new Worker(new URL('../../../platform/processes/node/watch.js', import.meta.url), { workerData: watched }).unref();

process.once('message', async (text: string) => {
  const verdict: Verdict = await probe(text).then(
    () => ({ isLoaded: true }),
    () => ({ isLoaded: false }), // an error in words, which loading gives again
  );
  process.send?.(verdict);
});

/** Loads a tokenizer.json and uses all that is used of it. */
async function probe(text: string): Promise<void> {
  const { model, ...rest } = JSON.parse(text);
  // Cutting and padding are not left to the library.
  const tokenizer = Tokenizer.fromString(JSON.stringify({ ...rest, model, truncation: null, padding: null }));
  const vocabulary = Object.values(tokenizer.getVocab(true) as Record<string, number>);
  const texts = probeTexts(patternsIn(rest));
  await tokenizer.encodeBatch(texts, { addSpecialTokens: false }).catch(() => undefined);
  const some = vocabulary.slice(0, 1000);
  for (const ids of [some, ...some.slice(0, 100).map((id) => Array<number>(200).fill(id))]) {
    await tokenizer.decode(ids, false).catch(() => undefined);
  }
}
