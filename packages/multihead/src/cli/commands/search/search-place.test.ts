/** @file What a search does not overwrite, and what it removes when it is asked to. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { temporaryFolder } from '../../../testing/temporary-folder.js';
import { checkPlace, clearPlace, type PlaceArguments, refuseOtherStudy } from './search-place.js';

let output: string;
beforeEach(() => {
  output = temporaryFolder();
});

const holding = (...names: readonly string[]): void => {
  for (const name of names) {
    if (name.startsWith('trial-')) mkdirSync(join(output, name));
    else writeFileSync(join(output, name), '');
  }
};
const checked = (more: Partial<PlaceArguments> = {}) => checkPlace({ output, ...more } as PlaceArguments);

test.each([
  ['model.safetensors', 'already holds model.safetensors. Give another --output, or --overwrite to replace it.'],
  ['report.html', 'already holds report.html. Give another --output, or --overwrite to replace it.'],
  ['trial-3', 'already holds trial-3 of a search. Give another --output, --resume to continue it, or --overwrite'],
  ['search.journal', 'holds a search already. Give another --output, --resume to continue it, or --overwrite'],
])('%s is not overwritten without a word', async (name, message) => {
  holding(name);
  await expect(checked()).rejects.toThrow(message);
  await checked({ overwrite: true });
  await checked({ resume: true });
});

test('the folder of another study is refused for one without trials', async () => {
  await refuseOtherStudy(output, 'second');
  holding('trial-3');
  await expect(refuseOtherStudy(output, 'second')).rejects.toThrow(
    'already holds trial-3 of another study; second has no trials yet. Give it another --output.',
  );
});

test('--overwrite is refused with --storage, and not suggested for it', async () => {
  await expect(checked({ storage: 'postgres', overwrite: true })).rejects.toThrow(
    '--overwrite does not go with --storage',
  );
  holding('report.html');
  await expect(checked({ storage: 'postgres' })).rejects.toThrow('already holds report.html. Give another --output.');
});

test('the model that trials start from is not removed', async () => {
  holding('model.safetensors');
  await expect(checked({ model: output, overwrite: true })).rejects.toThrow('is the folder of --model');
});

test('--overwrite removes the search and the model, and nothing else', async () => {
  holding('search.journal', 'report.html', 'trial-0', 'trial-12', 'model.safetensors', 'events.jsonl');
  holding('notes.txt', 'trial-notes');
  await clearPlace(output);
  expect(readdirSync(output).sort()).toEqual(['notes.txt', 'trial-notes']);
});
