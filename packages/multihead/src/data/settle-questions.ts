/** @file Questions as files have them, checked together: ids, answers, and where these stand. */
import { UserError } from '../errors.js';
import type { OnBadRow } from './bad-rows.js';
import type { QuestionAnsweringExample, SquadOptions } from './squad.js';
import { type AnswerPlace, settleMismatches } from './squad-offsets.js';

/** A question as the file has it. */
export interface Question {
  /** File and place in it: `train.json: data[3].paragraphs[0].qas[1]`, `train.jsonl: line 7`. */
  readonly where: string;
  readonly id: string;
  readonly question: string;
  readonly context: string;
  readonly title: string | undefined;
  readonly isImpossible: boolean;
  readonly answers: readonly AnswerPlace[];
}

/**
 * The examples of a file.
 *
 * @throws UserError for no questions at all; and, where nobody is told of what is passed over: for an id given twice, an
 *   answer that is not at its place, a question without answers that is not marked as impossible
 */
export function settledExamples(
  all: readonly Question[],
  path: string,
  { requireAnswers = true, mismatched = 'error', onBadRow }: SquadOptions,
): QuestionAnsweringExample[] {
  if (all.length === 0) throw new UserError(`${path}: holds no questions`);
  const refuse = onBadRow && ((where: string, problem: string) => onBadRow({ path, ...placeIn(where, path), problem }));
  const unique = withoutRepeatedIds(all, refuse);
  const questions = requireAnswers ? withoutUnanswered(unique, path, refuse) : unique;
  const starts = settleMismatches(
    path,
    questions.flatMap((question) => question.answers),
    mismatched,
    refuse && (({ where }, problem) => refuse(where, `${problem}; the answer is left out`)),
  );
  const isDropped = ({ answers }: Question) => answers.length > 0 && !answers.some((answer) => starts.has(answer));
  const kept = questions.filter((question) => !isDropped(question));
  if (kept.length === 0) throw new UserError(`${path}: none of its ${all.length} questions can be used`);
  return kept.map(({ id, question, context, answers, title, isImpossible }) => ({
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

/** A place as a bad row has it. */
function placeIn(where: string, path: string): Pick<Parameters<OnBadRow>[0], 'line' | 'row' | 'at'> {
  const place = where.slice(path.length + 2);
  const [, unit, number, rest] = /^(line|row) (\d+)(.*)$/.exec(place) ?? [];
  return unit ? { [unit]: Number(number), ...(rest && { at: rest.replace(/^\./, '') }) } : { at: place };
}

type Refuse = (where: string, problem: string) => void;

function withoutRepeatedIds(questions: readonly Question[], refuse: Refuse | undefined): Question[] {
  const firstPlace = new Map<string, string>();
  return questions.filter(({ id, where }) => {
    const first = firstPlace.get(id);
    if (first === undefined) {
      firstPlace.set(id, where);
      return true;
    }
    const problem = `${JSON.stringify(id)} was given before, at ${first}.id`;
    if (!refuse) throw new UserError(`${where}.id: ${problem}`);
    refuse(where, `id: ${problem}`);
    return false;
  });
}

function withoutUnanswered(questions: readonly Question[], path: string, refuse: Refuse | undefined): Question[] {
  const isUnanswered = ({ answers, isImpossible }: Question) => answers.length === 0 && !isImpossible;
  const unanswered = questions.filter(isUnanswered);
  const [first] = unanswered;
  if (!first) return [...questions];
  const advice =
    "Every question needs one to train or to evaluate on, unless it is marked with is_impossible as SQuAD v2's are; " +
    'only prediction does without (requireAnswers: false).';
  if (!refuse) {
    const count = `${unanswered.length} of ${questions.length} questions have no answer`;
    throw new UserError(
      `${path}: ${count}; the first: ${first.where.slice(path.length + 2)} (id ${first.id}). ${advice}`,
    );
  }
  for (const { where, id } of unanswered) refuse(where, `the question ${JSON.stringify(id)} has no answer. ${advice}`);
  return questions.filter((question) => !isUnanswered(question));
}
