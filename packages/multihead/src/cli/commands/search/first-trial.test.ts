/** @file The first trial of a search has the defaults of `multihead train`. */
import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { tasks } from '../../../tasks/registry.js';
import { trainingOptions } from '../../../training/trainer/options.js';
import { defaultParams } from './first-trial.js';
import { setSearchCommand } from './search-command.js';
import { readSpace } from './space-file.js';

const command = new Command('search');
setSearchCommand(command);
const usual = trainingOptions({}) as unknown as Readonly<Record<string, unknown>>;
const [task] = tasks();

describe.each(tasks().flatMap((each) => (each.searchSpace ? [[each.name, each] as const] : [])))(
  '%s',
  (_, searched) => {
    test('has a default for each parameter of its own space', async () => {
      const space = await readSpace({ file: undefined, task: searched, command, given: {} });
      const params = defaultParams({ task: searched, space, command }, {}, usual);
      expect(Object.keys(params)).toEqual(Object.keys(space));
      expect(params).toMatchObject({ learningRate: 5e-5, epochs: 3, batchSize: 8, warmupRatio: 0, weightDecay: 0 });
    });
  },
);

test('settings of tasks and methods have theirs, too; what was given goes before', () => {
  const space = {
    method: { type: 'categorical', choices: ['lora', 'full'] },
    'lora-rank': { type: 'int', low: 2, high: 64, when: { method: 'lora' } },
    'label-smoothing': { type: 'float', low: 0, high: 0.2 },
    'batch-size': { type: 'categorical', choices: [4, 8] },
    epochs: { type: 'int', low: 5, high: 10 },
  } as const;
  const found = defaultParams({ task: task as never, space, command }, { batchSize: 4 } as never, usual);
  expect(found).toEqual({ method: 'full', 'label-smoothing': 0, 'batch-size': 4 }); // 3 epochs are not in the space
});
