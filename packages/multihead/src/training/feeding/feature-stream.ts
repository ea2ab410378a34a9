/** @file Features made on demand from a stream of examples, which need not fit into memory. */
import { type BatchOptions, batchesPerBucket, chunks } from '../../data/streams/batching.js';
import { type ExampleStream, type NumberedExample, shuffled } from '../../data/streams/example-stream.js';
import { separate } from '../../data/streams/separate.js';
import { UserError } from '../../platform/errors.js';
import { deriveSeed, Random } from '../../platform/random.js';
import { encodeForTraining } from '../../tasks/encode-for-training.js';
import type { Feature } from '../../tasks/feature.js';
import type { Task } from '../../tasks/task.js';
import type { Batch } from './batches.js';

/** A stream of features, which determines their order. */
export interface FeatureStream<OneFeature extends Feature = Feature> {
  /** Number of features, the same in every epoch. */
  readonly length: number;
  /** Iterates over the batches of an epoch, starting at a given one (counted from 0). Earlier ones are skipped. */
  batches(options: BatchOptions, first: number): AsyncGenerator<Batch<OneFeature>>;
  /** Fingerprint of the data, checked when a run is resumed. */
  fingerprint(): string;
}

/**
 * The features of a stream's examples, tokenized on the way.
 *
 * The order of an epoch is a function of the seed: the buffer mixes the examples; with bucketing, each stretch of 50
 * batches is sorted by the lengths of texts, cut into batches, and these come in random order. A resumed run therefore
 * has the same batches: it reads earlier examples again, but does not tokenize them.
 *
 * @param bufferSize examples in the buffer that mixes them
 */
export function streamFeatures<Example, OneFeature extends Feature>(
  stream: ExampleStream<Example>,
  task: Pick<Task<Example, OneFeature>, 'encode' | 'encodeTraining' | 'apart'>,
  bufferSize: number,
): FeatureStream<OneFeature> {
  const encode = async (batch: readonly NumberedExample<Example>[]): Promise<Batch<OneFeature>> => {
    const features = (
      await encodeForTraining(
        task,
        batch.map(({ example }) => example),
      )
    ).flat();
    return { indices: batch.map(({ index }) => index), features };
  };
  /** Batches of a stretch, each with nothing twice that is to be there once. */
  const apart = (batches: NumberedExample<Example>[][]): NumberedExample<Example>[][] => {
    if (!task.apart) return batches;
    const all = batches.flat();
    const numbers = new Map(all.map((one, i) => [one, i]));
    const own = batches.map((batch) => batch.map((one) => numbers.get(one) as number));
    const keysOf = (i: number) => task.apart?.((all[i] as NumberedExample<Example>).example) ?? [];
    return separate(own, keysOf).map((batch) => batch.map((i) => all[i] as NumberedExample<Example>));
  };
  return {
    length: stream.length,
    fingerprint: () => stream.fingerprint,
    async *batches({ batchSize, seed, epoch, bucketing }, first) {
      const random = new Random(deriveSeed(seed, 'order', epoch));
      let number = 0;
      let seen = 0;
      let stretch: NumberedExample<Example>[] = [];
      const batchesOf = async function* (examples: readonly NumberedExample<Example>[]) {
        const sizes = new Map(examples.map((one) => [one, stream.sizeOf(one.example)]));
        const size = (one: NumberedExample<Example>) => sizes.get(one) as number;
        const isLast = seen === stream.length;
        const sorted = bucketing ? [...examples].sort((a, b) => size(b) - size(a)) : examples;
        const cut = apart(chunks(sorted, batchSize));
        // The batch that is not full comes last of all, so that each epoch has as many steps.
        const whole = isLast && (cut.at(-1)?.length ?? 0) < batchSize ? cut.slice(0, -1) : cut;
        const rest = cut.slice(whole.length);
        for (const batch of [...(bucketing ? random.shuffle(whole) : whole), ...rest]) {
          if (number++ >= first) yield await encode(batch);
        }
      };
      for await (const numbered of shuffled(stream.examples(), bufferSize, random)) {
        seen++;
        stretch.push(numbered);
        if (stretch.length < batchSize * batchesPerBucket) continue;
        yield* batchesOf(stretch);
        stretch = [];
      }
      if (seen !== stream.length) {
        throw new UserError(
          `${seen} examples were read, where ${stream.length} were counted: the files changed during training`,
        );
      }
      if (stretch.length > 0) yield* batchesOf(stretch);
    },
  };
}
