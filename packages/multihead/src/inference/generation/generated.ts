/** @file Results of text generation. */

/** Why a text ended: at an end-of-text token, at a stop string, or at the maximum length. */
export type FinishReason = 'eos' | 'stop' | 'length';

/** Tokens generated for a prompt. */
export interface GeneratedTokens {
  /** The new tokens, including an end-of-text token, without the prompt. */
  readonly tokenIds: readonly number[];
  readonly finishReason: FinishReason;
  /** Beam search: log-probability of the new tokens, divided by their number to the power of `lengthPenalty`. */
  readonly score?: number;
}
