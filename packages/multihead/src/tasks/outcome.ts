/** @file The outcome of an example of an evaluation: the rows of reports, lists of mistakes and comparisons. */

/** The outcome of one example: input, reference and prediction. */
export interface Outcome {
  /** The question's id, or the line of the file; where there is neither, the example's number from 0. */
  readonly id: string;
  readonly text: string;
  /** The second text of a pair; the context of a question. */
  readonly textPair?: string | undefined;
  readonly reference: string | number | readonly string[];
  readonly prediction: string | number | readonly string[];
  /** The model's confidence in its prediction, 0 to 1; undefined for regression. */
  readonly confidence?: number | undefined;
  /** Probability of each label, for classification. */
  readonly probabilities?: Readonly<Record<string, number>> | undefined;
  /** Scores of the prediction, whose means are the metrics: accuracy; exact_match and f1. */
  readonly scores: Readonly<Record<string, number>>;
  /** Whether the prediction is a mistake, which reports list. */
  readonly isMistake: boolean;
  /** Severity of a mistake; the worst mistakes have the highest values. */
  readonly badness: number;
}
