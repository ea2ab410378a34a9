/** @file The lines of a file of texts, some thousand at a time. */
import { readChunks } from '#files';
import { textLines } from '../../../platform/bytes/text-lines.js';

/** Lines that are read before the model sees them: enough for batches of lines of like length. */
const linesAtATime = 2048;

/** The lines of a file, or of standard input (`-`), in groups. */
export async function* textGroups(file: string): AsyncGenerator<string[]> {
  const lines = file === '-' ? textLines(process.stdin, 'standard input') : textLines(readChunks(file), file);
  let group: string[] = [];
  for await (const line of lines) {
    group.push(line);
    if (group.length < linesAtATime) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
