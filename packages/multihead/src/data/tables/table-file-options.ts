/** @file Options that reading has of every kind of example. */
import type { FoundFiles, Split, TableFormat } from './table-files.js';

/** Which files of a source are read, and how. */
export interface TableFileOptions {
  /** Format of the files. Default: by file name extension. */
  readonly format?: TableFormat | undefined;
  /** Whether cells of a TSV may be quoted. Default: detected; see tsv.ts. */
  readonly quotes?: boolean | undefined;
  /** Split of a folder to read, if its files or sub-folders have names such as train.csv and test.csv. Default: train. */
  readonly split?: Split | undefined;
  /** Called with the files that a folder or a pattern matches, and those that are skipped. */
  readonly onFound?: ((found: FoundFiles) => void) | undefined;
}
