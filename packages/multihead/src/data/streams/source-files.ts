/** @file The files that sources stand for, and what their names say of them. */
import { findFiles, nameIn } from '#files';

/** The name of standard input among sources. */
export const standardInput = '-';

/**
 * The files of sources: files, folders and patterns such as `data/*.csv`.
 *
 * @returns each file once: sources in their order, and the files of each sorted by name
 * @throws UserError where a source stands for no file
 */
export async function findSourceFiles(sources: readonly string[]): Promise<string[]> {
  const paths = new Set<string>();
  for (const source of sources) {
    for (const path of await filesOf(source)) paths.add(path);
  }
  return [...paths];
}

/** Object URLs of a browser answer no HEAD requests; they are read as they are. */
const filesOf = async (source: string): Promise<string[]> =>
  source === standardInput || /^(blob|data):/.test(source) ? [source] : findFiles(source);

/** The ending of a file's name in lower case, without the `.gz` of a packed one; of an address, without its query. */
export function endingOf(path: string): { readonly ending: string; readonly isPacked: boolean } {
  const name = nameIn(path).toLowerCase();
  return { ending: /\.(\w+?)(?:\.gz)?$/.exec(name)?.[1] ?? '', isPacked: name.endsWith('.gz') };
}
