/** @file A note on texts that are in too many examples for a loss whose negatives are the other texts of a batch. */
import type { Task } from '../../../tasks/task.js';

/**
 * Describes the most frequent text, if there are fewer batches than examples with it: some batches then contain it twice, and
 * one example's text is a false negative of the other's.
 *
 * @returns undefined where every batch can do without repetitions, or the task compares no examples with each other
 * @example
 * repeatedTexts({ apart: ({ texts }) => texts }, [{ texts: ['a', 'x'] }, { texts: ['b', 'x'] }], 8)
 * // '"x" is in 2 examples, and there is 1 batch: ...'
 */
export function repeatedTexts<Example>(
  task: Pick<Task<Example>, 'apart'>,
  examples: readonly Example[],
  batchSize: number,
): string | undefined {
  const counts = new Map<string, number>();
  for (const example of examples) {
    for (const text of new Set(task.apart?.(example))) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const [text, count] = [...counts].reduce((most, each) => (each[1] > most[1] ? each : most), ['', 0]);
  const batches = Math.ceil(examples.length / batchSize);
  if (count <= batches) return undefined;
  const shown = text.length > 60 ? `${text.slice(0, 60)}...` : text;
  const most = Math.floor(examples.length / count);
  return (
    `${JSON.stringify(shown)} is in ${count} examples, and there ${batches === 1 ? 'is 1 batch' : `are ${batches} batches`}: ` +
    'some batches contain it twice, where it counts as its own negative ' +
    `(${most < 2 ? 'leave out repeated examples' : `--batch-size ${most} or less avoids that`})`
  );
}
