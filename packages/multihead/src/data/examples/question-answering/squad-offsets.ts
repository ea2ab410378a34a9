/** @file Handling of answers that are not at their `answer_start`: refuse, relocate, drop or keep. */

import { codePointIndex } from '../../../platform/code-points.js';
import { UserError } from '../../../platform/errors.js';

/**
 * Handling of an answer whose text is not at its `answer_start`:
 *
 * - 'error': refuse the file, telling how many there are and showing the first;
 * - 'relocate': take the occurrence of the answer in the context that is nearest to `answer_start`; refuse the file if
 *   an answer stands nowhere in its context;
 * - 'drop': leave the answer out, and the question with it if none of its answers is left.
 * - 'keep': leave `start` as it is, as Hugging Face's run_qa does, even outside of the context. Fit for evaluation,
 *   which compares texts only; in training the model would learn whatever characters are there.
 */
export type Mismatched = 'error' | 'relocate' | 'drop' | 'keep';

/** An answer, with all that is needed to check its place. */
export interface AnswerPlace {
  /** File and path in it, for errors. */
  readonly where: string;
  readonly context: string;
  readonly text: string;
  /** UTF-16 index into the context. */
  readonly start: number;
}

/** How many answers an error shows. */
const shown = 3;

/**
 * Finds answers that are not at their `answer_start`, and handles them as `mode` says. An unfit file is reported at its end,
 * since the error says how many answers it concerns.
 *
 * @example
 * const check = new PlaceCheck('train.json', 'relocate');
 * const starts = check.settle(answers);   // where each answer starts; those that were dropped are not in it
 * check.end();
 */
export class PlaceCheck {
  private count = 0;
  private lostCount = 0;
  /** The first that are lost, for the error. */
  private readonly lost: AnswerPlace[] = [];

  /**
   * @param path   the file's name, for the error
   * @param onLost called with each answer that cannot be used, which is skipped; without it, such an answer is an error
   */
  constructor(
    private readonly path: string,
    private readonly mismatched: Mismatched,
    private readonly onLost?: (answer: AnswerPlace, problem: string) => void,
  ) {}

  /** Where each answer starts; those that are dropped or lost are not in it. */
  settle(answers: readonly AnswerPlace[]): Map<AnswerPlace, number> {
    const starts = new Map(answers.map((answer) => [answer, answer.start]));
    this.count += answers.length;
    if (this.mismatched === 'keep') return starts;
    for (const answer of answers) {
      if (answer.start >= 0 && answer.context.startsWith(answer.text, answer.start)) continue;
      const start = this.mismatched === 'relocate' ? nearestOccurrence(answer) : -1;
      if (start >= 0) starts.set(answer, start);
      else starts.delete(answer);
      if (start < 0 && this.mismatched !== 'drop') this.lose(answer);
    }
    return starts;
  }

  /** @throws UserError where answers were lost and nobody was told, with their number and the first of them */
  end(): void {
    if (this.onLost || this.lostCount === 0) return;
    const lines = this.lost.map((answer) => `  ${answer.where.slice(this.path.length + 2)}: ${found(answer)}`);
    const rest = this.lostCount - lines.length;
    const list = [...lines, ...(rest > 0 ? [`  and ${rest} more`] : [])].join('\n');
    const which = `${this.path}: ${this.lostCount} of ${this.count} answers`;
    throw new UserError(
      this.mismatched === 'error'
        ? `${which} are not at their answer_start.\n${list}\n` +
            `Correct the file, or choose with the option mismatched: 'relocate' takes the nearest occurrence of each of ` +
            `these answers, 'drop' leaves them out, 'keep' takes them as they are.`
        : `${which} stand nowhere in their context.\n${list}\n` +
            `Correct them; or choose mismatched: 'drop' to leave such answers out, or, to evaluate only, 'keep'.`,
    );
  }

  private lose(answer: AnswerPlace): void {
    this.lostCount++;
    if (this.lost.length < shown) this.lost.push(answer);
    this.onLost?.(answer, found(answer));
  }
}

/** The start of the answer's occurrence nearest to where it should be, the earlier of two; -1 if there is none. */
function nearestOccurrence({ context, text, start }: AnswerPlace): number {
  const before = context.lastIndexOf(text, start);
  const after = context.indexOf(text, start);
  if (before === -1 || after === -1) return Math.max(before, after);
  return start - before <= after - start ? before : after;
}

/** What stands where the answer should. */
function found({ context, text, start }: AnswerPlace): string {
  const there = quote(start < 0 ? '' : context.slice(start, start + text.length));
  return `answer_start ${codePointIndex(context, start)} gives ${there}, not ${quote(text)}`;
}

const quote = (text: string) => JSON.stringify(text.length > 50 ? `${text.slice(0, 50)}…` : text);
