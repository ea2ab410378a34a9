/** @file Features made on demand from a stream of examples that are cut into windows. */
import { batchesPerBucket, chunks } from '../../data/streams/batching.js';
import { type ExampleStream, type NumberedExample, shuffled } from '../../data/streams/example-stream.js';
import { UserError } from '../../platform/errors.js';
import { Hash } from '../../platform/hash.js';
import { deriveSeed, Random } from '../../platform/random.js';
import { encodeForTraining } from '../../tasks/encode-for-training.js';
import { addFeature, type Feature } from '../../tasks/feature.js';
import type { Task } from '../../tasks/task.js';
import type { FeatureStream } from './feature-stream.js';

/** Number of examples that are cut into windows at a time. */
const atATime = 400;

/** A feature, and the index of its example. */
interface Window<OneFeature> {
  readonly index: number;
  readonly feature: OneFeature;
}

/**
 * Creates a stream of features from a stream of examples that may have several features each. Their number is known
 * only after tokenizing all examples, which is therefore done once at the beginning, without keeping them.
 *
 * The order of an epoch is a function of the seed: the buffer mixes the examples; those of some 50 batches are cut into
 * windows, which are mixed; with bucketing these are sorted by length, cut into batches, and the batches come in random
 * order. A resumed run tokenizes the examples before its position again.
 *
 * @param bufferSize examples in the buffer that mixes them
 */
export async function streamWindows<Example, OneFeature extends Feature>(
  stream: ExampleStream<Example>,
  task: Pick<Task<Example, OneFeature>, 'encode' | 'encodeTraining'>,
  bufferSize: number,
): Promise<FeatureStream<OneFeature>> {
  const mark = new Hash();
  let length = 0;
  for await (const group of stream.examples()) {
    for (const examples of chunks(group, atATime)) {
      for (const feature of (await encodeForTraining(task, examples)).flat()) {
        length++;
        addFeature(mark, feature);
      }
    }
  }
  return {
    length,
    fingerprint: () => `${stream.fingerprint} ${mark}`,
    async *batches({ batchSize, seed, epoch, bucketing }, first) {
      const random = new Random(deriveSeed(seed, 'order', epoch));
      let number = 0;
      let seen = 0;
      let waiting: Window<OneFeature>[] = []; // less than a batch of the stretch before
      for await (const examples of stretches(shuffled(stream.examples(), bufferSize, random), batchSize)) {
        const given = examples.map(({ example }) => example);
        const encoded = await encodeForTraining(task, given);
        const made = encoded.flatMap((features, i) =>
          features.map((feature) => ({ index: (examples[i] as NumberedExample<Example>).index, feature })),
        );
        seen += made.length;
        const windows = random.shuffle([...waiting, ...made]);
        if (bucketing) windows.sort((a, b) => b.feature.length - a.feature.length);
        const whole = Math.floor(windows.length / batchSize) * batchSize;
        waiting = windows.slice(whole);
        const batches = chunks(windows.slice(0, whole), batchSize);
        for (const batch of bucketing ? random.shuffle(batches) : batches) if (number++ >= first) yield batchOf(batch);
      }
      if (seen !== length) {
        throw new UserError(
          `${seen} features were read, where ${length} were counted: the files changed during training`,
        );
      }
      if (waiting.length > 0 && number >= first) yield batchOf(waiting);
    },
  };
}

const batchOf = <OneFeature>(windows: readonly Window<OneFeature>[]) => ({
  indices: windows.map(({ index }) => index),
  features: windows.map(({ feature }) => feature),
});

/** Examples in stretches of so many that each makes 50 batches, or more. */
async function* stretches<Example>(
  examples: AsyncIterable<NumberedExample<Example>>,
  batchSize: number,
): AsyncGenerator<NumberedExample<Example>[]> {
  let stretch: NumberedExample<Example>[] = [];
  for await (const example of examples) {
    stretch.push(example);
    if (stretch.length < batchSize * batchesPerBucket) continue;
    yield stretch;
    stretch = [];
  }
  if (stretch.length > 0) yield stretch;
}
