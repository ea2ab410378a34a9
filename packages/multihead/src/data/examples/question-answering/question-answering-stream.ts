/** @file Streams questions from files that may be larger than memory. */
import { UserError } from '../../../platform/errors.js';
import { Hash } from '../../../platform/hash.js';
import { checkOptionNames, namesOf } from '../../../platform/option-names.js';
import { checkCount, checkParts, drawnByText, type HeldOut } from '../../splits/hash-split.js';
import type { ExampleStream } from '../../streams/example-stream.js';
import { FirstReading, refuseStandardInput } from '../../streams/replayable-stream.js';
import { openTable } from '../../tables/open-table.js';
import type { Table } from '../../tables/table.js';
import { findTableFiles } from '../../tables/table-files.js';
import {
  checkQuestionColumns,
  type QuestionAnsweringFileOptions,
  questionFileOptionNames,
} from './question-answering.js';
import type { NamedQuestion } from './question-ids.js';
import { isSquad, questionRows } from './question-rows.js';
import type { QuestionAnsweringExample } from './squad.js';
import { QuestionValidator } from './validate-questions.js';

/** A stream of questions from files. */
export interface QuestionAnsweringStream extends ExampleStream<NamedQuestion> {
  /** Whether some questions, including held-out ones, have no answer, as in SQuAD v2. */
  readonly hasImpossible: boolean;
  /** The held-out questions, if requested. */
  readonly evaluation?: readonly NamedQuestion[];
}

/** Options of `openQuestionAnsweringStream`. */
export interface QuestionAnsweringStreamOptions extends QuestionAnsweringFileOptions {
  /**
   * Part of the questions that is held in memory for evaluation: those of about `share` of the contexts, selected by a
   * hash of their texts, so that all questions of a context stay together.
   */
  readonly heldOut?: HeldOut | undefined;
}

const optionNames = [
  ...questionFileOptionNames,
  ...namesOf<Omit<QuestionAnsweringStreamOptions, keyof QuestionAnsweringFileOptions>>({ heldOut: true }),
];

/**
 * Opens tables of questions for training in constant memory. They are read once to count the questions and to find all
 * invalid ones, and again in each epoch. What is read, and how, is as in `readQuestionAnsweringExamples`; but ids are
 * compared only of questions that are held out, as all of them need not fit into memory, and training does without.
 *
 * @throws UserError as readQuestionAnsweringExamples does; for SQuAD's own JSON, which is one document; for standard input,
 *   which comes only once; and where what is held out would be none, all, or more than 100,000 questions
 * @example
 * const stream = await openQuestionAnsweringStream('train-*.parquet', { heldOut: { share: 0.05, seed: 42 } });
 * for await (const examples of stream.examples()) console.log(examples.length);
 */
export async function openQuestionAnsweringStream(
  sources: string | readonly string[],
  asked: QuestionAnsweringStreamOptions = {},
): Promise<QuestionAnsweringStream> {
  checkOptionNames(asked, optionNames, 'openQuestionAnsweringStream');
  checkQuestionColumns(asked, 'openQuestionAnsweringStream');
  const { heldOut, ...given } = asked;
  refuseStandardInput(sources);
  const firstReading = new FirstReading(given.onBadRow);
  const files = await findTableFiles(sources, given);
  const options = { ...given, onBadRow: firstReading.onBadRow, isOneOfMany: files.length > 1 };
  const isHeldOut = heldOut ? drawnByText(heldOut) : () => false;
  const settlerOf = ({ path }: Table) => new QuestionValidator(path, options, ({ context }) => isHeldOut(context));
  const tables: Table[] = [];
  const evaluation: NamedQuestion[] = [];
  const mark = new Hash();
  let length = 0;
  let hasImpossible = false;
  for (const file of files) {
    const table = await openTable(file, { ...options, isStreamed: true });
    if (isSquad(table)) throw new UserError(`${table.path}: ${documentAdvice}`);
    const settler = settlerOf(table);
    for await (const questions of questionRows(table, options)) {
      for (const example of settler.settle(questions)) {
        hasImpossible ||= example.isImpossible ?? false;
        if (isHeldOut(example.context)) {
          evaluation.push(example);
          checkCount(heldOut, evaluation.length);
          continue;
        }
        length++;
        addQuestion(mark, example);
      }
    }
    settler.end();
    tables.push(table);
  }
  firstReading.end();
  checkParts(heldOut, { streamed: length, heldOut: evaluation.length });
  return {
    length,
    hasImpossible,
    ...(heldOut && { evaluation }),
    fingerprint: mark.toString(),
    sizeOf: ({ question, context }) => question.length + context.length,
    async *examples() {
      for (const table of tables) {
        const settler = settlerOf(table);
        for await (const questions of questionRows(table, options)) {
          yield settler.settle(questions).filter(({ context }) => !isHeldOut(context));
        }
      }
    },
  };
}

const documentAdvice =
  "SQuAD's JSON is one document, which cannot be read in pieces. Convert it to JSON Lines or Parquet with a question a row " +
  '(columns id, question, context, answers), or leave out `streaming`.';

function addQuestion(mark: Hash, { question, context, answers }: QuestionAnsweringExample): void {
  mark.addText(question).addText(context);
  for (const { text, start } of answers) mark.addText(text).add(start);
}
