/** @file The tokens that fill-mask is asked to choose among. */
import { UserError } from '../../platform/errors.js';
import type { Tokenizer } from '../../text/tokenizer/tokenizer.js';

/**
 * The numbers of target tokens, each once. A target is a token of the vocabulary, or a text that the tokenizer makes one
 * token of: `Paris` is `paris` to an uncased model.
 *
 * @throws UserError for no targets, and for one that is several tokens or none (Hugging Face takes the first of several)
 */
export async function targetIds(targets: readonly string[], tokenizer: Tokenizer): Promise<readonly number[]> {
  if (targets.length === 0) throw new UserError('targets is an empty list; give at least one token, or leave it out');
  const encodings = await tokenizer.encodeBatch(targets, { addSpecialTokens: false });
  const ids = targets.map((target, i) => {
    const known = tokenizer.tokenToId(target);
    if (known !== undefined) return known;
    const { inputIds: ids, tokens } = encodings[i] as (typeof encodings)[number];
    if (ids.length === 1 && ids[0] !== tokenizer.unkId) return ids[0] as number;
    throw new UserError(
      `the target ${JSON.stringify(target)} is no token of the vocabulary` +
        `${ids.length > 1 ? ` but ${ids.length}: ${tokens.join(', ')}` : ''}. A hidden place is one token: leave the target out.`,
    );
  });
  return [...new Set(ids)];
}
