/** @file The tokens with a meaning of their own, by the names that tokenizer_config.json gives them. */

/** What special tokens are for. */
export type SpecialTokenKind = 'unk' | 'sep' | 'pad' | 'cls' | 'mask' | 'bos' | 'eos';

/** The special tokens that a tokenizer has. */
export type SpecialTokens = Readonly<Partial<Record<SpecialTokenKind, string>>>;

const kinds: readonly SpecialTokenKind[] = ['unk', 'sep', 'pad', 'cls', 'mask', 'bos', 'eos'];
const usual: SpecialTokens = { unk: '[UNK]', sep: '[SEP]', pad: '[PAD]', cls: '[CLS]', mask: '[MASK]' };

/**
 * Finds the special tokens: those that the configuration names, else BERT's, if the vocabulary has them.
 *
 * @param config tokenizer_config.json or special_tokens_map.json: `mask_token` is a string, or an object with `content`
 * @param has    whether a token is in the vocabulary
 */
export function findSpecialTokens(
  config: Readonly<Record<string, unknown>>,
  has: (token: string) => boolean,
): SpecialTokens {
  const found = kinds.flatMap((kind) => {
    const token = specialTokenName(config, kind);
    return token !== undefined && has(token) ? [[kind, token] as const] : [];
  });
  return Object.fromEntries(found);
}

/** What a special token is called: as the configuration says, else as in BERT; undefined where BERT has none. */
export function specialTokenName(
  config: Readonly<Record<string, unknown>>,
  kind: SpecialTokenKind,
): string | undefined {
  const named = config[`${kind}_token`];
  if (typeof named === 'object' && named !== null && 'content' in named) return String(named.content);
  return typeof named === 'string' ? named : usual[kind];
}
