/** @file What generation gives. */

/** Why a text ends: at an end-of-text token, at a stop string, or because it has as many tokens as were asked for. */
export type FinishReason = 'eos' | 'stop' | 'length';

/** Tokens that were generated for a prompt. */
export interface GeneratedTokens {
  /** The new tokens, an end-of-text token included; the prompt is not. */
  readonly tokenIds: readonly number[];
  readonly finishReason: FinishReason;
  /** Beam search: log-probability of the new tokens by their number to the power of `lengthPenalty`. */
  readonly score?: number;
}
