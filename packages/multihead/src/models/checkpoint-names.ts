/**
 * @file Finds a parameter's tensor in a checkpoint whose names differ a little: with or without the prefix of the model
 * under the head (`bert.`, `transformer.`, `model.`), with TensorFlow's `gamma` and `beta` for a norm's weight and bias,
 * with the tied decoder's bias in two places.
 */
import type { TiedWeights } from './tied-weights.js';

/** The names that a parameter may have in a checkpoint, the likeliest first. */
export function candidates(name: string, basePrefix: string): string[] {
  const prefix = `${basePrefix}.`;
  const unprefixed = name.startsWith(prefix) ? name.slice(prefix.length) : name;
  const prefixes = [...new Set([name, unprefixed, prefix + unprefixed])];
  return prefixes.flatMap((candidate) => [
    candidate,
    candidate.replace(/LayerNorm\.weight$/, 'LayerNorm.gamma').replace(/LayerNorm\.bias$/, 'LayerNorm.beta'),
    candidate.replace(/predictions\.bias$/, 'predictions.decoder.bias'),
    candidate.replace(/predictions\.decoder\.bias$/, 'predictions.bias'),
  ]);
}

/** Tensors that checkpoints carry and no parameter needs: copies of tied weights, masks, and numbers that are computed. */
const redundant = [
  /(^|\.)embeddings\.position_ids$/,
  /predictions\.(decoder\.)?bias$/,
  /predictions\.decoder\.weight$/,
  /(^|\.)attn\.(bias|masked_bias)$/,
  /(^|\.)rotary_emb\.inv_freq$/,
  /^lm_head\.weight$/,
];

/** Which tensor of a checkpoint each parameter gets, and what is left over on either side. */
export interface NameMatch {
  readonly found: ReadonlyMap<string, string>;
  /** Parameters that the checkpoint does not have. */
  readonly missing: readonly string[];
  /** Tensors that no parameter wants. */
  readonly unexpected: readonly string[];
}

/**
 * Matches parameters with a checkpoint's tensors.
 *
 * @param basePrefix the name of the model under the head, such as `bert`
 * @param tied       names under which a parameter may stand, too
 */
export function matchNames(
  parameters: Iterable<string>,
  tensors: readonly string[],
  basePrefix: string,
  tied: TiedWeights | undefined = undefined,
): NameMatch {
  const available = new Set(tensors);
  const found = new Map<string, string>();
  const missing: string[] = [];
  for (const parameter of parameters) {
    const others = parameter === tied?.embedding ? candidates(tied.head, basePrefix) : [];
    const names = [...candidates(parameter, basePrefix), ...others];
    const tensor = names.find((candidate) => available.has(candidate));
    if (tensor) found.set(parameter, tensor);
    else missing.push(parameter);
  }
  const used = new Set(found.values());
  const unexpected = tensors.filter((name) => !used.has(name) && !redundant.some((pattern) => pattern.test(name)));
  return { found, missing, unexpected };
}
