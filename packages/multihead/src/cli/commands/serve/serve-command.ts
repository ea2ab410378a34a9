/** @file `multihead serve`: its options. */
import type { Command } from 'commander';
import { number, verboseOption } from '../../options/common-options.js';
import { dtypeOption } from '../../options/dtype-option.js';

const examples = `
Each model is a folder or a model of the hub. Requests call it by the name before =, or else by the last part of its path.
Anybody who reaches the server may use it unless there are API keys: --api-keys FILE, with lines NAME SHA-256, or the environment
variable MULTIHEAD_API_KEYS with keys separated by commas. --new-api-key NAME adds one to the file and prints it.

Examples:
  multihead serve models/mini
  multihead serve intents=runs/intents gpt=models/mini-gpt --port 8000
  multihead serve models/mini --host 0.0.0.0 --api-keys KEYS.txt
  curl http://127.0.0.1:8000/v1/tasks/fill-mask -H 'content-type: application/json' -d '{"inputs": "I want my [MASK] back."}'`;

/** Adds the arguments and options of the command. */
export function setServeCommand(command: Command): void {
  command
    .argument('[models...]', 'models to serve: FOLDER, or NAME=FOLDER')
    .option('--port <number>', 'port to listen on; 0 takes a free one (default: 8000)', number)
    .option('--host <address>', 'address to listen on (default: 127.0.0.1, which only this machine reaches)')
    .option('--api-keys <file>', 'file of API keys: lines of a name and the SHA-256 of a key')
    .option('--new-api-key <name>', 'make an API key of this name, add its hash to --api-keys, print it, and end')
    .option('--origin <url...>', 'origins whose pages may call the server; * for all (default: its own)')
    .option('--requests-per-minute <count>', 'limit for each API key or, without keys, for each address', number)
    .option('--max-body <bytes>', 'maximum size of a request (default: 33554432)', number)
    .option('--max-inputs <count>', 'maximum number of inputs of a request (default: 2048)', number)
    .option('--max-new-tokens <count>', 'maximum number of new tokens of a text (default: 4096)', number)
    .option('--timeout <seconds>', 'maximum time of an answer (default: 300)', number)
    .option('--replicas <count>', 'workers of each model, among which its requests are divided (default: 1)', number)
    .option('--threads <count>', 'threads of a worker (default: the processors, divided among the workers)', number)
    .addOption(dtypeOption())
    .option(
      '--max-memory <megabytes>',
      'memory for weights; models beyond it are loaded when they are asked (default: all)',
      number,
    )
    .option('--in-process', 'compute in the process that answers requests, without workers that a crash is confined to')
    .option('--no-reload', 'do not load models anew when their folders change')
    .addOption(verboseOption())
    .addHelpText('after', examples)
    .action(async (models, options) => {
      const { serve } = await import('./serve.js');
      await serve(models, options);
    });
}
