/** @file A parameter that changes within a study: limits may, choices and types may not, as in Optuna. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../testing/temporary-folder.js';
import { memoryStorage, openStudy, search } from '../search.js';
import { openStorage } from '../storage/open-storage.js';
import type { Trial } from '../trial.js';
import type { SearchSpace } from './search-space.js';

const space: SearchSpace = {
  size: { type: 'categorical', choices: [8, 16] },
  rate: { type: 'float', low: 1, high: 2 },
};

/** A storage with one trial of the space. */
async function continued() {
  const storage = memoryStorage();
  await search({ space, storage, trials: 1, objective: () => 1 });
  return storage;
}

describe('a study that is continued', () => {
  test.each([
    [
      { size: { type: 'categorical', choices: [8, 16, 32] } },
      'memory: the study study: size is one of 8, 16, 32, but trial 0 of the study drew it from one of 8, 16. Within a study',
    ],
    [{ rate: { type: 'int', low: 1, high: 2 } }, 'rate is an int from 1 to 2, but trial 0'],
    [
      { rate: { type: 'float', low: 1, high: 2, log: true } },
      'rate is a float from 1 to 2 on a logarithmic scale, but trial 0 of the study drew it from a float from 1 to 2. ',
    ],
  ] as const)('with %j is refused before a trial runs', async (changed, message) => {
    const storage = await continued();
    await expect(openStudy({ space: { ...space, ...changed }, storage })).rejects.toThrow(message);
    expect((await openStudy({ storage })).trials).toHaveLength(1);
  });

  test('may have other limits, and further parameters', async () => {
    const storage = await continued();
    const wider: SearchSpace = { rate: { type: 'float', low: 5, high: 9 }, more: { type: 'int', low: 1, high: 1 } };
    const { trials } = await search({ space: wider, storage, trials: 2, objective: () => 1 });
    expect(trials[1]?.params).toEqual({ rate: expect.any(Number), more: 1 });
  });

  test('by an objective that names its parameters fails where it suggests another distribution', async () => {
    const storage = await continued();
    const objective = (trial: Trial) => trial.suggestCategorical('size', [8, 16, 32]);
    const message = 'trial 1: size is one of 8, 16, 32, but trial 0';
    await expect(search({ storage, trials: 2, objective })).rejects.toThrow(message);
    const [, failed] = (await openStudy({ storage })).trials;
    expect(failed).toMatchObject({
      state: 'failed',
      params: {},
      userAttributes: { error: expect.stringContaining(message) },
    });
  });
});

test('of two workers that suggest at the same moment, the second fails', async () => {
  const storage = openStorage(join(temporaryFolder(), 'search.journal'));
  const study = await openStudy({ storage });
  const objective = async (trial: Trial) => {
    trial.suggestCategorical('size', trial.number === 0 ? [8] : [16]);
    await trial.shouldPrune(); // writes
    return 1;
  };
  await study.optimize(objective, { trials: 2, jobs: 2, keepGoing: true });
  expect(study.trials.map(({ state }) => state).sort()).toEqual(['complete', 'failed']);
});
