/** @file `multihead search`: its options, besides those of `multihead train`. What it does is in search.ts. */
import type { Command } from 'commander';
import { addTrainOptions } from '../train/train-command.js';
import { ownOptions } from './own-options.js';

const examples = `
Each trial is a run of multihead train with the given options and values of the space, in a folder of its own below --output;
the first one has the defaults. The names of the space's parameters are those of the options:
  {"learning-rate": {"type": "float", "low": 1e-5, "high": 1e-3, "log": true},
   "batch-size": {"type": "categorical", "choices": [8, 16, 32]},
   "method": {"type": "categorical", "choices": ["full", "lora"]},
   "lora-rank": {"type": "int", "low": 2, "high": 64, "log": true, "when": {"method": "lora"}}}

Examples:
  multihead search text-classification --model models/mini --train TRAIN.tsv --eval DEV.tsv --output runs/search
  multihead search text-classification ... --space SPACE.json --trials 40 --pruner asha --output runs/search --resume
  multihead search text-classification ... --jobs 4 --seeds 1,2,3 --output runs/search`;

/** Adds the arguments and options of the command. */
export function setSearchCommand(command: Command): void {
  for (const option of ownOptions()) command.addOption(option);
  addTrainOptions(command)
    .addHelpText('after', examples)
    .action(async (task, options, self: Command) => {
      const { searchSettings } = await import('./search.js');
      await searchSettings(task, options, self);
    });
}
