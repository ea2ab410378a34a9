/** @file Reads tagged sentences: CoNLL files, and tables with lists of words and tags, as in the hub's data sets. */
import { UserError } from '../../../platform/errors.js';
import { checkOptionNames } from '../../../platform/option-names.js';
import { TagNames } from '../../labels/tag-names.js';
import { openTable } from '../../tables/open-table.js';
import { findTableFiles } from '../../tables/table-files.js';
import {
  checkTokenColumns,
  type TokenClassificationExample,
  type TokenClassificationFileOptions,
  tokenFileOptionNames,
} from './token-examples.js';
import { tokenRows } from './token-rows.js';

/** Tagged sentences and their tag names. */
export interface TokenClassificationData {
  readonly examples: readonly TokenClassificationExample[];
  /**
   * All tags: in numeric order if a file or the option `tagNames` defines their names, else those of the sentences, in
   * the order of code points.
   */
  readonly tagNames: readonly string[];
}

/**
 * Reads tagged sentences.
 *
 * - `.conll` (also `.bio`, `.iob`, or any name with `format: 'conll'`): a word and its tags a line, separated by tabs or
 *   spaces; a blank line ends a sentence; `-DOCSTART-` and comments are skipped.
 * - JSON, JSON Lines, Parquet, CSV and TSV with a header: a sentence a row, words and tags in two lists (in CSV and TSV as
 *   JSON, or with spaces between). Tags may be numbers, whose names a Parquet file has or `tagNames` gives.
 *
 * @param sources files, folders, patterns such as `data/*.conll`, or `-` for standard input; UTF-8, perhaps with .gz
 * @returns at least one example, in the order of the files
 * @throws UserError naming the file and the line (the row's number in Parquet and JSON): a column that is missing, a line
 *   without a tag, not as many tags as words, a number without a name
 * @example
 * const examples = await readTokenClassificationExamples('train.conll');
 * examples[0]   // { tokens: ['EU', 'rejects', 'German', 'call'], tags: ['B-ORG', 'O', 'B-MISC', 'O'], line: 3 }
 */
export async function readTokenClassificationExamples(
  sources: string | readonly string[],
  options: TokenClassificationFileOptions = {},
): Promise<readonly TokenClassificationExample[]> {
  return (await readFiles(sources, options, 'readTokenClassificationExamples')).examples;
}

/**
 * Reads tagged sentences, with the names of the tags.
 *
 * @example
 * const { examples, tagNames } = await readTokenClassificationData('train-00000-of-00001.parquet');
 * tagNames   // ['O', 'B-PER', 'I-PER', 'B-ORG', 'I-ORG', 'B-LOC', 'I-LOC', 'B-MISC', 'I-MISC']
 */
export async function readTokenClassificationData(
  sources: string | readonly string[],
  options: TokenClassificationFileOptions = {},
): Promise<TokenClassificationData> {
  return readFiles(sources, options, 'readTokenClassificationData');
}

/** @param of the function whose options these are, for messages */
async function readFiles(
  sources: string | readonly string[],
  options: TokenClassificationFileOptions,
  of: string,
): Promise<TokenClassificationData> {
  checkOptionNames(options, tokenFileOptionNames, of);
  checkTokenColumns(options, of);
  const examples: TokenClassificationExample[] = [];
  const tags = new TagNames(options.tagNames);
  for (const file of await findTableFiles(sources, options)) {
    const table = await openTable(file, { ...options, conll: options.columns });
    const before = examples.length;
    for await (const group of tokenRows(table, options, tags)) for (const example of group) examples.push(example);
    if (examples.length === before) throw new UserError(`${table.path}: holds no sentence that can be used`);
  }
  return { examples, tagNames: tags.names() };
}
