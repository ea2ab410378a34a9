/**
 * @file `npm run bench -- search-objectives [--studies 10] [--trials 250] [--samplers nsga-ii,random]`: how much of the front of two
 * objectives searches find: the hypervolume of ZDT1 and ZDT2 (Zitzler, Deb and Thiele 2000) with 8 variables up to the point (1.1, 7),
 * by our samplers, beside Optuna's NSGAIISampler in the same run.
 */
import { parseArgs } from 'node:util';
import { search, type Trial } from 'multihead/search';
import { Peer, peerScript, python } from './peer.js';
import { median } from './synthetic.js';

type Point = readonly [number, number];

const variables = 8;
const reference: Point = [1.1, 7];

/** The second objective, from the first and from how far the others are from the front. */
const shapes: Readonly<Record<string, (x: number, far: number) => number>> = {
  zdt1: (x, far) => far * (1 - Math.sqrt(x / far)),
  zdt2: (x, far) => far * (1 - (x / far) ** 2),
};

/** Runs the command. */
export async function run(args: readonly string[]): Promise<void> {
  const options = { studies: { type: 'string' }, trials: { type: 'string' }, samplers: { type: 'string' } } as const;
  const { values } = parseArgs({ args: [...args], options });
  const trials = Number(values.trials ?? 250);
  const seeds = Array.from({ length: Number(values.studies ?? 10) }, (_, i) => i + 1);
  const optuna = new Peer(python, [peerScript('search_functions.py')]);
  const { version } = await optuna.read();
  const samplers = (values.samplers ?? 'nsga-ii,random').split(',');
  console.log(`median hypervolume of ${seeds.length} studies of ${trials} trials (least, most)`);
  console.log(['', ...samplers, `Optuna ${version} NSGA-II`].map((name) => name.padEnd(24)).join(''));
  for (const name of Object.keys(shapes)) {
    const cells: string[] = [];
    for (const sampler of samplers) cells.push(await measured(seeds, (seed) => ours(name, sampler, trials, seed)));
    const theirs = async (seed: number) => (await optuna.ask({ objectives: name, trials, seed })).values as Point[];
    cells.push(await measured(seeds, theirs));
    console.log([name, ...cells].map((cell) => cell.padEnd(24)).join(''));
  }
  optuna.end();
}

async function measured(seeds: readonly number[], points: (seed: number) => Promise<Point[]>): Promise<string> {
  const volumes: number[] = [];
  for (const seed of seeds) volumes.push(volume(await points(seed)));
  const [middle, least, most] = [median(volumes), Math.min(...volumes), Math.max(...volumes)];
  return `${middle.toFixed(3)} (${least.toFixed(3)}, ${most.toFixed(3)})`;
}

async function ours(name: string, sampler: string, trials: number, seed: number): Promise<Point[]> {
  const objective = (trial: Trial): Point => {
    const [x = 0, ...others] = Array.from({ length: variables }, (_, i) => trial.suggestFloat(`x${i}`, 0, 1));
    const far = 1 + (9 * others.reduce((a, b) => a + b, 0)) / others.length;
    return [x, (shapes[name] as (typeof shapes)[string])(x, far)];
  };
  const study = await search({ direction: ['minimize', 'minimize'], sampler, trials, seed, objective });
  return study.trials.map(({ values }) => values as unknown as Point);
}

/** The area that points dominate. */
function volume(points: readonly Point[]): number {
  const inside = points.filter(([a, b]) => a < reference[0] && b < reference[1]).sort(([a], [b]) => a - b);
  let area = 0;
  let lowest = reference[1];
  for (const [a, b] of inside) {
    if (b >= lowest) continue;
    area += (reference[0] - a) * (lowest - b);
    lowest = b;
  }
  return area;
}
