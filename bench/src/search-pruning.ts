/**
 * @file `npm run bench -- search-pruning --data ../shared/data --output DIR [--model models/mini] [--trials 64] [--texts 360] [--held-out 160]
 * [--words 12] [--epochs 1] [--orders 100]`: how much training pruners save. `multihead search --sampler random` trains all trials to
 * their end on short sentences of SST-2, with nine evaluations each. What a trial comes to depends on its settings alone, so the
 * same trials are then searched again with pruners, in many orders, from what was recorded. Goes on where it was interrupted.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readClassificationExamples } from 'multihead';
import { openStorage, openStudy, search, TrialPruned, type TrialRecord } from 'multihead/search';
import { multihead, shuffled, writeExamples } from './search-side.js';
import { string } from './string-option.js';
import { median } from './synthetic.js';

/** No warm-up: early evaluations of runs with different warm-ups rank them mostly by its length. */
const space = {
  'learning-rate': { type: 'float', low: 1e-5, high: 1e-2, log: true },
  'label-smoothing': { type: 'float', low: 0, high: 0.2 },
  'weight-decay': { type: 'float', low: 0, high: 0.3 },
};
const evaluations = 9;
const batchSize = 8;
/** How far below the best a found score may be, in parts of 1. */
const margins = [0, 0.005, 0.01, 0.02];

/** Pruners that are compared; the evaluations are their steps. */
const pruners = [
  ['none', {}],
  ['asha', {}],
  ['asha', { compare: 'last' }],
  ['asha', { reductionFactor: 2 }],
  ['asha', { minResource: 2, reductionFactor: 2 }],
  ['asha', { minResource: 3 }],
  ['asha', { minResource: 6 }],
  ['median', {}],
  ['percentile', { percentile: 25, warmupSteps: 5 }],
] as const;

/** A trial that was trained to its end. */
interface Curve {
  /** Of the best evaluation, whose model is kept. */
  readonly score: number;
  readonly evaluations: readonly number[];
}

/** Runs the benchmark. */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      model: string('models/mini'),
      data: string('../shared/data'),
      output: string(),
      trials: string('64'),
      texts: string('360'),
      'held-out': string('160'),
      words: string('12'),
      epochs: string('1'),
      orders: string('100'),
    },
  });
  const asked = values as Asked & { readonly orders: string };
  const curves = await recorded(asked);
  const best = Math.max(...curves.map(({ score }) => score));
  const whole = curves.length * evaluations;
  const orders = Array.from({ length: Number(asked.orders) }, (_, i) => shuffled(curves, i + 1));
  console.log(`${curves.length} trials of ${evaluations} evaluations at random; the best score is ${best}`);
  console.log(
    'all: training of all trials; then for scores so far below the best: orders that find one, and the training until then (median)',
  );
  for (const [pruner, options] of pruners) {
    const found: Searched[] = [];
    for (const order of orders) found.push(await searched(order, pruner, options));
    const share = (evaluated: readonly number[]) =>
      evaluated.length === 0 ? '' : ` ${((100 * median(evaluated)) / whole).toFixed(1)} %`;
    const after = (score: number) => {
      const reached = found.flatMap(({ completed }) => completed.find((each) => each.score >= score)?.at ?? []);
      return `${reached.length}/${found.length}${share(reached)}`;
    };
    const columns = margins.map((margin) => `${(100 * margin).toFixed(1)}: ${after(best - margin)}`);
    const all = `all${share(found.map((order) => order.all))}`;
    console.log(`${pruner} ${JSON.stringify(options)}: ${[all, ...columns].join(', ')}`);
  }
}

/** The command's options, as they are typed. */
interface Asked {
  readonly model: string;
  readonly data: string;
  readonly output: string;
  readonly trials: string;
  readonly texts: string;
  readonly 'held-out': string;
  readonly words: string;
  readonly epochs: string;
}

/** The evaluations of trials that were not pruned. The first trial, which has the defaults, is left out. */
async function recorded({ model, data, output, trials, words, epochs, ...asked }: Asked): Promise<Curve[]> {
  mkdirSync(output, { recursive: true });
  const examples = async (name: string, count: string) => {
    const all = await readClassificationExamples(join(data, `sst2/${name}.tsv`));
    const short = all.filter(({ text }) => text.split(' ').length <= Number(words)).slice(0, Number(count));
    return writeExamples(join(output, `${name}.jsonl`), short);
  };
  const spaceFile = join(output, 'space.json');
  writeFileSync(spaceFile, JSON.stringify(space));
  const steps = Math.ceil(Number(asked.texts) / batchSize) * Number(epochs);
  const folder = join(output, 'search');
  const journal = join(folder, 'search.journal');
  await multihead(
    ...['search', 'text-classification', '--model', model, '--space', spaceFile, '--sampler', 'random'],
    ...['--train', await examples('train', asked.texts), '--eval', await examples('dev', asked['held-out'])],
    ...['--epochs', epochs, '--batch-size', `${batchSize}`, '--eval-steps', `${Math.ceil(steps / evaluations)}`],
    ...['--save-steps', `${2 * steps}`, '--keep-models', 'none'],
    ...['--trials', `${Number(trials) + 1}`, '--output', folder],
    ...(existsSync(journal) ? ['--resume'] : []),
  );
  const storage = openStorage(journal);
  const study = await openStudy({ name: 'text-classification', direction: 'maximize', storage });
  return study.trials.slice(1).map(curveOf);
}

function curveOf({ number, state, values = [], intermediateValues }: TrialRecord): Curve {
  const reported = [...intermediateValues].sort(([a], [b]) => a - b).map(([, value]) => value);
  if (state !== 'complete' || reported.length !== evaluations) {
    throw new Error(`trial ${number} is ${state}, with ${reported.length} of ${evaluations} evaluations`);
  }
  return { score: values[0] as number, evaluations: reported };
}

/** What a search with a pruner came to, in evaluations, each of which costs the same training. */
interface Searched {
  readonly all: number;
  /** Trials that came to their end, and when. */
  readonly completed: readonly { readonly score: number; readonly at: number }[];
}

async function searched(curves: readonly Curve[], pruner: string, prunerOptions: object): Promise<Searched> {
  let all = 0;
  const completed: { score: number; at: number }[] = [];
  await search({
    direction: 'maximize',
    sampler: 'random',
    pruner,
    prunerOptions: { ...prunerOptions },
    trials: curves.length,
    async objective(trial) {
      const { score, evaluations } = curves[trial.number] as Curve;
      for (const [i, value] of evaluations.entries()) {
        all++;
        trial.report(value, i + 1);
        if (await trial.shouldPrune()) throw new TrialPruned();
      }
      completed.push({ score, at: all });
      return score;
    },
  });
  return { all, completed };
}
