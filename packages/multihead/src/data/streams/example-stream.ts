/** @file Examples that come from files as they are needed, in an order that a buffer mixes. */
import type { Random } from '../../platform/random.js';

/** Examples that need not fit into memory, with what was found by going through them once. */
export interface ExampleStream<Example> {
  /** How many there are. */
  readonly length: number;
  /** The examples in the order of the files, many at a time, the same each time. */
  examples(): AsyncIterable<readonly Example[]>;
  /** How long an example is, in whatever unit: examples of like length go into one batch. */
  sizeOf(example: Example): number;
  /** Fingerprint of the examples, by which a resumed run sees that it has the same data. */
  readonly fingerprint: string;
}

/** An example and its number in the order of the files, from 0. */
export interface NumberedExample<Example> {
  readonly index: number;
  readonly example: Example;
}

/**
 * Mixes examples as `datasets` does: a buffer is filled; each example that comes takes the place of one drawn at random,
 * which goes on; at the end the buffer's rest comes in random order. A buffer of all examples mixes them fully.
 *
 * @param bufferSize examples in the buffer, at least 1
 * @example
 * async function* groups() { yield ['a', 'b']; yield ['c']; }
 * for await (const { index, example } of shuffled(groups(), 10_000, random)) console.log(index, example);
 */
export async function* shuffled<Example>(
  groups: AsyncIterable<readonly Example[]>,
  bufferSize: number,
  random: Random,
): AsyncGenerator<NumberedExample<Example>> {
  const buffer: NumberedExample<Example>[] = [];
  let index = 0;
  for await (const group of groups) {
    for (const example of group) {
      const numbered = { index: index++, example };
      if (buffer.length < bufferSize) {
        buffer.push(numbered);
        continue;
      }
      const drawn = random.below(bufferSize);
      const out = buffer[drawn] as NumberedExample<Example>;
      buffer[drawn] = numbered;
      yield out;
    }
  }
  yield* random.shuffle(buffer);
}
