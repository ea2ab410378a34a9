/** @file Question answering examples from SQuAD JSON: v1.1 (Rajpurkar et al. 2016) and v2 (2018), whose questions may have no answer. */

import { readText } from '#files';
import { utf16Index } from '../../../platform/code-points.js';
import { UserError } from '../../../platform/errors.js';
import { parseJsonData } from '../../../platform/json/json.js';
import {
  elements,
  fail,
  field,
  filledString,
  type JsonNode,
  rootOf,
  string,
  wholeNumber,
} from '../../../platform/json/json-fields.js';
import { checkOptionNames, namesOf } from '../../../platform/option-names.js';
import type { OnBadRow } from '../../streams/bad-rows.js';
import type { NamedQuestion } from './question-ids.js';
import type { AnswerPlace, Mismatched } from './squad-offsets.js';
import { type Question, validatedExamples } from './validate-questions.js';

/** An answer in the context: `context.startsWith(text, start)`. */
export interface Answer {
  readonly text: string;
  /** UTF-16 index into the context, as JavaScript's strings count. (The file counts code points.) */
  readonly start: number;
}

/** A question, its context, and the annotators' answers. */
export interface QuestionAnsweringExample {
  /** Id of the question. Default: its index in the list, from 0. */
  readonly id?: string;
  /** As in the file, even if it is empty. */
  readonly question: string;
  readonly context: string;
  /** At least one, unless the question has none or was read with `requireAnswers: false`. */
  readonly answers: readonly Answer[];
  /** Whether the context does not answer the question (SQuAD v2's is_impossible). */
  readonly isImpossible?: boolean;
  readonly title?: string;
}

/** Options for reading SQuAD files. */
export interface SquadOptions {
  /**
   * Whether every question must have an answer: true (the default) for training and evaluation, false for prediction.
   */
  readonly requireAnswers?: boolean | undefined;
  /** Handling of answers that are not at their `answer_start`; see {@link Mismatched}. Default: 'error'. */
  readonly mismatched?: Mismatched | undefined;
  /**
   * Called with each invalid item, which is skipped: a question with its place in the file, or an answer that is not at
   * its `answer_start` (under `mismatched: 'error'`). Without it, that is an error.
   */
  readonly onBadRow?: OnBadRow | undefined;
}

export const squadOptionNames = namesOf<SquadOptions>({ requireAnswers: true, mismatched: true, onBadRow: true });

/**
 * Reads a SQuAD file: `data[].paragraphs[].{context, qas[].{id, question, answers[], is_impossible}}`.
 *
 * Nothing is dropped or corrected silently. An answer whose `answer_start` does not lead to its text would train a
 * model on a wrong span (Hugging Face's run_qa does so without a word), so by default such a file is refused.
 *
 * @param path UTF-8 JSON file
 * @returns one example per question, in the order of the file
 * @throws UserError naming the file and the path in it: not JSON, a missing or empty field, an id given twice, an answer
 *   that is not at its place, a question without answers that is not marked as impossible
 * @example
 * const examples = await readSquad('train-v1.1.json');
 * const { context, answers: [answer] } = examples[0];
 * context.slice(answer.start, answer.start + answer.text.length) === answer.text   // true
 */
export async function readSquad(path: string, options: SquadOptions = {}): Promise<NamedQuestion[]> {
  checkOptionNames(options, squadOptionNames, 'readSquad');
  return squadExamples(parseJsonData(await readText(path), path), path, options);
}

/** The same, of JSON that was read. */
export function squadExamples(json: unknown, path: string, options: SquadOptions = {}): NamedQuestion[] {
  const { onBadRow } = options;
  const questions = elements(field(rootOf(json, path), 'data'), 'an array of articles, as in SQuAD v1.1,').flatMap(
    (article) => readArticle(article, path, onBadRow),
  );
  return validatedExamples(questions, path, options);
}

function readArticle(article: JsonNode, path: string, onBadRow: OnBadRow | undefined): Question[] {
  const titleNode = field(article, 'title');
  const title = typeof titleNode.value === 'string' ? titleNode.value : undefined;
  return elements(field(article, 'paragraphs')).flatMap((paragraph) => {
    const read = () => {
      const context = filledString(field(paragraph, 'context'));
      return elements(field(paragraph, 'qas')).flatMap(
        (qa) => attempt(() => readQuestion(qa, context, title), qa, path, onBadRow) ?? [],
      );
    };
    return attempt(read, paragraph, path, onBadRow) ?? [];
  });
}

/** Reads a part of the file, or tells that it cannot be used. */
function attempt<Result>(read: () => Result, node: JsonNode, path: string, onBadRow?: OnBadRow): Result | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UserError) || !onBadRow) throw error;
    onBadRow({ path, at: node.where.slice(path.length + 2), problem: error.message.slice(path.length + 2) });
    return undefined;
  }
}

function readQuestion(qa: JsonNode, context: string, title: string | undefined): Question {
  const isImpossible = field(qa, 'is_impossible').value === true;
  // What annotators gave as the answer of a question that has none is no answer.
  const answers = isImpossible ? undefined : field(qa, 'answers');
  return {
    where: qa.where,
    id: readId(field(qa, 'id')),
    question: string(field(qa, 'question')),
    context,
    title,
    isImpossible,
    answers: (answers?.value === undefined ? [] : elements(answers)).map((answer) => readAnswer(answer, context)),
  };
}

/** An answer with its place: `{"text": "...", "answer_start": 3}`. */
export const readAnswer = (answer: JsonNode, context: string): AnswerPlace => ({
  where: answer.where,
  context,
  text: filledString(field(answer, 'text')),
  start: utf16Index(context, wholeNumber(field(answer, 'answer_start'))),
});

/** A question's name. Annotation tools write numbers too. */
export function readId(node: JsonNode): string {
  if (typeof node.value === 'number' || typeof node.value === 'bigint') return String(node.value);
  if (typeof node.value !== 'string' || node.value === '') fail(node, 'a string that names the question');
  return node.value;
}
