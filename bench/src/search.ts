/**
 * @file `npm run bench -- search [--studies 10] [--trials 60]`: how near to the lowest value of five functions searches come: ours
 * by TPE, at random and by others, beside Optuna's default sampler in the same run. Of the noisy function the value without
 * noise counts, at the trial that looked best.
 */
import { parseArgs } from 'node:util';
import { search } from 'multihead/search';
import { Peer, peerScript, python } from './peer.js';
import { functions, type Noise } from './search-functions.js';

/** Runs the command. */
export async function run(args: readonly string[]): Promise<void> {
  const options = { studies: { type: 'string' }, trials: { type: 'string' }, first: { type: 'string' } } as const;
  const { values } = parseArgs({ args: [...args], options });
  const [studies, trials, first] = [
    Number(values.studies ?? 10),
    Number(values.trials ?? 60),
    Number(values.first ?? 1),
  ];
  const seeds = Array.from({ length: studies }, (_, i) => first + i);
  const optuna = new Peer(python, [peerScript('search_functions.py')]);
  const { version } = await optuna.read();
  console.log(
    `median of ${studies} studies of ${trials} trials: distance to the lowest value, and seconds of a study\n`,
  );
  console.log(
    `${'function'.padEnd(14)}${['tpe', 'random', 'sobol', 'cma-es', `Optuna ${version}`].map((name) => name.padStart(20)).join('')}`,
  );
  for (const [name, { lowest }] of Object.entries(functions)) {
    const cells: string[] = [];
    for (const sampler of ['tpe', 'random', 'sobol', 'cma-es']) {
      cells.push(await measured(seeds, lowest, (seed) => ours(name, sampler, trials, seed)));
    }
    cells.push(
      await measured(
        seeds,
        lowest,
        async (seed) => (await optuna.ask({ function: name, trials, seed })).best as number,
      ),
    );
    console.log(`${name.padEnd(14)}${cells.map((cell) => cell.padStart(20)).join('')}`);
  }
  optuna.end();
}

async function measured(
  seeds: readonly number[],
  lowest: number,
  best: (seed: number) => Promise<number>,
): Promise<string> {
  const began = performance.now();
  const distances: number[] = [];
  for (const seed of seeds) distances.push((await best(seed)) - lowest);
  const seconds = (performance.now() - began) / 1000 / seeds.length;
  return `${median(distances).toPrecision(3)} (${seconds.toFixed(2)} s)`;
}

async function ours(name: string, sampler: string, trials: number, seed: number): Promise<number> {
  const noise = normal(seed);
  const values: number[] = [];
  const study = await search({
    sampler,
    trials,
    seed,
    objective(trial) {
      const value = (functions[name] as (typeof functions)[string]).value(trial, noise);
      values.push(value.true);
      return value.observed;
    },
  });
  return values[study.best?.number as number] as number;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] as number) + (sorted[Math.floor(middle)] as number)) / 2;
}

/** Draws from N(0, 1), decided by a seed (a linear congruential generator and Box and Muller's method). */
function normal(seed: number): Noise {
  let state = seed * 2654435761;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
