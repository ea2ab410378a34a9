/**
 * @file The order of complaints about a command line: a flag or a task that does not exist first, with the likely one, and
 * only then what is missing. Commander has it the other way round: of `train text-classificaton --trian x.csv` it
 * says that `--train` is missing.
 */
import { Argument, type Command, InvalidArgumentError } from 'commander';
import { likelyName } from '../option-names.js';

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
      const unknown = /unknown option '--([\w-]+)/.exec(message)?.[1];
      const instead = doneOtherwise[unknown?.replaceAll('_', '-') ?? ''];
      write(instead === undefined ? message : `${message.split('\n')[0]}\n(Here: ${instead}.)\n`);
    },
  });
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
