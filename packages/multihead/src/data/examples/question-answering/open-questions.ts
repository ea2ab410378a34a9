/**
 * @file Opens questions for evaluation or prediction, with or without answers, from files that may be larger than
 *   memory.
 */
import { Hash } from '../../../platform/hash.js';
import type { ExampleStream } from '../../streams/example-stream.js';
import { FirstReading } from '../../streams/replayable-stream.js';
import { standardInput } from '../../streams/source-files.js';
import { openTable } from '../../tables/open-table.js';
import type { Table } from '../../tables/table.js';
import { findTableFiles } from '../../tables/table-files.js';
import type { QuestionAnsweringFileOptions } from './question-answering.js';
import type { NamedQuestion } from './question-ids.js';
import { isSquad, questionRows } from './question-rows.js';
import { squadExamples } from './squad.js';
import { QuestionValidator } from './validate-questions.js';

/** A stream of questions, and facts found on the first pass. */
export interface OpenedQuestions extends ExampleStream<NamedQuestion> {
  /** Whether some of them have no answer, as in SQuAD v2. */
  readonly hasImpossible: boolean;
}

/** The questions of one file, the same each time. */
type Questions = () => AsyncIterable<readonly NamedQuestion[]>;

/**
 * Opens files of questions: they are gone through once, which counts them and finds all that cannot be used, and are read
 * again when they are needed. What is read, and how, is as in `readQuestionAnsweringExamples`; ids are remembered, as one
 * given twice is an error. JSON (SQuAD's own format, too) is one document, and held in memory; so is standard input.
 *
 * @throws UserError as readQuestionAnsweringExamples does
 * @example
 * const questions = await openQuestions('questions.jsonl', { requireAnswers: false });
 * for await (const examples of questions.examples()) console.log(examples.length);
 */
export async function openQuestions(source: string, given: QuestionAnsweringFileOptions): Promise<OpenedQuestions> {
  const firstReading = new FirstReading(given.onBadRow);
  const found = await findTableFiles(source, given);
  const options = { ...given, onBadRow: firstReading.onBadRow, isOneOfMany: found.length > 1 };
  const mark = new Hash();
  const files: Questions[] = [];
  let length = 0;
  let hasImpossible = false;
  for (const file of found) {
    const table = await openTable(file, { ...options, isStreamed: file.path !== standardInput });
    let questions: Questions = () => settled(table, options);
    if (isSquad(table)) {
      const held = squadExamples(table.document, table.path, options);
      questions = () => once(held);
    } else if (file.path === standardInput) {
      const held: NamedQuestion[] = [];
      for await (const group of questions()) held.push(...group);
      questions = () => once(held);
    }
    for await (const group of questions()) {
      length += group.length;
      for (const { id, question, context, isImpossible } of group) {
        mark.addText(id).addText(question).addText(context);
        hasImpossible ||= isImpossible ?? false;
      }
    }
    files.push(questions);
  }
  firstReading.end();
  return {
    length,
    hasImpossible,
    fingerprint: mark.toString(),
    sizeOf: ({ question, context }) => question.length + context.length,
    async *examples() {
      for (const questions of files) yield* questions();
    },
  };
}

async function* settled(
  table: Table,
  options: QuestionAnsweringFileOptions & { readonly isOneOfMany: boolean },
): AsyncGenerator<NamedQuestion[]> {
  const settler = new QuestionValidator(table.path, options);
  for await (const questions of questionRows(table, options)) yield settler.settle(questions);
  settler.end();
}

async function* once<Example>(held: readonly Example[]): AsyncGenerator<readonly Example[]> {
  yield held;
}
