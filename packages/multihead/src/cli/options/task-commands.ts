/**
 * @file Commands whose options come from the registry of tasks. The registry brings readers and models with it, so that it is
 * loaded only for the command that is called, and the help of the others answers at once.
 */
import type { Command } from 'commander';

const commands: Readonly<Record<string, { readonly description: string; set(command: Command): Promise<void> }>> = {
  train: {
    description: 'fine-tune a pretrained model, or train one from scratch',
    set: async (command) => (await import('../commands/train/train-command.js')).setTrainCommand(command),
  },
  evaluate: {
    description: 'measure a trained model on examples',
    set: async (command) => (await import('../commands/evaluate/evaluate-command.js')).setEvaluateCommand(command),
  },
  predict: {
    description: 'use a trained model',
    set: async (command) => (await import('../commands/predict/predict-command.js')).setPredictCommand(command),
  },
};

/** Adds a command; with its options where the command line names it. */
export async function addTaskCommand(program: Command, name: string): Promise<void> {
  const { description, set } = commands[name] as (typeof commands)[string];
  const command = program.command(name).description(description);
  if (process.argv.includes(name)) await set(command);
  else command.usage('[options] <task>');
}
