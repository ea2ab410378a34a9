/**
 * @file A process that reads damaged files, since a reader may take its process down with it: `node read.js KIND FOLDER...`.
 * Prints a line of JSON for each, before it goes on to the next.
 */
import { UserError } from '../../platform/errors.js';
import { peakMemory } from '../../platform/node/peak-memory.js';
import { kinds } from './kinds.js';

/** What came of a damaged file. */
export interface Outcome {
  readonly path: string;
  readonly outcome: 'read' | 'refused' | 'fault';
  readonly message: string;
  /** The most memory that the process has had so far, in MB. */
  readonly megabytes: number;
}

console.log = () => undefined; // what a command would print
const [name = '', ...paths] = process.argv.slice(2);
for (const path of paths) {
  const found = await (kinds[name]?.read(path) ?? Promise.reject(new Error(`no kind ${name}`))).then(
    () => ({ outcome: 'read', message: '' }) as const,
    (error: Error) => ({
      outcome: error instanceof UserError ? ('refused' as const) : ('fault' as const),
      message: (error instanceof UserError ? error.message : (error.stack ?? String(error))).slice(0, 2000),
    }),
  );
  const outcome: Outcome = { path, ...found, megabytes: Math.round(peakMemory() / 2 ** 20) };
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
}
// What a reader may have left open does not keep the process; what was printed must be out first.
process.stdout.write('', () => process.exit(0));
