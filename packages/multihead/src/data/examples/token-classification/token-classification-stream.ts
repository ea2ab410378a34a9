/** @file Streams tagged sentences from files that may be larger than memory. */
import { UserError } from '../../../platform/errors.js';
import { Hash } from '../../../platform/hash.js';
import { checkOptionNames, namesOf } from '../../../platform/option-names.js';
import { TagNames } from '../../labels/tag-names.js';
import { checkCount, checkParts, drawnByText, type HeldOut } from '../../splits/hash-split.js';
import type { ExampleStream } from '../../streams/example-stream.js';
import { FirstReading, refuseStandardInput } from '../../streams/replayable-stream.js';
import { openTable } from '../../tables/open-table.js';
import type { Table } from '../../tables/table.js';
import { findTableFiles } from '../../tables/table-files.js';
import {
  checkTokenColumns,
  type TokenClassificationExample,
  type TokenClassificationFileOptions,
  tokenFileOptionNames,
} from './token-examples.js';
import { tokenRows } from './token-rows.js';

/** A stream of sentences from files. */
export interface TokenClassificationStream extends ExampleStream<TokenClassificationExample> {
  /** All tags, as returned by `readTokenClassificationData`. */
  readonly tagNames: readonly string[];
  /** The held-out sentences, if requested. */
  readonly evaluation?: readonly TokenClassificationExample[];
}

/** Options of `openTokenClassificationStream`. */
export interface TokenClassificationStreamOptions extends TokenClassificationFileOptions {
  /**
   * Part of the sentences that is held in memory for evaluation: about `share` of them, selected by a hash of their
   * words, so that equal sentences stay together.
   */
  readonly heldOut?: HeldOut | undefined;
}

const optionNames = [
  ...tokenFileOptionNames,
  ...namesOf<Omit<TokenClassificationStreamOptions, keyof TokenClassificationFileOptions>>({ heldOut: true }),
];

/**
 * Opens files of tagged sentences for training in constant memory. They are read once to count the sentences and to
 * find the tags and all invalid sentences, and again in each epoch. What is read, and how, is as in
 * `readTokenClassificationExamples`.
 *
 * @throws UserError as readTokenClassificationExamples does; for standard input, which comes only once; and where what is held
 *   out would be none, all, or more than 100,000 sentences
 * @example
 * const stream = await openTokenClassificationStream('train-*.parquet', { heldOut: { share: 0.05, seed: 42 } });
 * for await (const examples of stream.examples()) console.log(examples.length);
 */
export async function openTokenClassificationStream(
  sources: string | readonly string[],
  given: TokenClassificationStreamOptions = {},
): Promise<TokenClassificationStream> {
  checkOptionNames(given, optionNames, 'openTokenClassificationStream');
  checkTokenColumns(given, 'openTokenClassificationStream');
  const { heldOut, ...asked } = given;
  refuseStandardInput(sources);
  const firstReading = new FirstReading(asked.onBadRow);
  const options = { ...asked, onBadRow: firstReading.onBadRow };
  const isHeldOut = heldOut ? drawnByText(heldOut) : () => false;
  const tags = new TagNames(options.tagNames);
  const tables: Table[] = [];
  const evaluation: TokenClassificationExample[] = [];
  const mark = new Hash();
  let length = 0;
  for (const file of await findTableFiles(sources, options)) {
    const table = await openTable(file, { ...options, conll: options.columns, isStreamed: true });
    const before = length + evaluation.length;
    for await (const group of tokenRows(table, options, tags)) {
      for (const example of group) {
        if (isHeldOut(...example.tokens)) {
          evaluation.push(example);
          checkCount(heldOut, evaluation.length);
          continue;
        }
        length++;
        mark.add(example.tokens.length);
        for (const text of [...example.tokens, ...(example.tags ?? [])]) mark.addText(text);
      }
    }
    if (length + evaluation.length === before) {
      throw new UserError(`${table.path}: holds no sentence that can be used`);
    }
    tables.push(table);
  }
  firstReading.end();
  checkParts(heldOut, { streamed: length, heldOut: evaluation.length });
  return {
    length,
    tagNames: tags.names(),
    ...(heldOut && { evaluation }),
    fingerprint: mark.toString(),
    sizeOf: ({ tokens }) => tokens.reduce((sum, token) => sum + token.length + 1, 0),
    async *examples() {
      for (const table of tables) {
        for await (const group of tokenRows(table, options)) {
          yield heldOut ? group.filter(({ tokens }) => !isHeldOut(...tokens)) : group;
        }
      }
    },
  };
}
