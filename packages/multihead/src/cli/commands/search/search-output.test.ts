/** @file What a search prints in the end. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { search } from '../../../search/search.js';
import type { Direction } from '../../../search/trial-record.js';
import { temporaryFolder } from '../../../testing/temporary-folder.js';
import { addOtherSpellings } from '../../options/flag-names.js';
import { setSearchCommand } from './search-command.js';
import { SearchOutput } from './search-output.js';

const command = new Command('search');
setSearchCommand(command);
addOtherSpellings(command);
const { argv } = process;
afterEach(() => {
  process.argv = argv;
  vi.restoreAllMocks();
});

/** The last words of a search whose trials each have another value: of two objectives, none dominates another. */
async function lastWords(
  direction: Direction | readonly Direction[],
  trials: number,
  { typed = ['search', 'text-classification', '--output', 'runs/search'], isInterrupted = false } = {},
): Promise<string> {
  const study = await search({
    space: { seed: { type: 'int', low: 1, high: 100 } },
    direction,
    trials,
    objective: ({ params: { seed } }) => (typeof direction === 'string' ? seed : [seed, -seed]),
  });
  process.argv = ['node', 'multihead', ...typed];
  const lines: unknown[] = [];
  vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(line));
  vi.spyOn(console, 'error').mockImplementation((line) => void lines.push(line));
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(line) > 0);
  const measures = [direction].flat().map((each) => ({ metric: undefined, direction: each as Direction }));
  const options = { output: 'runs/search', trials, keepModels: 'best' };
  const shown = new SearchOutput(study, { task: 'text-classification', command, measures, options });
  await shown.finished(isInterrupted);
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

describe('the commands to train and to resume', () => {
  const folder = temporaryFolder();
  const config = (json: object): string => {
    const path = join(folder, 'run.json');
    writeFileSync(path, JSON.stringify(json));
    return path;
  };
  const commands = async (...typed: string[]) => {
    const words = await lastWords('minimize', 1, { typed, isInterrupted: true });
    const [train = '', resume = ''] = words.split('\n').filter((line) => line.startsWith('  npx'));
    return [train.replace(/ --seed \d+$/, ''), resume];
  };

  test('keep values that are names of flags and commands', async () => {
    const values = ['--label', 'search', '--text', 'json', '--model', 'resume'];
    expect(await commands('search', 'text-classification', ...values, '--output', 'runs/search')).toEqual([
      `  npx multihead train text-classification ${values.join(' ')} --output runs/search/best`,
      `  npx multihead search text-classification ${values.join(' ')} --output runs/search --resume`,
    ]);
  });

  test('know the other spellings of flags', async () => {
    const own = ['--keep_models=all', '--trials', '3', '--sampler', 'random'];
    const typed = ['search', 'text-classification', ...own, '--overwrite_output_dir', '--output_dir=runs/search'];
    expect(await commands(...typed)).toEqual([
      '  npx multihead train text-classification --output runs/search/best',
      `  npx multihead search text-classification ${own.join(' ')} --output_dir=runs/search --resume`,
    ]);
  });

  test('have the settings of a configuration file as flags, where the file has such as the command cannot have', async () => {
    const both = { trials: 3, sampler: 'random', epochs: 4, 'length-bucketing': false, batch_size: 8 };
    const path = config({
      ...both,
      lrSchedulerKwargs: { num_cycles: 2 },
      overwrite: true,
      streaming: false,
      output: 'x',
    });
    const flags = `--no-length-bucketing --lr-scheduler-kwargs '{"num_cycles":2}'`;
    expect(await commands('search', 'text-classification', '--config-file', path, '--batch-size', '16')).toEqual([
      `  npx multihead train text-classification --epochs 4 ${flags} --output runs/search/best --batch-size 16`,
      `  npx multihead search text-classification --trials 3 --sampler random --epochs 4 ${flags} --output x --batch-size 16 --resume`,
    ]);
  });

  test('name a configuration file that both commands can have', async () => {
    const path = config({ epochs: 4, output: 'runs/search' });
    expect(await commands('search', 'text-classification', `--config-file=${path}`)).toEqual([
      `  npx multihead train text-classification --config-file=${path} --output runs/search/best`,
      `  npx multihead search text-classification --config-file=${path} --resume`,
    ]);
  });
});
