/** @file The encoding part of `npm run bench -- similarity`: vectors of short texts, and of texts of all lengths. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'multihead';
import { Peer, peerScript, python, settling, threads } from './peer.js';
import { csvRows, measured } from './retrieval-collections.js';
import { median } from './synthetic.js';

const batch = 32;

/** Prints the rate of each side for each collection of texts. */
export async function measureEncoding(model: string, data: string, rounds: number): Promise<void> {
  const [xquad] = measured(data);
  const banking = csvRows(readFileSync(join(data, 'banking77/test.csv'), 'utf8'));
  const collections = {
    'Banking77 test texts': banking.slice(1).map(([text = '']) => text),
    'XQuAD questions and passages': [...(xquad?.queries ?? []), ...(xquad?.texts ?? [])],
  };
  const embed = await pipeline('feature-extraction', model, { batchSize: batch });
  const peer = new Peer(python, [peerScript('similarity_side.py'), '--model', model, '--threads', threads]);
  const { sentence_transformers: version } = await peer.read();
  for (const [name, sentences] of Object.entries(collections)) {
    const encode = () => peer.ask({ sentences, batch });
    await embed(sentences.slice(0, 2 * batch)); // the first batches of both sides are no part of what is timed
    await peer.ask({ sentences: sentences.slice(0, 2 * batch), batch });
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      const began = performance.now();
      await embed(sentences);
      ours.push(performance.now() - began);
      await new Promise((resolve) => setTimeout(resolve, settling));
      theirs.push((await encode()).ms as number);
    }
    const rate = (times: readonly number[]) => `${((1000 * sentences.length) / median(times)).toFixed(0)} texts/s`;
    const ratio = median(ours.map((ms, i) => (theirs[i] as number) / ms));
    console.log(
      `encoding, ${sentences.length} ${name}, batches of ${batch}, ${threads} threads: ${rate(ours)} | ` +
        `sentence-transformers ${version} ${rate(theirs)}: ${ratio.toFixed(2)} times as long`,
    );
  }
  peer.end();
  await embed.dispose();
}
