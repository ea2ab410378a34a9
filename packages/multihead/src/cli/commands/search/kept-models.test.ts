/** @file The folders of trials that a search removes. */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStudy } from '../../../search/search.js';
import { temporaryFolder } from '../../../testing/temporary-folder.js';
import { KeptModels } from './kept-models.js';

/** A study of three trials, of which the second is the best. */
async function studied(output: string, keepModels: 'best' | 'all' | 'none') {
  const study = await openStudy({ direction: 'maximize' });
  const kept = new KeptModels(study, { output, keepModels });
  await study.optimize(
    ({ number }) => {
      mkdirSync(join(output, `trial-${number}`), { recursive: true });
      return [1, 5, 3][number] as number;
    },
    { trials: 3, onTrial: (trial) => kept.note(trial) },
  );
  return kept;
}

test.each([
  ['best', ['trial-1']],
  ['all', ['trial-0', 'trial-1', 'trial-2']],
  ['none', []],
] as const)('%s', async (keepModels, expected) => {
  const output = temporaryFolder();
  expect(await (await studied(output, keepModels)).settled()).toEqual([]);
  expect(readdirSync(output)).toEqual(expected);
});
