/** @file What a search prints in the end. */
import { Command } from 'commander';
import { afterEach, expect, test, vi } from 'vitest';
import { search } from '../../../search/search.js';
import type { Direction } from '../../../search/trial-record.js';
import { temporaryFolder } from '../../../testing/temporary-folder.js';
import { setSearchCommand } from './search-command.js';
import { SearchOutput } from './search-output.js';

const command = new Command('search');
setSearchCommand(command);
const { argv } = process;
afterEach(() => {
  process.argv = argv;
  vi.restoreAllMocks();
});

/** The last words of a search whose trials each have another value: of two objectives, none dominates another. */
async function lastWords(direction: Direction | readonly Direction[], trials: number): Promise<string> {
  const study = await search({
    space: { seed: { type: 'int', low: 1, high: 100 } },
    direction,
    trials,
    objective: ({ params: { seed } }) => (typeof direction === 'string' ? seed : [seed, -seed]),
  });
  const output = temporaryFolder();
  process.argv = ['node', 'multihead', 'search', 'text-classification', '--output', 'runs/search'];
  const lines: unknown[] = [];
  vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(line));
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(line) > 0);
  const measures = [direction].flat().map((each) => ({ metric: undefined, direction: each as Direction }));
  const options = { output, trials, keepModels: 'best' };
  const shown = new SearchOutput(study, { task: 'text-classification', command, measures, options });
  await shown.finished(false);
  shown.close();
  return lines.join('\n');
}

test('the best trial has the command that trains it again; a model only where there is one', async () => {
  const words = await lastWords('minimize', 1);
  expect(words).toContain('1 trial: 1 complete');
  expect(words).toMatch(/best: trial 0, value \d+\n {2}npx multihead train .* --output runs\/search\/best --seed/);
  expect(words).not.toContain('model:');
});

test('several trials on the Pareto front train into folders of their own', async () => {
  const words = await lastWords(['minimize', 'minimize'], 2);
  expect(words).toContain('2 trials: 2 complete');
  expect(words).toMatch(/Pareto front:\n+trial 0, .*\n.*--output runs\/search\/best-0 .*\n+trial 1, .*\n.*\/best-1 /);
  expect(words).not.toContain('best: ');
});
