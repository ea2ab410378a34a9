/**
 * @file Finds a parameter's tensor in a checkpoint whose names differ a little: with or without the prefix of the model
 * under the head (`bert.`, `transformer.`, `model.`), with TensorFlow's `gamma` and `beta` for a norm's weight and bias,
 * with the tied decoder's bias in two places.
 */

/** The names that a parameter may have in a checkpoint, the likeliest first. */
function candidates(name: string, basePrefix: string): string[] {
  const prefix = `${basePrefix}.`;
  const unprefixed = name.startsWith(prefix) ? name.slice(prefix.length) : name;
  const prefixes = [...new Set([name, unprefixed, prefix + unprefixed])];
  return prefixes.flatMap((candidate) => [
    candidate,
    candidate.replace(/LayerNorm\.weight$/, 'LayerNorm.gamma').replace(/LayerNorm\.bias$/, 'LayerNorm.beta'),
    candidate.replace(/predictions\.bias$/, 'predictions.decoder.bias'),
  ]);
}

/** Tensors that checkpoints carry and no parameter needs: copies of tied weights, masks, and numbers that are computed. */
const redundant = [
  /(^|\.)embeddings\.position_ids$/,
  /predictions\.decoder\.(weight|bias)$/,
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
 */
export function matchNames(parameters: Iterable<string>, tensors: readonly string[], basePrefix: string): NameMatch {
  const available = new Set(tensors);
  const found = new Map<string, string>();
  const missing: string[] = [];
  for (const parameter of parameters) {
    const tensor = candidates(parameter, basePrefix).find((candidate) => available.has(candidate));
    if (tensor) found.set(parameter, tensor);
    else missing.push(parameter);
  }
  const used = new Set(found.values());
  const unexpected = tensors.filter((name) => !used.has(name) && !redundant.some((pattern) => pattern.test(name)));
  return { found, missing, unexpected };
}
