/** @file Questions as files have them, checked together: ids, answers, and where these stand. */
import { UserError } from '../../../platform/errors.js';
import type { OnBadRow } from '../../streams/bad-rows.js';
import type { NamedQuestion } from './question-ids.js';
import type { SquadOptions } from './squad.js';
import { type AnswerPlace, PlaceCheck } from './squad-offsets.js';

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
 * Makes examples of a file's questions. What makes the file unfit as a whole is told at its end, since the error says how
 * many questions or answers it concerns.
 *
 * @example
 * const settler = new QuestionValidator('train.jsonl', {});
 * const examples = settler.settle(questions);
 * settler.end();
 */
export class QuestionValidator {
  private count = 0;
  private keptCount = 0;
  private unansweredCount = 0;
  private firstUnanswered: Question | undefined;
  /** Where each id was first. */
  private readonly places = new Map<string, string>();
  private readonly check: PlaceCheck;
  private readonly refuse: Refuse | undefined;

  /**
   * @param path        the file's name
   * @param remembersId whether a question's id is remembered, to be found given twice. Default: of all
   */
  constructor(
    private readonly path: string,
    private readonly options: SquadOptions,
    private readonly remembersId: (question: Question) => boolean = () => true,
  ) {
    const { mismatched = 'error', onBadRow } = options;
    const refuse =
      onBadRow && ((where: string, problem: string) => onBadRow({ path, ...placeIn(where, path), problem }));
    this.refuse = refuse;
    this.check = new PlaceCheck(
      path,
      mismatched,
      refuse && (({ where }, problem) => refuse(where, `${problem}; the answer is left out`)),
    );
  }

  /**
   * The examples of the next questions; those that cannot be used are reported.
   *
   * @throws UserError for an id given twice, where skipped rows are not reported
   */
  settle(all: readonly Question[]): NamedQuestion[] {
    const { requireAnswers = true } = this.options;
    this.count += all.length;
    const unique = all.filter((question) => this.isNew(question));
    const questions = requireAnswers ? unique.filter((question) => this.isAnswered(question)) : unique;
    const starts = this.check.settle(questions.flatMap((question) => question.answers));
    const isDropped = ({ answers }: Question) => answers.length > 0 && !answers.some((answer) => starts.has(answer));
    const kept = questions.filter((question) => !isDropped(question));
    this.keptCount += kept.length;
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

  /**
   * Says that there are no more.
   *
   * @throws UserError for no questions at all, or none of use; and, where skipped rows are not reported: for answers
   *   that are not at their place, and questions without answers that are not marked as impossible
   */
  end(): void {
    const { path, count, unansweredCount, firstUnanswered: first } = this;
    if (count === 0) throw new UserError(`${path}: holds no questions`);
    if (first && !this.refuse) {
      throw new UserError(
        `${path}: ${unansweredCount} of ${count} questions have no answer; the first: ` +
          `${first.where.slice(path.length + 2)} (id ${first.id}). ${advice}`,
      );
    }
    this.check.end();
    if (this.keptCount === 0) throw new UserError(`${path}: none of its ${count} questions can be used`);
  }

  private isNew(question: Question): boolean {
    const { id, where } = question;
    if (!this.remembersId(question)) return true;
    const first = this.places.get(id);
    if (first === undefined) {
      this.places.set(id, where);
      return true;
    }
    const problem = `${JSON.stringify(id)} was given before, at ${first}.id`;
    if (!this.refuse) throw new UserError(`${where}.id: ${problem}`);
    this.refuse(where, `id: ${problem}`);
    return false;
  }

  private isAnswered(question: Question): boolean {
    const { where, id, answers, isImpossible } = question;
    if (answers.length > 0 || isImpossible) return true;
    this.unansweredCount++;
    this.firstUnanswered ??= question;
    this.refuse?.(where, `the question ${JSON.stringify(id)} has no answer. ${advice}`);
    return false;
  }
}

const advice =
  "Every question needs one to train or to evaluate on, unless it is marked with is_impossible as SQuAD v2's are; " +
  'only prediction does without (requireAnswers: false).';

type Refuse = (where: string, problem: string) => void;

/** The examples of a file of which all questions are in memory; see {@link QuestionValidator}. */
export function validatedExamples(
  questions: readonly Question[],
  path: string,
  options: SquadOptions,
): NamedQuestion[] {
  const settler = new QuestionValidator(path, options);
  const examples = settler.settle(questions);
  settler.end();
  return examples;
}

/** A place as a bad row has it. */
function placeIn(where: string, path: string): Pick<Parameters<OnBadRow>[0], 'line' | 'row' | 'at'> {
  const place = where.slice(path.length + 2);
  const [, unit, number, rest] = /^(line|row) (\d+)(.*)$/.exec(place) ?? [];
  return unit ? { [unit]: Number(number), ...(rest && { at: rest.replace(/^\./, '') }) } : { at: place };
}
