/** @file What the configurations of causal language models have in common. */
import type { ConfigReader, ModelConfig } from './model-config.js';

/** What every causal language model's configuration says. */
export interface CausalConfig extends ModelConfig {
  /** Heads of keys and values; each serves numAttentionHeads / numKeyValueHeads query heads. */
  readonly numKeyValueHeads: number;
  /** Width of a head. */
  readonly headDim: number;
  /** The token that a text begins with; null where the model has none. */
  readonly bosTokenId: number | null;
  /** The token or tokens that end a text; null where the model has none. */
  readonly eosTokenId: number | readonly number[] | null;
  /** Whether the head's matrix is the embedding's table. */
  readonly tieWordEmbeddings: boolean;
}

/** The special tokens that config.json names. */
export function readSpecialTokens(
  reader: ConfigReader,
  vocabSize: number,
  fallbacks: { readonly bos: number; readonly eos: number },
): Pick<CausalConfig, 'bosTokenId' | 'eosTokenId' | 'padTokenId'> {
  return {
    bosTokenId: reader.tokenId('bos_token_id', fallbacks.bos, vocabSize),
    eosTokenId: reader.tokenIds('eos_token_id', fallbacks.eos, vocabSize),
    padTokenId: reader.tokenId('pad_token_id', null, vocabSize),
  };
}

/** The special tokens as config.json names them. */
export const specialTokensToJson = ({ bosTokenId, eosTokenId, padTokenId }: CausalConfig): Record<string, unknown> => ({
  bos_token_id: bosTokenId,
  eos_token_id: eosTokenId,
  pad_token_id: padTokenId,
});
