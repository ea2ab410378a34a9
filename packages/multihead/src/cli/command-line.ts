/** @file The command as it was typed, to be shown again. */
import { Command } from 'commander';
import { withoutPassword } from '../platform/without-password.js';
import { runningCommand } from './options/flag-names.js';
import { typedArguments, withoutOptions } from './typed-arguments.js';

/** A command of Multihead for a shell to read: arguments in quotes where they need them, and `***` in place of passwords in URLs. */
export const commandLine = (args: readonly string[]): string =>
  ['npx multihead', ...args.map((arg) => quoted(masked(arg)))].join(' ');

/**
 * The command that continues the run which the given one started.
 *
 * @param command whose arguments they are
 */
export function resumeCommand(args: readonly string[], command = runningCommand() ?? new Command()): string {
  const kept = withoutOptions(typedArguments(args, command), command, ['overwrite', 'resume']);
  const end = kept.findIndex(({ words }) => words[0] === '--');
  const words = kept.toSpliced(end < 0 ? kept.length : end, 0, { attribute: 'resume', words: ['--resume'] });
  return commandLine(words.flatMap((argument) => argument.words));
}

/** An argument, `--flag=value` included. */
const masked = (arg: string): string =>
  arg.replace(/^(--[^=]+=)?(.*)$/s, (_, flag = '', value: string) => `${flag}${withoutPassword(value, '***')}`);

const quoted = (arg: string): string => (/^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", "'\\''")}'`);
