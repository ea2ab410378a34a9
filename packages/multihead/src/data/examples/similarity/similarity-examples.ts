/** @file The type of examples of similarity, and options for reading them. */
import { checkOptionNames, namesOf } from '../../../platform/option-names.js';
import type { OnBadRow } from '../../streams/bad-rows.js';
import type { ColumnReference } from '../../tables/column-names.js';
import type { TableFileOptions } from '../../tables/table-file-options.js';

/** Texts that are compared: a pair, or an anchor with a positive and negatives. */
export interface SimilarityExample {
  /** Two texts or more. The first one is compared with each of the others. */
  readonly texts: readonly string[];
  /** How similar the two texts of a pair are: a number, or the name of a class such as `entailment`. */
  readonly label?: number | string;
  /** The line of the file on which the example begins; of Parquet and JSON the row's number. Counted from 1; none of no file. */
  readonly line?: number;
}

/** Columns of examples, by name or by index from 0. */
export interface SimilarityColumnOptions {
  /**
   * The texts, in their order. Default: by their usual names (sentence1 and sentence2; anchor, positive and negative; query and
   * answer; premise and hypothesis ...), or all that are no numbers.
   */
  readonly texts?: readonly ColumnReference[] | undefined;
  /** The score or label; `none` for no label, whatever columns there are. Default: by its usual names (score, label ...). */
  readonly label?: ColumnReference | undefined;
}

/** Options for reading examples of similarity. */
export interface SimilarityFileOptions extends TableFileOptions {
  /** Columns without a common name: `{ texts: ['frage', 'antwort'] }`. */
  readonly columns?: SimilarityColumnOptions | undefined;
  /** Whether the first row of CSV and TSV is a header. Default: detected from its names and the rows below. */
  readonly header?: boolean | undefined;
  /** Called with each invalid row, which is skipped. Without it, an invalid row is an error. */
  readonly onBadRow?: OnBadRow | undefined;
}

const columnNames = namesOf<SimilarityColumnOptions>({ texts: true, label: true });

export const similarityFileOptionNames = namesOf<SimilarityFileOptions>({
  columns: true,
  format: true,
  split: true,
  onFound: true,
  header: true,
  quotes: true,
  onBadRow: true,
});

/** Refuses columns that examples do not have. */
export const checkSimilarityColumns = ({ columns = {} }: SimilarityFileOptions, of: string): void =>
  checkOptionNames(columns, columnNames, `${of}, columns`);
