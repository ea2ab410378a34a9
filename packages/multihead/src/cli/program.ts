/** @file The commands of `multihead`. The options of the one that is called are loaded, and its code when it runs. */
import { Command } from 'commander';
import { addCommand, calledCommand, commands } from './commands/registry.js';
import { orderComplaints } from './options/command-errors.js';
import { addOtherSpellings, heedCalledCommand } from './options/flag-names.js';
import { version } from './version.js';

/** Makes the program: all commands, and the options of the one that `process.argv` calls. */
export async function makeProgram(): Promise<Command> {
  const program = new Command('multihead')
    .description('Attention models in TypeScript: train, evaluate and use transformers')
    .version(version)
    .option('--verbose', 'show stack traces of errors')
    .configureHelp({ subcommandTerm: (command) => `${command.name()} ${command.usage()}` })
    .showHelpAfterError('(multihead COMMAND --help lists its arguments and options)');

  const called = calledCommand(process.argv.slice(2)) ?? '';
  for (const name of Object.keys(commands)) await addCommand(program, name, name === called);
  if (Object.hasOwn(commands, called)) {
    const { resolveSources } = await import('./options/resolve-sources.js');
    resolveSources(program);
  }
  addOtherSpellings(program);
  orderComplaints(program);
  heedCalledCommand(program);
  return program;
}
