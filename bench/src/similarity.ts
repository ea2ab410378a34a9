/**
 * @file `npm run bench -- similarity --model MINILM --data DATA`: search among vectors, encoding and training steps of a
 * bi-encoder in Multihead and in Python's sentence-transformers, alternating in one run. `--only` takes one of search,
 * encoding, training; search needs neither model nor data.
 */
import { parseArgs } from 'node:util';
import { measureEncoding } from './similarity-encoding.js';
import { measureSearch } from './similarity-search.js';
import { measureTraining } from './similarity-training.js';

/** Runs the benchmark and prints a line for each measurement. */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      queries: { type: 'string', default: '10000' },
      corpus: { type: 'string', default: '100000' },
      size: { type: 'string', default: '384' },
      k: { type: 'string', default: '10' },
      rounds: { type: 'string', default: '3' },
      steps: { type: 'string', default: '10' },
      only: { type: 'string' },
      model: { type: 'string' },
      data: { type: 'string' },
    },
  });
  const number = (name: 'queries' | 'corpus' | 'size' | 'k' | 'rounds' | 'steps') => Number(values[name]);
  const [queries, corpus, size, k, rounds] = (['queries', 'corpus', 'size', 'k', 'rounds'] as const).map(number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const { only, model, data } = values;
  const isAsked = (part: string) => only === undefined || only === part;
  if (model && data && isAsked('training')) await measureTraining(model, data, number('steps'));
  if (model && data && isAsked('encoding')) await measureEncoding(model, data, rounds);
  if (isAsked('search')) await measureSearch({ queries, corpus, size, k, rounds });
}
