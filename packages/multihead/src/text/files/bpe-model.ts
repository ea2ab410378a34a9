/** @file The model of a BPE tokenizer, as tokenizer.json holds it. */

/** What tells BPE models apart. */
interface BpeSettings {
  /** Token ids by token. */
  readonly vocab: Readonly<Record<string, number>>;
  /** Pairs of tokens in the order of their merging. */
  readonly merges: readonly (readonly [string, string])[];
  /** The unknown token. Default: none. */
  readonly unknown?: string | undefined;
  /** Whether several unknown characters in a row are one unknown token. Default: false. */
  readonly fuseUnknown?: boolean;
  /** Whether characters outside of the vocabulary are encoded as bytes, `<0x0A>`. Default: false. */
  readonly byteFallback?: boolean;
  /** Whether a word that is a token is encoded as that token, whatever the merges make of it. Default: false. */
  readonly ignoreMerges?: boolean;
}

/** Makes the `model` of tokenizer.json. */
export const bpeModel = ({
  vocab,
  merges,
  unknown,
  fuseUnknown = false,
  byteFallback = false,
  ignoreMerges = false,
}: BpeSettings) => ({
  type: 'BPE',
  dropout: null,
  unk_token: unknown ?? null,
  continuing_subword_prefix: null,
  end_of_word_suffix: null,
  fuse_unk: fuseUnknown,
  byte_fallback: byteFallback,
  ignore_merges: ignoreMerges,
  vocab,
  merges,
});
