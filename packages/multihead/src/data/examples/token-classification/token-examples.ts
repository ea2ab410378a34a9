/** @file The type of tagged sentences, and options for reading them. */
import { checkOptionNames, namesOf } from '../../../platform/option-names.js';
import type { OnBadRow } from '../../streams/bad-rows.js';
import type { ColumnReference } from '../../tables/column-names.js';
import type { TableFileOptions } from '../../tables/table-file-options.js';

/** A sentence of words, with a tag for each word. */
export interface TokenClassificationExample {
  /** The words of the sentence. */
  readonly tokens: readonly string[];
  /** The tag of each word: `O`, `B-PER`, `I-PER`. Optional for prediction. */
  readonly tags?: readonly string[];
  /** Where the sentence begins in its file, for messages: the line, or the row's number, from 1. */
  readonly line?: number;
}

/** Columns of sentences, by name or by index from 0. */
export interface TokenColumnOptions {
  /** Default: tokens, words; of a CoNLL file the first. */
  readonly tokens?: ColumnReference | undefined;
  /** Default: ner_tags, tags, labels; of a CoNLL file the last. */
  readonly tags?: ColumnReference | undefined;
}

/** Options for reading tagged sentences. */
export interface TokenClassificationFileOptions extends TableFileOptions {
  /** Columns without a common name: `{ tags: 'pos_tags' }`. */
  readonly columns?: TokenColumnOptions | undefined;
  /** Names of tags that are numbers in the file. Names defined by a Parquet file take precedence. */
  readonly tagNames?: readonly string[] | undefined;
  /** Whether every sentence must have tags: true (the default) for training and evaluation, false for prediction. */
  readonly requireTags?: boolean | undefined;
  /** Called with each invalid sentence, which is skipped. Without it, an invalid sentence is an error. */
  readonly onBadRow?: OnBadRow | undefined;
}

const columnNames = namesOf<TokenColumnOptions>({ tokens: true, tags: true });

export const tokenFileOptionNames = namesOf<TokenClassificationFileOptions>({
  columns: true,
  tagNames: true,
  requireTags: true,
  format: true,
  quotes: true,
  split: true,
  onBadRow: true,
  onFound: true,
});

/** Refuses columns that sentences do not have. */
export const checkTokenColumns = ({ columns = {} }: TokenClassificationFileOptions, of: string): void =>
  checkOptionNames(columns, columnNames, `${of}, columns`);
