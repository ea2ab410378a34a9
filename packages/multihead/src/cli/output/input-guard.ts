/** @file What a command reads is never what it writes. */
import { findFiles, realPath } from '#files';
import { UserError } from '../../platform/errors.js';

/**
 * Refuses an output that is one of the files that a command reads, by whatever name or link.
 *
 * @param inputs files, folders and patterns by the option that named them; what is none of them is not on this disk
 */
export async function guardInputs(output: string, inputs: Readonly<Record<string, string | undefined>>): Promise<void> {
  const place = await realPath(output);
  for (const [option, source] of Object.entries(inputs)) {
    if (source === undefined || source === '-') continue;
    const files = await findFiles(source).catch(() => []);
    for (const file of files) {
      if ((await realPath(file)) !== place) continue;
      throw new UserError(`--output ${output}: is ${file}, which ${option} reads. Give another --output.`);
    }
  }
}
