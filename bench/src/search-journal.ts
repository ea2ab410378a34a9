/**
 * @file `npm run bench -- search-journal`: a study in a journal that Multihead begins, Optuna continues, Multihead continues, and both
 * continue at the same time, with Optuna's lock between them. In the end both read the same trials, each of which was run once.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStorage, type Study, search, TrialPruned } from 'multihead/search';
import { Peer, peerScript, python } from './peer.js';

/** Runs the command. */
export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'search-journal-'));
  const path = join(folder, 'search.journal');
  const optuna = new Peer(python, [peerScript('search_journal.py')]);
  const { version } = await optuna.read();
  const theirs = async (trials: number) => (await optuna.ask({ path, study: 'shared', trials })).trials as unknown[];

  await ours(path, 15);
  compare('begun here, read by Optuna', await ours(path, 15), await theirs(0));
  await theirs(10);
  const continued = await ours(path, 40);
  compare('continued by Optuna, then here', continued, await theirs(0));
  await Promise.all([theirs(40), ours(path, 100)]);
  const both = await ours(path, 0);
  compare('both at the same time', both, await theirs(0));
  const numbers = both.trials.map(({ number }) => number);
  if (new Set(numbers).size !== numbers.length || both.trials.some(({ state }) => state === 'running')) {
    throw new Error('a trial was lost, or run twice');
  }
  console.log(`Optuna ${version}: ${both.trials.length} trials, the best ${both.best?.values?.[0]}`);
  optuna.end();
  rmSync(folder, { recursive: true });
}

function ours(path: string, trials: number): Promise<Study> {
  return search({
    name: 'shared',
    storage: openStorage(path),
    trials,
    objective: (trial) => {
      const kind = trial.suggestCategorical('kind', ['a', 'b']);
      const x = trial.suggestFloat('x', 1e-3, 1e3, { log: true });
      const n = kind === 'a' ? trial.suggestInt('n', 1, 9) : 0;
      trial.report(Number.NaN, 1);
      trial.report(x, 2);
      if (trial.number % 5 === 4) throw new TrialPruned();
      return x + n;
    },
  });
}

/** Both must read the same of each trial. */
function compare(what: string, { trials }: Study, theirs: readonly unknown[]): void {
  const read = trials.map(({ number, state, params, values }) => [number, state, params, values ?? null]);
  const key = (trial: unknown) => JSON.stringify(trial, (_, value) => sorted(value));
  const differs = read.findIndex((trial, i) => key(trial) !== key(theirs[i]));
  if (differs >= 0 || read.length !== theirs.length) {
    throw new Error(`${what}: trial ${differs} is read as ${key(read[differs])} and as ${key(theirs[differs])}`);
  }
  console.log(`${what}: ${read.length} trials, read alike`);
}

/** Objects with their keys in order. */
const sorted = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
