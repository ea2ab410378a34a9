/** @file The command as it was typed, to be shown again. */
import { withoutPassword } from '../platform/without-password.js';

/** A command of Multihead for a shell to read: arguments in quotes where they need them, and `***` in place of passwords in URLs. */
export const commandLine = (args: readonly string[]): string =>
  ['npx multihead', ...args.map((arg) => quoted(masked(arg)))].join(' ');

/** The command that continues the run which the given one started. */
export function resumeCommand(args: readonly string[]): string {
  const kept = args.filter((arg) => arg !== '--overwrite' && arg !== '--resume');
  return commandLine([...kept, '--resume']);
}

/** An argument, `--flag=value` included. */
const masked = (arg: string): string =>
  arg.replace(/^(--[^=]+=)?(.*)$/s, (_, flag = '', value: string) => `${flag}${withoutPassword(value, '***')}`);

const quoted = (arg: string): string => (/^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", "'\\''")}'`);
