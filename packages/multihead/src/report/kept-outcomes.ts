/** @file Outcomes of an evaluation whose examples come window by window, as far as a report needs them. */
import type { Outcome } from '../tasks/outcome.js';
import { shownMistakes } from './run-report.js';

/**
 * Keeps of each outcome the numbers that a report counts and draws: scores, badness and, of labels and values, what was
 * expected and predicted. Texts it keeps of the worst mistakes alone, which are all that a report shows.
 */
export class KeptOutcomes {
  private readonly kept: Outcome[] = [];
  private worst: { readonly index: number; readonly outcome: Outcome }[] = [];

  /** @param labels the labels of a classifier that gives each text one */
  constructor(private readonly labels: readonly string[] | undefined) {}

  /** Adds the outcomes of the next window. */
  add(outcomes: readonly Outcome[]): void {
    const numbered = outcomes.map((outcome, i) => ({ index: this.kept.length + i, outcome }));
    const mistakes = [...this.worst, ...numbered.filter(({ outcome }) => outcome.isMistake)];
    this.worst = mistakes.sort((a, b) => b.outcome.badness - a.outcome.badness).slice(0, shownMistakes);
    for (const outcome of outcomes) this.kept.push(this.numbersOf(outcome));
  }

  /** For `runReport` and `reportPage`: an outcome for each example. */
  get all(): readonly Outcome[] {
    const all = [...this.kept];
    for (const { index, outcome } of this.worst) all[index] = outcome;
    return all;
  }

  private numbersOf({
    reference,
    prediction,
    confidence,
    probabilities,
    scores,
    isMistake,
    badness,
  }: Outcome): Outcome {
    const { labels } = this;
    const isCompared = labels !== undefined || typeof prediction === 'number';
    return {
      id: '',
      text: '',
      scores,
      isMistake,
      badness,
      ...(isCompared ? { reference, prediction } : { reference: '', prediction: '' }),
      ...(labels && { confidence }),
      ...(labels?.length === 2 && { probabilities }), // curves of the second class
    };
  }
}
