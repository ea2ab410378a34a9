/** @file What sentences of words with a tag each are, and how files of them are read. */
import { checkOptionNames, namesOf } from '../../../platform/option-names.js';
import type { OnBadRow } from '../../streams/bad-rows.js';
import type { ColumnReference } from '../../tables/column-names.js';
import type { FoundFiles, Split, TableFormat } from '../../tables/table-files.js';

/** A sentence. */
export interface TokenClassificationExample {
  /** Its words, as they are. */
  readonly tokens: readonly string[];
  /** A tag for each: `O`, `B-PER`, `I-PER`. Only prediction does without. */
  readonly tags?: readonly string[];
  /** Where the sentence begins in its file, for messages: the line, or the row's number, from 1. */
  readonly line?: number;
}

/** The columns of sentences, each by name, or by number from 0. */
export interface TokenColumnOptions {
  /** Default: tokens, words; of a CoNLL file the first. */
  readonly tokens?: ColumnReference | undefined;
  /** Default: ner_tags, tags, labels; of a CoNLL file the last. */
  readonly tags?: ColumnReference | undefined;
}

/** How files of sentences are read. */
export interface TokenClassificationFileOptions {
  /** Where they are not to be found by their usual names: `{ tags: 'pos_tags' }`. */
  readonly columns?: TokenColumnOptions | undefined;
  /** The names of tags that a file has as numbers; those that a Parquet file gives itself come first. */
  readonly tagNames?: readonly string[] | undefined;
  /** Whether every sentence must have tags: true (the default) to train and evaluate, false to predict. */
  readonly requireTags?: boolean | undefined;
  /** Default: by the ending of each file's name. */
  readonly format?: TableFormat | undefined;
  /** Whether cells of a TSV may stand in quotes. Default: decided by what is in the file; see tsv.ts. */
  readonly quotes?: boolean | undefined;
  /** Which part of a folder is read, where its files or folders have names such as train.conll and test.conll. Default: train. */
  readonly split?: Split | undefined;
  /** Called with each sentence that cannot be used, which is skipped. Without it, that is an error. */
  readonly onBadRow?: OnBadRow | undefined;
  /** Called with the files that a folder or a pattern stands for, and those that it leaves out. */
  readonly onFound?: ((found: FoundFiles) => void) | undefined;
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
