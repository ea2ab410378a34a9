/**
 * @file `npm run bench -- embedding --model DIR --sentences FILE`: sentence vectors in Multihead and in Python's
 * sentence-transformers, alternating in one run; and how far their vectors are apart.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { pipeline } from 'multihead';
import { Peer, peerScript, python, threads } from './peer.js';
import { median } from './synthetic.js';

/** Sentences whose vectors are compared. */
const compared = 100;

/** Runs the benchmark and prints a line. */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      model: { type: 'string', default: 'runs/minilm' },
      sentences: { type: 'string' },
      count: { type: 'string', default: '5000' },
      batch: { type: 'string', default: '32' },
      rounds: { type: 'string', default: '3' },
    },
  });
  const batch = Number(values.batch);
  const sentences = readFileSync(values.sentences ?? 0, 'utf8')
    .trimEnd()
    .split('\n')
    .slice(0, Number(values.count));
  const embed = await pipeline('feature-extraction', values.model, { batchSize: batch });
  const peer = new Peer(python, [peerScript('sentence_vectors.py'), '--model', values.model, '--threads', threads]);
  const versions = await peer.read();

  const some = sentences.slice(0, compared);
  const ours = await embed(some); // the first batches of both sides are no part of what is timed
  const theirs = ((await peer.ask({ vectors: some })).vectors as number[][]).flat();
  const difference = theirs.reduce((most, x, i) => Math.max(most, Math.abs(x - (ours.data[i] as number))), 0);

  const [ourTimes, theirTimes]: [number[], number[]] = [[], []];
  for (let round = 0; round < Number(values.rounds); round++) {
    const began = performance.now();
    await embed(sentences);
    ourTimes.push(performance.now() - began);
    theirTimes.push((await peer.ask({ sentences, batch })).ms as number);
  }
  peer.end();
  await embed.dispose();
  const rate = (times: readonly number[]) => `${((1000 * sentences.length) / median(times)).toFixed(0)} sentences/s`;
  const ratio = median(ourTimes.map((time, i) => (theirTimes[i] as number) / time));
  console.log(
    [
      `${sentences.length} sentences in batches of ${batch}, ${threads} threads`,
      `${rate(ourTimes)} to ${rate(theirTimes)}: ${ratio.toFixed(2)} times sentence-transformers ${versions.sentence_transformers}`,
      `largest difference in ${compared} vectors ${difference.toExponential(1)}`,
    ].join(' | '),
  );
}
