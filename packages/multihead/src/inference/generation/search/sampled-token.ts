/** @file What generation without beams gives, token by token. */
import type { FinishReason } from '../generated.js';
import type { TokenScores } from './token-scores.js';

/** A new token of a row. Rows are the prompts' texts: those of the first prompt, then those of the second, ... */
export interface SampledToken {
  readonly row: number;
  readonly tokenId: number;
  /** Why the row ends with this token; undefined while it continues. */
  readonly finishReason: FinishReason | undefined;
  /** Its log-probability before options of sampling, where scores were asked for. */
  readonly scores?: TokenScores | undefined;
}

/** Says, for each new token, whether its row is to end with it: at a stop string. */
export type StoppingCriterion = (row: number, tokenId: number) => boolean | Promise<boolean>;
