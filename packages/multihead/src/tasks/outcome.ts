/** @file What a model did with an example of an evaluation: the rows that reports, lists of mistakes and comparisons are made of. */

/** One example: what went in, what should have come out, and what did. */
export interface Outcome {
  /** The question's id, or the line of the file; where there is neither, the example's number from 0. */
  readonly id: string;
  readonly text: string;
  /** The second text of a pair; the context of a question. */
  readonly textPair?: string | undefined;
  readonly reference: string | number | readonly string[];
  readonly prediction: string | number | readonly string[];
  /** How sure the model is of its prediction, 0 to 1. A regression's value has none. */
  readonly confidence?: number | undefined;
  /** Probability of each label, for classification. */
  readonly probabilities?: Readonly<Record<string, number>> | undefined;
  /** How good the prediction is, by the names of metrics of which these are the means: accuracy; exact_match and f1. */
  readonly scores: Readonly<Record<string, number>>;
  /** Whether the prediction is a mistake, which reports list. */
  readonly isMistake: boolean;
  /** How bad it is: the worst mistakes have the most. */
  readonly badness: number;
}
