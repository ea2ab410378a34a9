/**
 * @file The order of complaints about a command line: a flag or a task that does not exist first, with the likely one, and
 * only then what is missing. Commander has it the other way round: of `train text-classificaton --trian x.csv` it
 * says that `--train` is missing.
 */
import { Argument, type Command, InvalidArgumentError } from 'commander';
import { likelyName } from '../../platform/option-names.js';

/** What Transformers' users look for that is done in another way here. */
const doneOtherwise: Readonly<Record<string, string>> = {
  'resume-from-checkpoint': '--resume, which finds the newest checkpoint in --output',
  'do-train': '`multihead train`; it needs no such flag',
  'do-eval': '`multihead train --eval FILE`, or `multihead evaluate`',
  'do-predict': '`multihead predict`',
  'logging-dir': '--report-to tensorboard; its files lie in --output',
  'group-by-length': 'the default; --no-length-bucketing switches it off',
  fp16: 'not supported: training is in float32',
  bf16: 'not supported: training is in float32',
  device: 'not needed: models run on the CPU',
  'use-cpu': 'not needed: models run on the CPU',
  'no-cuda': 'not needed: models run on the CPU',
  lr: '--learning-rate',
  bs: '--batch-size',
  'dataset-name': '--train OWNER/NAME, or --train FILE',
};

/** How a command takes what people put behind its name without a flag. */
const givenByFlags: Readonly<Record<string, string>> = {
  train: 'files are given by --train FILE and --eval FILE',
  pretrain: 'text is given by --corpus FILE',
  evaluate: 'the file is given by --data FILE',
  generate: 'the beginning of the text is given by --prompt "..."; quote it',
};

/** What people call a command of ours. */
const otherCommandNames: Readonly<Record<string, string>> = {
  'fine-tune': 'train',
  finetune: 'train',
  eval: 'evaluate',
  test: 'evaluate',
  classify: 'predict',
  infer: 'predict',
  inference: 'predict',
  complete: 'generate',
  tokenize: 'tokenizer train',
};

/** Makes missing flags the last complaint, after unknown flags and wrong arguments, in a command and its subcommands. */
export function orderComplaints(command: Command): void {
  for (const subcommand of command.commands) orderComplaints(subcommand);
  const required = command.options.filter(({ mandatory }) => mandatory);
  for (const option of required) option.makeOptionMandatory(false);
  command.hook('preAction', (_, called) => {
    const missing = required.find((option) => called.getOptionValue(option.attributeName()) === undefined);
    if (missing && called === command) called.error(`error: required option '${missing.flags}' not specified`);
  });
  command.configureOutput({
    outputError: (message, write) => {
      const hint = hintAt(message);
      write(hint === undefined ? message : `${message.split('\n')[0]}\n(${hint})\n`);
    },
  });
}

/** What was probably meant, where Commander's complaint does not say so. */
function hintAt(message: string): string | undefined {
  const flag = /unknown option '--([\w-]+)/.exec(message)?.[1]?.replaceAll('_', '-') ?? '';
  if (Object.hasOwn(doneOtherwise, flag)) return `Here: ${doneOtherwise[flag]}.`;
  const crowded = /too many arguments for '([\w-]+)'/.exec(message)?.[1] ?? '';
  if (Object.hasOwn(givenByFlags, crowded)) return `In multihead ${crowded}, ${givenByFlags[crowded]}.`;
  const command = /unknown command '([\w-]+)'/.exec(message)?.[1] ?? '';
  if (Object.hasOwn(otherCommandNames, command)) return `Did you mean ${otherCommandNames[command]}?`;
  return undefined;
}

/**
 * The argument that names a task.
 *
 * @param otherNames other names of tasks, such as `sentiment-analysis`
 */
export function taskArgument(
  description: string,
  names: readonly string[],
  otherNames: Readonly<Record<string, string>> = {},
): Argument {
  const argument = new Argument('<task>', description).choices(names);
  return argument.argParser((text: string) => {
    const name = otherNames[text] ?? text;
    if (names.includes(name)) return name;
    const near = likelyName(text, [...names, ...Object.keys(otherNames)]);
    const meant = near ? ` Did you mean ${near}?` : '';
    throw new InvalidArgumentError(`Allowed choices are ${names.join(', ')}.${meant}`);
  });
}
