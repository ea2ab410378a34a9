/** @file `multihead serve`: its options. */
import type { Command } from 'commander';
import { number, verboseOption } from '../../options/common-options.js';

const examples = `
Each model is a folder or a model of the hub, with the name that requests call it by before =; without it, its last part.

Examples:
  multihead serve models/mini
  multihead serve intents=runs/intents gpt=models/mini-gpt --port 8000
  curl http://127.0.0.1:8000/v1/tasks/fill-mask -H 'content-type: application/json' -d '{"inputs": "I want my [MASK] back."}'`;

/** Adds the arguments and options of the command. */
export function setServeCommand(command: Command): void {
  command
    .argument('<models...>', 'models to serve: FOLDER, or NAME=FOLDER')
    .option('--port <number>', 'port to listen on; 0 takes a free one (default: 8000)', number)
    .option('--host <address>', 'address to listen on (default: 127.0.0.1, which only this machine reaches)')
    .option('--threads <count>', 'threads of a model (default: the processors, divided among the models)', number)
    .option('--in-process', 'compute in the process that serves, without workers that a crash is confined to')
    .addOption(verboseOption())
    .addHelpText('after', examples)
    .action(async (models, options) => {
      const { serve } = await import('./serve.js');
      await serve(models, options);
    });
}
