/**
 * @file `npm run bench -- search-pruning --data ../shared/data --output DIR [--model models/mini] [--trials 64] [--orders 200]`: how
 * much training ASHA saves. `multihead search --sampler random` trains all trials to their end on short sentences of SST-2, with
 * nine evaluations each. What a trial comes to depends on its settings alone, so the same trials are then searched again with
 * ASHA, in many orders, from what was recorded. Goes on where it was interrupted.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readClassificationExamples } from 'multihead';
import { openStorage, openStudy, search, TrialPruned, type TrialRecord } from 'multihead/search';
import { multihead, shuffled, writeExamples } from './search-side.js';
import { median } from './synthetic.js';

const space = {
  'learning-rate': { type: 'float', low: 1e-5, high: 1e-2, log: true },
  'warmup-ratio': { type: 'float', low: 0, high: 0.3 },
  'weight-decay': { type: 'float', low: 0, high: 0.3 },
};
const evaluations = 9;
const batchSize = 8;
const trainTexts = 360;
const evaluationTexts = 160;
const mostWords = 12;

/** Runs the benchmark. */
export async function run(args: readonly string[]): Promise<void> {
  const string = (value?: string) => ({ type: 'string' as const, ...(value !== undefined && { default: value }) });
  const { values } = parseArgs({
    args: [...args],
    options: {
      model: string('models/mini'),
      data: string('../shared/data'),
      output: string(),
      trials: string('64'),
      orders: string('200'),
    },
  });
  const { model, data, output, orders } = values as Record<keyof typeof values, string>;
  const curves = await recorded({ model, data, output, trials: Number(values.trials) });
  const finals = curves.map((curve) => curve.at(-1) as number);
  const best = Math.max(...finals);
  console.log(`${curves.length} trials of ${evaluations} evaluations at random: the best comes to ${shown(best)}`);
  for (const reductionFactor of [3, 4]) {
    const found: Pruned[] = [];
    for (let seed = 1; seed <= Number(orders); seed++)
      found.push(await pruned(shuffled(curves, seed), { best, reductionFactor }));
    report(found, { best, reductionFactor, whole: curves.length * evaluations });
  }
}

/** The evaluations of trials that were not pruned. The first trial, which has the defaults, is left out. */
async function recorded(asked: {
  readonly model: string;
  readonly data: string;
  readonly output: string;
  readonly trials: number;
}): Promise<number[][]> {
  const { model, data, output, trials } = asked;
  mkdirSync(output, { recursive: true });
  const examples = async (name: string, count: number) => {
    const all = await readClassificationExamples(join(data, `sst2/${name}.tsv`));
    const short = all.filter(({ text }) => text.split(' ').length <= mostWords).slice(0, count);
    return writeExamples(join(output, `${name}.jsonl`), short);
  };
  const spaceFile = join(output, 'space.json');
  writeFileSync(spaceFile, JSON.stringify(space));
  const steps = trainTexts / batchSize;
  const folder = join(output, 'search');
  const journal = join(folder, 'search.journal');
  await multihead(
    ...['search', 'text-classification', '--model', model, '--space', spaceFile, '--sampler', 'random'],
    ...['--train', await examples('train', trainTexts), '--eval', await examples('dev', evaluationTexts)],
    ...['--epochs', '1', '--batch-size', `${batchSize}`, '--eval-steps', `${steps / evaluations}`],
    ...['--save-steps', `${2 * steps}`, '--trials', `${trials + 1}`, '--keep-models', 'none', '--output', folder],
    ...(existsSync(journal) ? ['--resume'] : []),
  );
  const storage = openStorage(journal);
  const study = await openStudy({ name: 'text-classification', direction: 'maximize', storage });
  return study.trials.slice(1).map(curveOf);
}

function curveOf({ number, state, intermediateValues }: TrialRecord): number[] {
  const values = [...intermediateValues].sort(([a], [b]) => a - b).map(([, value]) => value);
  if (state !== 'complete' || values.length !== evaluations) {
    throw new Error(`trial ${number} is ${state}, with ${values.length} of ${evaluations} evaluations`);
  }
  return values;
}

/** What a search with ASHA came to, in evaluations, each of which costs the same training. */
interface Pruned {
  readonly all: number;
  readonly best: number;
  /** When the score of the best trial at random was reached; undefined if it was not. */
  readonly reached: number | undefined;
}

async function pruned(
  curves: readonly (readonly number[])[],
  { best, reductionFactor }: { readonly best: number; readonly reductionFactor: number },
): Promise<Pruned> {
  let all = 0;
  let reached: number | undefined;
  const study = await search({
    direction: 'maximize',
    sampler: 'random',
    pruner: 'asha',
    prunerOptions: { reductionFactor },
    trials: curves.length,
    async objective(trial) {
      const curve = curves[trial.number] as readonly number[];
      for (const [i, value] of curve.entries()) {
        all++;
        trial.report(value, i + 1);
        if (await trial.shouldPrune()) throw new TrialPruned();
      }
      if (curve.at(-1) === best) reached ??= all;
      return curve.at(-1) as number;
    },
  });
  return { all, best: study.best?.values?.[0] as number, reached };
}

function report(
  found: readonly Pruned[],
  told: { readonly best: number; readonly reductionFactor: number; readonly whole: number },
): void {
  const { best, reductionFactor, whole } = told;
  const share = (evaluated: number) => `${((100 * evaluated) / whole).toFixed(1)} %`;
  const reached = found.flatMap((each) => each.reached ?? []);
  const gaps = found.map((each) => best - each.best);
  console.log(
    [
      `ASHA, one of ${reductionFactor} goes on, ${found.length} orders:`,
      `  all trials: median ${share(median(found.map(({ all }) => all)))} of the training of random search`,
      `  the same best score in ${reached.length} orders, after ${reached.length === 0 ? 'none' : share(median(reached))} (median)`,
      `  below it by ${shown(median(gaps))} in the median, ${shown(Math.max(...gaps))} at most`,
    ].join('\n'),
  );
}

const shown = (score: number): string => `${(100 * score).toFixed(2)} %`;
