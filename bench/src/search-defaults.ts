/**
 * @file `npm run bench -- search-defaults --data ../shared/data --output DIR [--model models/mini] [--texts 1540] [--held-out 770]
 * [--trials 20]`: is what a search finds better than the defaults? `multihead search` with its default space and ASHA trains on
 * texts of Banking77's training file and compares trials by others of it; then the best trial and the first one, which has the
 * defaults, label the test file, which the search has not seen. Goes on where it was interrupted.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readClassificationExamples } from 'multihead';
import { openStorage, openStudy } from 'multihead/search';
import { multihead, shuffled, writeExamples } from './search-side.js';
import { string } from './string-option.js';

/** Runs the benchmark. */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      model: string('models/mini'),
      data: string('../shared/data'),
      output: string(),
      texts: string('1540'),
      'held-out': string('770'),
      trials: string('20'),
    },
  });
  const { model, data, output, texts, 'held-out': heldOut, trials } = values as Record<keyof typeof values, string>;
  mkdirSync(output, { recursive: true });
  const columns = { text: 'text', label: 'category' };
  const all = shuffled(await readClassificationExamples(join(data, 'banking77/train.csv'), { columns }), 1);
  const train = writeExamples(join(output, 'train.jsonl'), all.slice(0, Number(texts)));
  const held = writeExamples(join(output, 'held-out.jsonl'), all.slice(-Number(heldOut)));
  const test = writeExamples(
    join(output, 'test.jsonl'),
    await readClassificationExamples(join(data, 'banking77/test.csv'), { columns }),
  );
  const folder = join(output, 'search');
  const journal = join(folder, 'search.journal');
  await multihead(
    ...['search', 'text-classification', '--model', model, '--train', train, '--eval', held, '--max-length', '64'],
    ...['--trials', trials, '--pruner', 'asha', '--keep-models', 'all', '--output', folder],
    ...(existsSync(journal) ? ['--resume'] : []),
  );
  const study = await openStudy({
    name: 'text-classification',
    direction: 'maximize',
    storage: openStorage(journal),
  });
  const { trials: ran, best } = study;
  const evaluations = ran.reduce((sum, { intermediateValues }) => sum + intermediateValues.size, 0);
  const asked = ran.reduce((sum, { params }) => sum + (params.epochs as number), 0);
  console.log(`${ran.length} trials; ${evaluations} epochs trained of the ${asked} that they would have had`);
  for (const [what, trial] of [['defaults', ran[0]] as const, ['best', best] as const]) {
    if (!trial) throw new Error('no trial came to its end');
    const into = join(output, what);
    await multihead(
      ...['evaluate', 'text-classification', '--model', join(folder, `trial-${trial.number}`), '--data', test],
      ...['--report', into, '--overwrite'],
    );
    const { metrics } = JSON.parse(readFileSync(join(into, 'report.json'), 'utf8')) as {
      readonly metrics: Readonly<Record<string, number>>;
    };
    const [held, tested] = [trial.values?.[0], metrics.accuracy].map((value) => (100 * Number(value)).toFixed(2));
    console.log(`${what}: ${JSON.stringify(trial.params)}: ${held} of the held-out texts, ${tested} of the test file`);
  }
}
