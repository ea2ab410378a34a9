/**
 * @file `npm run bench -- ranking-pairs --model MINILM --data DATA --output FOLDER`: pairs to train rankers with, none of which
 * `npm run bench -- retrieval` measures on: questions and contexts of the SQuAD subset and of PolicyQA, with hard negatives
 * that the model's vectors find. With `--words` BM25 finds the first negative of SQuAD's questions: the best of the others. The
 * last tenth of SQuAD's contexts is dev.jsonl, with nine negatives of each question.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pipeline } from 'multihead';
import { type HardNegativeOptions, type MinedPair, mineHardNegatives, type PositivePair } from 'multihead/vectors';
import { Peer, peerScript, python, threads } from './peer.js';
import { squadPairs } from './retrieval-collections.js';

/** Writes train.jsonl and dev.jsonl: query, positive, negative_1, ... */
export async function run(args: readonly string[]): Promise<void> {
  const string = { type: 'string' } as const;
  const options = { model: string, data: string, output: string, words: { type: 'boolean' } } as const;
  const { model = '', data = '', output = '', words } = parseArgs({ args: [...args], options }).values;
  const embed = await pipeline('feature-extraction', model);
  const vectors: HardNegativeOptions = { embed };

  const squad = squadPairs(join(data, 'squad-subset/squad-v1.1-dev-subset.json'));
  const contexts = [...new Set(squad.map(({ positive }) => positive))];
  const held = new Set(contexts.slice(Math.floor(0.9 * contexts.length)));
  const isHeld = ({ positive }: PositivePair) => held.has(positive);
  const ofSquad = await mineHardNegatives(
    squad.filter((pair) => !isHeld(pair)),
    { ...vectors, rangeMax: 20, samplingStrategy: 'random' },
  );
  const training = words ? await withNegativesByWords(ofSquad) : ofSquad;
  const dev = await mineHardNegatives(squad.filter(isHeld), { ...vectors, corpus: contexts, numNegatives: 9 });

  // Questions of PolicyQA are asked of many policies. A context that is near to one may answer it though nobody marked it so.
  const policies = await mineHardNegatives(squadPairs(join(data, 'policyqa/dev.json')), {
    ...vectors,
    rangeMax: 50,
    samplingStrategy: 'random',
    relativeMargin: 0.1,
  });
  const ofPolicies = [...new Map(policies.map((pair) => [pair.anchor, pair])).values()];
  await embed.dispose();

  mkdirSync(output, { recursive: true });
  for (const [name, pairs] of Object.entries({ train: [...training, ...ofPolicies], dev })) {
    const whole = pairs.filter(({ negatives }) => negatives.length >= (name === 'dev' ? 9 : 3));
    writeFileSync(join(output, `${name}.jsonl`), whole.map(line).join(''));
    console.log(
      `${name}.jsonl: ${whole.length} questions, ${pairs.length - whole.length} with too few negatives left out`,
    );
  }
}

const line = ({ anchor, positive, negatives }: MinedPair): string =>
  `${JSON.stringify({
    query: anchor,
    positive,
    ...Object.fromEntries(negatives.map(({ text }, i) => [`negative_${i + 1}`, text])),
  })}\n`;

/** Pairs whose first negative is the one that BM25 ranks best among all contexts that do not answer the question. */
async function withNegativesByWords(pairs: readonly MinedPair[]): Promise<MinedPair[]> {
  const texts = [...new Set(pairs.map(({ positive }) => positive))];
  const queries = pairs.map(({ anchor }) => anchor);
  const peer = new Peer(python, [peerScript('vector_search.py'), '--threads', threads]);
  await peer.read();
  const found = (await peer.ask({ bm25: { queries, texts } })).ids as number[][];
  peer.end();
  return pairs.map((pair, i) => {
    const answers = new Set(pairs.flatMap(({ anchor, positive }) => (anchor === pair.anchor ? positive : [])));
    const best = found[i]?.find((id) => !answers.has(texts[id] as string)) as number;
    return { ...pair, negatives: [{ text: texts[best] as string, score: Number.NaN }, ...pair.negatives] };
  });
}
