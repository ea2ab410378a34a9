/** @file The command as it was typed, to be shown again. */

/** A command of Multihead for a shell to read: arguments in quotes where they need them. */
export const commandLine = (args: readonly string[]): string => ['npx multihead', ...args.map(quoted)].join(' ');

/** The command that continues the run which the given one started. */
export function resumeCommand(args: readonly string[]): string {
  const kept = args.filter((arg) => arg !== '--overwrite' && arg !== '--resume');
  return commandLine([...kept, '--resume']);
}

const quoted = (arg: string): string => (/^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", "'\\''")}'`);
