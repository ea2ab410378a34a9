/**
 * @file The training part of `npm run bench -- similarity`: whole steps (forward, loss, backward, clipping, AdamW) over the same
 * batches on both sides. Texts are token ids before the clock starts.
 */
import { join } from 'node:path';
import { AutoModel, AutoTokenizer, SentenceSimilarity, taskNamed } from 'multihead';
import { readSimilarityExamples, type SimilarityExample, similarityForm } from 'multihead/data';
import { TrainingStep } from 'multihead/training';
import { Peer, peerScript, python, settling, threads } from './peer.js';
import { squadPairs } from './retrieval-collections.js';
import { median } from './synthetic.js';

const batch = 32;
const maxLength = 64;
const settings = { learningRate: 2e-5, weightDecay: 0.01, maxGradNorm: 1 };

/** Steps of each side that are not timed. */
const warmUp = 2;

/** Prints the time of a step on each side for each loss. */
export async function measureTraining(model: string, data: string, steps: number): Promise<void> {
  const pairs = squadPairs(join(data, 'squad-subset/squad-v1.1-dev-subset.json'));
  const unlike = [...new Map(pairs.map((pair) => [pair.positive, pair])).values()]; // no text twice in a batch
  const ofPairs = unlike.map(({ anchor, positive }): SimilarityExample => ({ texts: [anchor, positive] }));
  const scored = await readSimilarityExamples(join(data, 'stsb/stsb-en-train.csv'));
  const peer = new Peer(python, [peerScript('similarity_side.py'), '--model', model, '--threads', threads]);
  const { sentence_transformers: version } = await peer.read();
  for (const [loss, examples] of Object.entries({ 'multiple-negatives-ranking': ofPairs, cosent: scored })) {
    const ours = await ourSide(model, loss, examples);
    await peer.ask({ loss, max_length: maxLength, ...settings });
    const times: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
    for (let step = 0; step < warmUp + steps; step++) {
      const some = examples.slice(step * batch, (step + 1) * batch);
      const our = await ours.step(some);
      await new Promise((resolve) => setTimeout(resolve, settling));
      const their = await peer.ask({
        texts: some.map(({ texts }) => texts),
        labels: some.map(({ label }) => label ?? 0),
      });
      if (step < warmUp) continue;
      times.ours.push(our);
      times.theirs.push(their.ms as number);
    }
    await ours.end();
    const ratio = median(times.ours.map((ms, i) => (times.theirs[i] as number) / ms));
    console.log(
      `training, ${loss}, ${batch} pairs of at most ${maxLength} tokens, ${threads} threads: ${median(times.ours).toFixed(0)} ms | ` +
        `sentence-transformers ${version} ${median(times.theirs).toFixed(0)} ms: ${ratio.toFixed(2)} times as long`,
    );
  }
  peer.end();
}

async function ourSide(folder: string, loss: string, examples: readonly SimilarityExample[]) {
  const opened = (await taskNamed('sentence-similarity').openFolder?.(folder)) ?? { folder, options: {} };
  const model = await AutoModel.fromPretrained(opened.folder);
  const tokenizer = await AutoTokenizer.fromPretrained(opened.folder);
  const { hiddenSize } = model.config;
  const form = similarityForm(examples);
  const task = new SentenceSimilarity({ ...opened.options, tokenizer, hiddenSize, maxLength, loss, form });
  const training = await TrainingStep.create(model, () => task.loss(model), {});
  let taken = 0;
  return {
    async step(some: readonly SimilarityExample[]): Promise<number> {
      const values = task.collate((await task.encode(some)).flat());
      const began = performance.now();
      await training.step([values], settings, taken++);
      return performance.now() - began;
    },
    end: () => model.dispose(),
  };
}
