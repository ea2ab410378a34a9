/** @file Trials of a program with a loop of its own. */
import { expect, test } from 'vitest';
import { openStudy, type StudyOptions } from './search.js';

const space = { x: { type: 'float', low: -10, high: 10 }, kind: ['a', 'b'] } as const;
const open = (options: Omit<StudyOptions, 'space'> = {}) => openStudy({ space, seed: 3, ...options });
const loss = ({ x, kind }: { readonly x: number; readonly kind: string }) => (x - 2) ** 2 + (kind === 'a' ? 1 : 0);

test('asking and telling makes the same trials as optimize', async () => {
  const asked = await open();
  for (let i = 0; i < 15; i++) {
    const trial = await asked.ask();
    await asked.tell(trial, loss(trial.params));
  }
  const optimized = await open();
  await optimized.optimize((trial) => loss(trial.params), { trials: 15 });
  const made = ({ trials }: typeof asked) => trials.map(({ params, values, state }) => ({ params, values, state }));
  expect(made(asked)).toEqual(made(optimized));
  expect(asked.best?.number).toBe(optimized.best?.number);
});

test('several trials run at once, and end in any order', async () => {
  const study = await open({ direction: ['minimize', 'maximize'] });
  const trials = await Promise.all([study.ask(), study.ask(), study.ask()]);
  expect(trials.map(({ number }) => number).sort()).toEqual([0, 1, 2]);
  for (const trial of trials.reverse()) await study.tell(trial, [trial.number, 1]);
  expect(study.trials.map(({ values }) => values)).toEqual([
    [0, 1],
    [1, 1],
    [2, 1],
  ]);
});

test('a trial may end without a value', async () => {
  const study = await open({ pruner: 'median' });
  const pruned = await study.ask();
  pruned.report(7, 1);
  pruned.report(5, 2);
  await study.tell(pruned, { state: 'pruned' });
  await study.tell(await study.ask(), { state: 'failed', error: new Error('no memory') });
  const interrupted = await study.ask();
  await study.tell(interrupted, { state: 'waiting' });
  expect(study.trials.map(({ state, values }) => [state, values])).toEqual([
    ['pruned', [5]],
    ['failed', undefined],
    ['waiting', undefined],
  ]);
  expect(study.trials[1]?.userAttributes).toEqual({ error: 'no memory' });
  const again = await study.ask();
  expect([again.number, again.isResumed, again.params]).toEqual([2, true, interrupted.params]);
});

test('a result that is not a number is refused, and can be corrected', async () => {
  const study = await open();
  const trial = await study.ask();
  await expect(study.tell(trial, Number.NaN)).rejects.toThrow('trial 0: the objective returned NaN');
  await expect(study.tell(trial, [1, 2])).rejects.toThrow(
    'trial 0: the objective returned [1,2]; a number was expected',
  );
  await expect(study.tell(trial, '1' as unknown as number)).rejects.toThrow('returned "1"; a number was expected');
  await study.tell(trial, 1);
  expect(study.best?.values).toEqual([1]);
});

test('a trial ends once, in its own study', async () => {
  const [study, other] = [await open(), await open()];
  const trial = await study.ask();
  const message = "tell: trial 0 is not a running one that this study's ask returned";
  await expect(other.tell(trial, 1)).rejects.toThrow(message);
  await study.tell(trial, 1);
  await expect(study.tell(trial, 1)).rejects.toThrow(message);
});

test('a grid that has been tried has no more trials', async () => {
  const study = await openStudy({ space: { kind: ['a', 'b'] }, sampler: 'grid' });
  for (let i = 0; i < 2; i++) await study.tell(await study.ask(), i);
  await expect(study.ask()).rejects.toThrow('ask: all values of the sampler have been tried, in 2 trials');
});

test.each<[unknown, string]>([
  [
    { state: 'running' },
    'trial 0: state is "running"; it must be one of pruned, failed, waiting. A complete trial has values.',
  ],
  [{ state: 'complete', values: ['a'] }, 'trial 0: state is "complete"; it must be one of'],
  [null, 'trial 0: the objective returned null; a number was expected'],
  [1n, 'trial 0: the objective returned 1; a number was expected'],
])('%o is not a result', async (result, message) => {
  const study = await open();
  const trial = await study.ask();
  await expect(study.tell(trial, result as number)).rejects.toThrow(message);
  await study.tell(trial, 1);
});
