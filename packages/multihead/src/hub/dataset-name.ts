/** @file How the hub's Parquet branch is laid out: `CONFIG/SPLIT/0000.parquet`, and which of it a name means. */
import { UserError } from '../platform/errors.js';

/** The branch in which the hub keeps data sets as Parquet. */
export const parquetRevision = 'refs/convert/parquet';

/** What a data set's part is for. */
export type PartOfData = 'train' | 'validation' | 'test';

/** What a name says. */
export interface DatasetName {
  readonly id: string;
  readonly config?: string;
  readonly split?: string;
}

/** Reads `OWNER/NAME[/CONFIG][:SPLIT]`; undefined for what is none. */
export function parseDatasetName(name: string): DatasetName | undefined {
  const [, id, config, split] = /^([\w-][\w.-]*\/[\w-][\w.-]*)(?:\/([\w.-]+))?(?::([\w.-]+))?$/.exec(name) ?? [];
  return id === undefined ? undefined : { id, ...(config && { config }), ...(split && { split }) };
}

/** Names that parts go by, the most likely first. */
const usualNames: Readonly<Record<PartOfData, readonly string[]>> = {
  train: ['train'],
  validation: ['validation', 'valid', 'dev', 'test'],
  test: ['test', 'validation', 'valid', 'dev'],
};

/**
 * The folder that a name means.
 *
 * @param files all files of the branch
 * @param name  the name as it was given, for errors
 * @throws UserError listing what there is
 */
export function datasetFolder(files: readonly string[], asked: DatasetName, part: PartOfData, name: string): string {
  const folders = new Set(files.flatMap((file) => /^([^/]+\/[^/]+)\/[^/]+\.parquet$/.exec(file)?.[1] ?? []));
  const configs = [...new Set([...folders].map((folder) => folder.split('/')[0] as string))];
  const config =
    asked.config ?? (configs.includes('default') ? 'default' : configs.length === 1 ? configs[0] : undefined);
  if (configs.length === 0) throw new UserError(`${name}: the hub has no Parquet files of this data set`);
  if (config === undefined || !configs.includes(config)) {
    const problem = config === undefined ? 'has several configurations' : `has no configuration "${config}"`;
    throw new UserError(
      `${name}: the data set ${problem}. Name one: ${configs.map((one) => `${asked.id}/${one}`).join(', ')}`,
    );
  }
  const splits = [...folders].flatMap((folder) =>
    folder.startsWith(`${config}/`) ? [folder.slice(config.length + 1)] : [],
  );
  // Of very large data sets the hub keeps the first gigabytes only, as partial-train.
  const wanted = (asked.split ? [asked.split] : usualNames[part]).flatMap((split) => [split, `partial-${split}`]);
  const split = wanted.find((one) => splits.includes(one));
  if (split !== undefined) return `${config}/${split}`;
  throw new UserError(
    `${name}: the data set has no part "${wanted[0]}". Name one: ${splits.map((one) => `${asked.id}/${config}:${one}`).join(', ')}`,
  );
}
