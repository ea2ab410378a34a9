/** @file Options of `SentenceSimilarity`. */
import type { SimilarityForm } from '../../data/examples/similarity/similarity-form.js';
import { type SimilarityName, similarityNames } from '../../metrics/similarity/vector-similarity.js';
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
  /** The form of the training examples, from which the loss follows where none is named. Default: pairs without labels. */
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

/** The name of a similarity, or the usual one. @throws UserError where there is none of the name */
export function checkedSimilarity(name: SimilarityName = 'cosine'): SimilarityName {
  if (similarityNames.includes(name)) return name;
  throw new UserError(`similarity is ${JSON.stringify(name)}; there are: ${similarityNames.join(', ')}`);
}
