/** @file The settings that all causal language models share. */
import type { ConfigReader, ModelConfig } from '../core/model-config.js';

/** The configuration of a causal language model. */
export interface CausalConfig extends ModelConfig {
  /** Heads of keys and values; each serves numAttentionHeads / numKeyValueHeads query heads. */
  readonly numKeyValueHeads: number;
  /** Width of a head. */
  readonly headDim: number;
  /** The token that begins a text; null if the model has none. */
  readonly bosTokenId: number | null;
  /** The token or tokens that end a text; null if the model has none. */
  readonly eosTokenId: number | readonly number[] | null;
}

/** The special tokens that config.json names. */
export function readSpecialTokens(
  reader: ConfigReader,
  vocabSize: number,
  fallbacks: { readonly bos: number | null; readonly eos: number | null; readonly pad?: number | null },
): Pick<CausalConfig, 'bosTokenId' | 'eosTokenId' | 'padTokenId'> {
  return {
    bosTokenId: reader.tokenId('bos_token_id', fallbacks.bos, vocabSize),
    eosTokenId: reader.tokenIds('eos_token_id', fallbacks.eos, vocabSize),
    padTokenId: reader.tokenId('pad_token_id', fallbacks.pad ?? null, vocabSize),
  };
}

/** The special tokens as config.json names them. */
export const specialTokensToJson = ({ bosTokenId, eosTokenId, padTokenId }: CausalConfig): Record<string, unknown> => ({
  bos_token_id: bosTokenId,
  eos_token_id: eosTokenId,
  pad_token_id: padTokenId,
});

/**
 * Settings with others in their places: the width of a head follows from the hidden size and the heads, and the heads of
 * keys and values from the heads, where they did before and are not replaced themselves.
 */
export function replaceSizes<C extends CausalConfig>(config: C, changes: Partial<C>): C {
  const replaced = { ...config, ...changes };
  const { hiddenSize, numAttentionHeads } = replaced;
  const headDimFollows =
    config.headDim === config.hiddenSize / config.numAttentionHeads && changes.headDim === undefined;
  const keysFollow = config.numKeyValueHeads === config.numAttentionHeads && changes.numKeyValueHeads === undefined;
  return {
    ...replaced,
    ...(headDimFollows && { headDim: hiddenSize / numAttentionHeads }),
    ...(keysFollow && { numKeyValueHeads: numAttentionHeads }),
  };
}
