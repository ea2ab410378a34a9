/**
 * @file `npm run bench -- search-killing [--kills 20] [--seed 1] [--storage PLACE] [--namespaces]`: workers of one search are killed
 * with SIGKILL at random moments, until so many were killed; then the search is finished. No trial may be lost, none run to its
 * end twice, and the best must be that of a search that nobody killed.
 * With --namespaces, each worker is a machine of its own to the others: it has its own network and process numbers (unshare, as
 * root), and only its silence tells that it is gone.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openStorage, openStudy, search } from 'multihead/search';
import { uniform } from './uniform.js';

const trials = 120;
const workers = 3;
const space = { x: { type: 'float', low: -5, high: 5 }, y: { type: 'float', low: -5, high: 5 } } as const;
const loss = (x: number, y: number): number => (x - 1) ** 2 + (y + 2) ** 2;
const study = { name: `killing-${process.pid}`, sampler: 'sobol', seed: 1, space } as const;

/** Runs the command. */
export async function run(args: readonly string[]): Promise<void> {
  const options = {
    kills: { type: 'string' },
    seed: { type: 'string' },
    storage: { type: 'string' },
    worker: { type: 'string' },
    namespaces: { type: 'boolean' },
  } as const;
  const { values } = parseArgs({ args: [...args], options });
  const folder = mkdtempSync(join(tmpdir(), 'search-killing-'));
  const place = values.storage ?? join(folder, 'search.journal');
  if (values.worker) {
    await work(place, values.worker);
    return;
  }
  const random = uniform(Number(values.seed ?? 1));
  const kills = Number(values.kills ?? 20);
  const finished = join(folder, 'finished.txt');
  writeFileSync(finished, '');
  const whole = await search({ ...study, trials, objective: ({ params: { x, y } }) => loss(x, y) });

  const name = `${study.name}`;
  const begin = (): ChildProcess => {
    const side = fileURLToPath(new URL('./main.js', import.meta.url));
    const own = ['search-killing', '--storage', place, '--worker', JSON.stringify({ name, finished })];
    const alone = values.namespaces ? ['unshare', '--net', '--pid', '--fork', '--kill-child', '--mount-proc'] : [];
    const [command = '', ...rest] = [...alone, process.execPath, side, ...own];
    return spawn(command, rest, { stdio: ['ignore', 'inherit', 'inherit'] });
  };
  const running = Array.from({ length: workers }, begin);
  for (let kill = 1; kill <= kills; kill++) {
    await new Promise((done) => setTimeout(done, 150 + 500 * random()));
    const victim = Math.floor(random() * workers);
    running[victim]?.kill('SIGKILL');
    running[victim] = begin();
  }
  const codes = await Promise.all(running.map((child) => new Promise((done) => child.once('exit', done))));

  const storage = openStorage(place, { expireAfter });
  const found = await openStudy({ ...study, name, storage });
  await storage.close();
  const ran = readFileSync(finished, 'utf8').trim().split('\n').map(Number);
  const complete = found.trials.filter(({ state }) => state === 'complete');
  const isSame = found.trials.every(({ params, values: [value] = [] }, i) => {
    const other = whole.trials[i];
    return params.x === other?.params.x && params.y === other?.params.y && value === other?.values?.[0];
  });
  console.log(
    [
      `${kills} workers killed; the others ended with ${codes.join(', ')}`,
      `${found.trials.length} of ${trials} trials, ${complete.length} complete; objectives that ran to their end: ${ran.length}`,
      `the same values as of an unbroken search: ${isSame}; best ${found.best?.values?.[0]}, unbroken ${whole.best?.values?.[0]}`,
    ].join('\n'),
  );
  if (!isSame || complete.length !== trials || found.best?.number !== whole.best?.number)
    throw new Error('not the same as of the unbroken search');
}

/** In seconds: processes of this machine are known to be dead at once, those of others after so long. */
const expireAfter = 5;

/** A worker: runs trials that take a while, and notes each that it has brought to its end. */
async function work(place: string, told: string): Promise<void> {
  const { name, finished } = JSON.parse(told) as { readonly name: string; readonly finished: string };
  const storage = openStorage(place, { expireAfter });
  await search({
    ...study,
    name,
    storage,
    trials,
    objective: async (trial) => {
      for (let step = 1; step <= 4; step++) {
        await new Promise((done) => setTimeout(done, 25));
        trial.report(loss(trial.params.x, trial.params.y) / step, step);
        await trial.shouldPrune();
      }
      appendFileSync(finished, `${trial.number}\n`);
      return loss(trial.params.x, trial.params.y);
    },
  });
  await storage.close();
}
