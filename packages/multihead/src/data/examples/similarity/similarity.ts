/** @file Reads texts to compare: pairs, triplets, scored pairs, labelled pairs, from CSV, TSV, JSON, JSON Lines and Parquet. */
import { UserError } from '../../../platform/errors.js';
import { Hash } from '../../../platform/hash.js';
import { checkOptionNames, namesOf } from '../../../platform/option-names.js';
import { checkCount, checkParts, drawnByText, type HeldOut } from '../../splits/hash-split.js';
import type { ExampleStream } from '../../streams/example-stream.js';
import { FirstReading } from '../../streams/replayable-stream.js';
import { standardInput } from '../../streams/source-files.js';
import { openTable } from '../../tables/open-table.js';
import type { Table } from '../../tables/table.js';
import { findTableFiles } from '../../tables/table-files.js';
import {
  checkSimilarityColumns,
  type SimilarityExample,
  type SimilarityFileOptions,
  similarityFileOptionNames,
} from './similarity-examples.js';
import { FormFinder, type SimilarityForm } from './similarity-form.js';
import { similarityRows } from './similarity-rows.js';

/** A stream of examples of similarity from files. */
export interface SimilarityStream extends ExampleStream<SimilarityExample> {
  /** What they have in common. */
  readonly form: SimilarityForm;
  /** The held-out examples, if requested. */
  readonly evaluation?: readonly SimilarityExample[];
}

/** Options of `openSimilarityStream`. */
export interface SimilarityStreamOptions extends SimilarityFileOptions {
  /**
   * Part of the examples that is held in memory for evaluation: about `share` of them, selected by a hash of their first text,
   * so that examples of equal first texts stay together.
   */
  readonly heldOut?: HeldOut | undefined;
}

const streamOptionNames = [
  ...similarityFileOptionNames,
  ...namesOf<Omit<SimilarityStreamOptions, keyof SimilarityFileOptions>>({ heldOut: true }),
];

/**
 * Reads texts to compare.
 *
 * - Formats are those of `readClassificationExamples`: `.csv`, `.tsv`, `.jsonl`, `.json`, `.parquet`, some packed with gzip.
 * - Columns are found by their names: sentence1, sentence2, score; anchor, positive, negative (or negative_1, ...); query,
 *   answer; premise, hypothesis, label; text_a, text_b. Without a header, a column of numbers is the score, and all others are
 *   texts.
 *
 * @param sources files, folders, patterns such as `data/*.csv`, or `-` for standard input; UTF-8
 * @returns at least one example, in the order of the files
 * @throws UserError naming the file and the line (the row's number in Parquet and JSON): columns that are missing, an empty
 *   text, a label that is no number where others are
 * @example
 * const examples = await readSimilarityExamples('pairs.csv');
 * examples[0]   // { texts: ['A man is eating.', 'Someone eats.'], label: 4.2, line: 2 }
 */
export async function readSimilarityExamples(
  sources: string | readonly string[],
  options: SimilarityFileOptions = {},
): Promise<SimilarityExample[]> {
  checkOptionNames(options, similarityFileOptionNames, 'readSimilarityExamples');
  checkSimilarityColumns(options, 'readSimilarityExamples');
  const finder = new FormFinder();
  const examples: SimilarityExample[] = [];
  for (const file of await findTableFiles(sources, options)) {
    const table = await openTable(file, options);
    const before = examples.length;
    for await (const group of similarityRows(table, options)) {
      for (const example of group) {
        finder.add(example, table.path);
        examples.push(example);
      }
    }
    refuseEmpty(table, examples.length - before);
  }
  return examples;
}

/**
 * Opens files of texts to compare, in constant memory. They are read once to count the examples and to find their form and all
 * invalid rows, and again in each epoch. Standard input comes only once, and is held in memory. What is read, and how, is as in
 * `readSimilarityExamples`.
 *
 * @throws UserError as readSimilarityExamples does; where what is held out would be none, all, or more than 100,000 examples
 * @example
 * const stream = await openSimilarityStream('pairs-*.parquet');
 * for await (const examples of stream.examples()) console.log(examples.length);
 */
export async function openSimilarityStream(
  sources: string | readonly string[],
  given: SimilarityStreamOptions = {},
): Promise<SimilarityStream> {
  checkOptionNames(given, streamOptionNames, 'openSimilarityStream');
  checkSimilarityColumns(given, 'openSimilarityStream');
  const { heldOut, ...asked } = given;
  const finder = new FormFinder();
  const mark = new Hash();
  const isHeldOut = heldOut ? drawnByText(heldOut) : () => false;
  const evaluation: SimilarityExample[] = [];
  let length = 0;
  const meet = (example: SimilarityExample, path: string): void => {
    finder.add(example, path);
    if (isHeldOut(example.texts[0] as string)) {
      evaluation.push(example);
      checkCount(heldOut, evaluation.length);
      return;
    }
    length++;
    for (const text of example.texts) mark.addText(text);
    mark.addText(String(example.label ?? ''));
  };
  const end = (groups: () => AsyncGenerator<readonly SimilarityExample[]>): SimilarityStream => {
    checkParts(heldOut, { streamed: length, heldOut: evaluation.length });
    return {
      length,
      form: finder.form(),
      fingerprint: mark.toString(),
      ...(heldOut && { evaluation }),
      sizeOf: ({ texts }) => texts.reduce((sum, text) => sum + text.length, 0),
      async *examples() {
        for await (const group of groups()) {
          yield heldOut ? group.filter(({ texts }) => !isHeldOut(texts[0] as string)) : group;
        }
      },
    };
  };
  if ([sources].flat().includes(standardInput)) {
    const held = await readSimilarityExamples(sources, asked);
    for (const example of held) meet(example, 'standard input');
    return end(async function* () {
      yield held;
    });
  }
  const firstReading = new FirstReading(asked.onBadRow);
  const options = { ...asked, onBadRow: firstReading.onBadRow };
  const tables: Table[] = [];
  for (const file of await findTableFiles(sources, options)) {
    const table = await openTable(file, { ...options, isStreamed: true });
    const before = length + evaluation.length;
    for await (const group of similarityRows(table, options)) for (const example of group) meet(example, table.path);
    refuseEmpty(table, length + evaluation.length - before);
    tables.push(table);
  }
  firstReading.end();
  return end(async function* () {
    for (const table of tables) yield* similarityRows(table, options);
  });
}

function refuseEmpty({ path }: Table, count: number): void {
  if (count === 0) throw new UserError(`${path}: holds no example that can be used`);
}
