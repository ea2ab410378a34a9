/** @file `--seeds 1,2,3`: the same run with several seeds, and what they come to together. */
import { join } from 'node:path';
import { exists, writeAtomically } from '#files';
import { meanAndDeviation } from '../../../metrics/statistics/mean-and-deviation.js';
import { UserError } from '../../../platform/errors.js';
import type { Evaluation } from '../../../tasks/task.js';
import { isInterrupted } from '../../exit.js';
import { checkOutput, type OutputArguments } from '../../options/run-options.js';

/** What a command that is run for several seeds knows of them. */
export interface SeedArguments {
  readonly seed?: number;
  /** A run for each. */
  readonly seeds?: readonly number[];
  readonly json?: boolean;
}

/**
 * Runs each seed into its own folder, `seed-N` of the output folder, and writes summary.json beside them. Without an
 * evaluation there is nothing to sum up.
 */
export async function trainSeeds<Options extends OutputArguments & SeedArguments>(
  seeds: readonly number[],
  options: Options,
  trainOnce: (options: Options) => Promise<Evaluation | undefined>,
): Promise<void> {
  const found: { seed: number; metrics: Evaluation['metrics'] }[] = [];
  const runs = seeds.map((seed) => ({ ...options, seed, output: join(options.output, `seed-${seed}`) }));
  for (const run of runs) await checkOutput(run); // before hours are spent on the first
  const summary = join(options.output, 'summary.json');
  if (!options.resume && !options.overwrite && (await exists(summary))) {
    throw new UserError(
      `${summary}: is there already. Give another --output, --resume to continue, or --overwrite to replace it.`,
    );
  }
  for (const run of runs) {
    const { seed } = run;
    const evaluation = await trainOnce(run);
    if (isInterrupted()) return;
    if (evaluation) found.push({ seed, metrics: evaluation.metrics });
  }
  if (found.length === 0) return;
  // A score that a run does not have, since it is not defined there, has no mean.
  const names = Object.keys(found[0]?.metrics ?? {}).filter((name) => found.every((each) => name in each.metrics));
  const metrics = Object.fromEntries(
    names.map((name) => [name, meanAndDeviation(found.map((each) => each.metrics[name] as number))]),
  );
  await writeAtomically(summary, `${JSON.stringify({ seeds: found, metrics }, null, 2)}\n`);
  if (options.json) {
    console.log(JSON.stringify({ type: 'seeds', seeds: found.map(({ seed }) => seed), metrics }));
    return;
  }
  console.log(`\n${found.length} seeds: mean and standard deviation`);
  for (const [name, { mean, deviation }] of Object.entries(metrics)) {
    console.log(`${name.padEnd(24)}${mean.toFixed(4)} +- ${deviation.toFixed(4)}`);
  }
}
