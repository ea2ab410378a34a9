/** @file Answers that do not stand where their SQuAD file says: refused, looked for nearby, dropped, or kept. */
import { UserError } from '../errors.js';

/**
 * What to do with an answer whose text is not at its `answer_start`:
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
 * Finds the answers that are not at their place, and deals with them as asked.
 *
 * @param onLost is told of each answer that can be used no more, which is left out then; without it, that is an error
 * @returns where each answer starts; answers that were dropped are not in it
 * @throws UserError with the number of such answers and the first of them
 */
export function settleMismatches(
  path: string,
  answers: readonly AnswerPlace[],
  mismatched: Mismatched,
  onLost?: (answer: AnswerPlace, problem: string) => void,
): Map<AnswerPlace, number> {
  const astray = answers.filter(({ context, text, start }) => start < 0 || !context.startsWith(text, start));
  const starts = new Map(answers.map((answer) => [answer, answer.start]));
  if (mismatched === 'keep') return starts;
  if (mismatched === 'error' && astray.length > 0 && !onLost) {
    throw new UserError(
      `${path}: ${astray.length} of ${answers.length} answers are not at their answer_start.\n${list(path, astray)}\n` +
        `Correct the file, or choose with the option mismatched: 'relocate' takes the nearest occurrence of each of ` +
        `these answers, 'drop' leaves them out, 'keep' takes them as they are.`,
    );
  }
  for (const answer of astray) {
    if (mismatched === 'relocate') starts.set(answer, nearestOccurrence(answer));
    else starts.delete(answer);
  }
  const lost = mismatched === 'error' ? astray : astray.filter((answer) => starts.get(answer) === -1);
  if (lost.length > 0 && !onLost) {
    throw new UserError(
      `${path}: ${lost.length} of ${answers.length} answers stand nowhere in their context.\n${list(path, lost)}\n` +
        `Correct them; or choose mismatched: 'drop' to leave such answers out, or, to evaluate only, 'keep'.`,
    );
  }
  for (const answer of lost) {
    starts.delete(answer);
    onLost?.(answer, found(answer));
  }
  return starts;
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
  return `answer_start ${start} gives ${there}, not ${quote(text)}`;
}

function list(path: string, answers: readonly AnswerPlace[]): string {
  const lines = answers.slice(0, shown).map((answer) => `  ${answer.where.slice(path.length + 2)}: ${found(answer)}`);
  const rest = answers.length - lines.length;
  return [...lines, ...(rest > 0 ? [`  and ${rest} more`] : [])].join('\n');
}

const quote = (text: string) => JSON.stringify(text.length > 50 ? `${text.slice(0, 50)}…` : text);
