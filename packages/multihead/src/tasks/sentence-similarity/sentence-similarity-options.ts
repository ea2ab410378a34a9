/** @file Options of `SentenceSimilarity`. */
import type { SimilarityForm } from '../../data/examples/similarity/similarity-form.js';
import type { SimilarityName } from '../../metrics/similarity/vector-similarity.js';
import type { SentencePooling } from '../../models/sentences/sentence-poolings.js';
import { UserError } from '../../platform/errors.js';
import { namesOf } from '../../platform/option-names.js';
import type { Tokenizer } from '../../text/tokenizer/tokenizer.js';
import type { LossChoice } from './losses/choose-loss.js';

/** Options of `SentenceSimilarity`. */
export interface SentenceSimilarityOptions extends LossChoice {
  readonly tokenizer: Tokenizer;
  /** Elements of a vector: the model's `hiddenSize`. */
  readonly hiddenSize: number;
  /** Maximum number of tokens, to which longer texts are truncated. */
  readonly maxLength?: number | undefined;
  /** How a text's tokens become one vector. Default: `mean`. */
  readonly pooling?: SentencePooling | undefined;
  /** Whether vectors get the length 1. Default: false. */
  readonly normalize?: boolean | undefined;
  /** How two vectors are compared by the pipeline and in predictions; saved with the model. Default: `cosine`. */
  readonly similarity?: SimilarityName | undefined;
  /** What stands before each text, unless a prompt for its place is given. Default: nothing. */
  readonly prompt?: string | undefined;
  /** What stands before the first text of an example: the query. Default: `prompt`. */
  readonly queryPrompt?: string | undefined;
  /** What stands before the other texts. Default: `prompt`. */
  readonly documentPrompt?: string | undefined;
  /** Further prompts by name, which are saved with the model. */
  readonly prompts?: Readonly<Record<string, string>> | undefined;
  /** Whether texts are put in lower case before the tokenizer sees them. Default: false. */
  readonly doLowerCase?: boolean | undefined;
  /**
   * The form of the training examples, `similarityForm(train)`, from which the loss follows where none is named. Examples of another
   * form are refused. Default: pairs without labels.
   */
  readonly form?: SimilarityForm | undefined;
  /**
   * Texts that go through the model at a time in training, in two passes (gradient cache): for batches that are larger than
   * memory. Default: a batch at a time.
   */
  readonly miniBatchSize?: number | undefined;
  /** The highest score of the training examples, by which scores are divided to be cosines. Default: that of `form`, if above 1. */
  readonly maxScore?: number | undefined;
}

export const sentenceSimilarityOptionNames = namesOf<SentenceSimilarityOptions>({
  tokenizer: true,
  hiddenSize: true,
  maxLength: true,
  pooling: true,
  normalize: true,
  similarity: true,
  doLowerCase: true,
  prompt: true,
  queryPrompt: true,
  documentPrompt: true,
  prompts: true,
  form: true,
  maxScore: true,
  miniBatchSize: true,
  loss: true,
  lossArgs: true,
  matryoshka: true,
});

type VectorSize = Pick<SentenceSimilarityOptions, 'hiddenSize'>;

const hiddenSizeHint = 'give the task `hiddenSize: model.config.hiddenSize`';

/** Refuses what is no size of vectors. */
export function checkHiddenSize({ hiddenSize }: VectorSize): void {
  if (Number.isInteger(hiddenSize) && hiddenSize >= 1) return;
  throw new UserError(`hiddenSize is ${hiddenSize}; it must be the size of the model's vectors: ${hiddenSizeHint}`);
}

/** Refuses a model whose vectors have another size: it is saved for others, and layers of losses have it. */
export function checkModelSize({ hiddenSize }: VectorSize, model: VectorSize): void {
  if (hiddenSize === model.hiddenSize) return;
  throw new UserError(`hiddenSize is ${hiddenSize}, and the model's is ${model.hiddenSize}; ${hiddenSizeHint}`);
}
