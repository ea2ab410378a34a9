/** @file Which files a folder or a pattern stands for, said before they are read. */
import { relative } from 'node:path';
import { isInside } from '#files';
import type { FoundFiles } from '../../data/tables/table-files.js';
import { printNote } from '../output/print.js';

/** How many names are shown. */
const shown = 6;

/** Says on standard error what was taken of a folder or a pattern, and what was left. */
export function sayFound({ source, part, taken, left }: FoundFiles): void {
  const what = part === undefined ? '' : ` (the files for ${part})`;
  const listed = (paths: readonly string[]): string => {
    const names = paths.slice(0, shown).map((path) => (isInside(path, source) ? relative(source, path) : path));
    return paths.length > shown ? `${names.join(', ')} and ${paths.length - shown} more` : names.join(', ');
  };
  printNote(`${source}: reads ${listed(taken)}${what}${left.length === 0 ? '' : `; leaves out ${listed(left)}`}`);
}
