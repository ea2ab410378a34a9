/** @file Question answering examples from SQuAD JSON: v1.1 (Rajpurkar et al. 2016) and v2 (2018), whose questions may have no answer. */
import { UserError } from '../errors.js';
import { readJson } from './json.js';
import { elements, fail, field, filledString, type JsonNode, rootOf, string, wholeNumber } from './json-fields.js';
import { type AnswerPlace, type Mismatched, settleMismatches } from './squad-offsets.js';

/** An answer that stands in the context: `context.startsWith(text, start)`. */
export interface Answer {
  readonly text: string;
  /** UTF-16 index into the context, as JavaScript's strings count. (The file counts code points.) */
  readonly start: number;
}

/** A question, the text that answers it, and the answers that annotators gave. */
export interface QuestionAnsweringExample {
  readonly id: string;
  /** As in the file, even if it is empty. */
  readonly question: string;
  readonly context: string;
  /** At least one, unless the question has none or was read with `requireAnswers: false`. */
  readonly answers: readonly Answer[];
  /** Whether the context does not answer the question (SQuAD v2's is_impossible). */
  readonly isImpossible?: boolean;
  readonly title?: string;
}

/** How a SQuAD file is read. */
export interface SquadOptions {
  /** Whether every question must have an answer: true (the default) to train and evaluate, false to predict. */
  readonly requireAnswers?: boolean | undefined;
  /** What to do with answers that are not at their `answer_start`; see {@link Mismatched}. Default: 'error'. */
  readonly mismatched?: Mismatched | undefined;
}

/**
 * Reads a file in the format of SQuAD: `data[].paragraphs[].{context, qas[].{id, question, answers[], is_impossible}}`.
 *
 * Nothing is dropped or mended silently. An answer whose `answer_start` does not lead to its text would train a model
 * on a wrong span (Hugging Face's run_qa does so without a word), so by default such a file is refused.
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
export async function readSquad(path: string, options: SquadOptions = {}): Promise<QuestionAnsweringExample[]> {
  const { requireAnswers = true, mismatched = 'error' } = options;
  const questions = elements(
    field(rootOf(await readJson(path), path), 'data'),
    'an array of articles, as in SQuAD v1.1,',
  ).flatMap(readArticle);
  if (questions.length === 0) throw new UserError(`${path}: holds no questions`);
  refuseRepeatedIds(questions);
  if (requireAnswers) refuseUnanswered(path, questions);

  const starts = settleMismatches(
    path,
    questions.flatMap((question) => question.answers),
    mismatched,
  );
  const isDropped = ({ answers }: Question) => answers.length > 0 && !answers.some((answer) => starts.has(answer));
  return questions
    .filter((question) => !isDropped(question))
    .map(({ id, question, context, answers, title, isImpossible }) => ({
      id,
      question,
      context,
      answers: answers.flatMap((answer) => {
        const start = starts.get(answer);
        return start === undefined ? [] : [{ text: answer.text, start }];
      }),
      ...(title === undefined ? {} : { title }),
      ...(isImpossible && { isImpossible }),
    }));
}

/** A question as the file has it. */
interface Question {
  readonly where: string;
  readonly id: string;
  readonly question: string;
  readonly context: string;
  readonly title: string | undefined;
  readonly isImpossible: boolean;
  readonly answers: readonly AnswerPlace[];
}

function readArticle(article: JsonNode): Question[] {
  const titleNode = field(article, 'title');
  const title = typeof titleNode.value === 'string' ? titleNode.value : undefined;
  return elements(field(article, 'paragraphs')).flatMap((paragraph) => {
    const context = filledString(field(paragraph, 'context'));
    return elements(field(paragraph, 'qas')).map((qa) => readQuestion(qa, context, title));
  });
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
    answers: (answers?.value === undefined ? [] : elements(answers)).map((answer) => ({
      where: answer.where,
      context,
      text: filledString(field(answer, 'text')),
      start: utf16Index(context, wholeNumber(field(answer, 'answer_start'))),
    })),
  };
}

/** Annotation tools write numbers too. */
function readId(node: JsonNode): string {
  if (typeof node.value === 'number') return String(node.value);
  if (typeof node.value !== 'string' || node.value === '') fail(node, 'a string that names the question');
  return node.value;
}

const astral = /[\u{10000}-\u{10ffff}]/u;

/** The UTF-16 index of the code point with this number; outside of the text, indices go on counting. */
function utf16Index(text: string, codePoints: number): number {
  if (!astral.test(text)) return codePoints;
  let index = 0;
  let passed = 0;
  for (; passed < codePoints && index < text.length; passed++) index += (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
  return index + codePoints - passed;
}

function refuseRepeatedIds(questions: readonly Question[]): void {
  const firstPlace = new Map<string, string>();
  for (const { id, where } of questions) {
    const first = firstPlace.get(id);
    if (first !== undefined) throw new UserError(`${where}.id: ${JSON.stringify(id)} was given before, at ${first}.id`);
    firstPlace.set(id, where);
  }
}

function refuseUnanswered(path: string, questions: readonly Question[]): void {
  const unanswered = questions.filter(({ answers, isImpossible }) => answers.length === 0 && !isImpossible);
  const [first] = unanswered;
  if (!first) return;
  const advice =
    "Every question needs one to train or to evaluate on, unless it is marked with is_impossible as SQuAD v2's are; " +
    'only prediction does without (requireAnswers: false).';
  const count = `${unanswered.length} of ${questions.length} questions have no answer`;
  throw new UserError(
    `${path}: ${count}; the first: ${first.where.slice(path.length + 2)} (id ${first.id}). ${advice}`,
  );
}
