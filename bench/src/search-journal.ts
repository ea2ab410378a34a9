/**
 * @file `npm run bench -- search-journal`: a study in a journal that Multihead begins, Optuna continues, Multihead continues, and both
 * continue at the same time, with Optuna's lock between them. In the end both read the same trials, each of which was run once.
 * Then optuna-dashboard serves the journal, and must show each trial with its parameters, values and reports.
 */
import { spawn } from 'node:child_process';
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
  compareShown(both, await dashboard(path));
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

/** A study as optuna-dashboard's API shows it. */
interface Shown {
  readonly name: string;
  readonly trials: readonly {
    readonly number: number;
    readonly state: string;
    readonly params: readonly { readonly name: string; readonly param_external_value: string }[];
    readonly values?: readonly (number | string)[];
    readonly intermediate_values: readonly { readonly step: number; readonly value: number | string }[];
  }[];
}

/** What optuna-dashboard shows of the first study in a journal. */
async function dashboard(path: string): Promise<Shown> {
  const port = '18765';
  const child = spawn(python, ['-m', 'optuna_dashboard._cli', path, '--host', '127.0.0.1', '--port', port], {
    stdio: 'ignore',
  });
  const ended = new Promise<never>((_, fail) =>
    child.once('exit', (code) => fail(new Error(`optuna-dashboard ended with ${code}; pip install optuna-dashboard`))),
  );
  const api = async (): Promise<Shown> => {
    for (;;) {
      const studies = await fetch(`http://127.0.0.1:${port}/api/studies`).catch(() => undefined);
      if (studies?.ok) break;
      await new Promise((done) => setTimeout(done, 200));
    }
    return (await (await fetch(`http://127.0.0.1:${port}/api/studies/0?after=0`)).json()) as Shown;
  };
  try {
    return await Promise.race([api(), ended]);
  } finally {
    ended.catch(() => undefined);
    child.kill();
  }
}

/** The dashboard writes values of parameters as Python does, and NaN as a text. */
function compareShown(study: Study, shown: Shown): void {
  const number = (value: number | string) => (typeof value === 'string' ? Number(value) : value);
  const here = study.trials.map((trial) => ({
    number: trial.number,
    state: trial.state === 'failed' ? 'Fail' : `${trial.state[0]?.toUpperCase()}${trial.state.slice(1)}`,
    params: Object.fromEntries(Object.entries(trial.params).map(([name, value]) => [name, String(value)])),
    value: trial.values?.[0],
    reports: [...trial.intermediateValues],
  }));
  const there = shown.trials.map(({ number: place, state, params, values, intermediate_values: reports }) => ({
    number: place,
    state,
    params: Object.fromEntries(
      params.map(({ name, param_external_value: value }) => [name, name === 'kind' ? value : String(Number(value))]),
    ),
    value: values?.map(number)[0],
    reports: reports.map(({ step, value }) => [step, number(value)]),
  }));
  const key = (trial: unknown) => JSON.stringify(trial, (_, value) => sorted(value));
  const differs = here.findIndex((trial, i) => key(trial) !== key(there[i]));
  if (differs >= 0 || here.length !== there.length) {
    throw new Error(`optuna-dashboard shows trial ${differs} as ${key(there[differs])}, not as ${key(here[differs])}`);
  }
  console.log(`optuna-dashboard: ${there.length} trials of "${shown.name}", shown with the same values`);
}

/** Objects with their keys in order. */
const sorted = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
