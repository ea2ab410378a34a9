/**
 * @file Finds a parameter's tensor in a checkpoint whose names differ a little: with or without the `bert.` prefix, with
 * TensorFlow's `gamma` and `beta` for a norm's weight and bias, with the tied decoder's bias in two places.
 */

const basePrefix = 'bert.';

/** The names that a parameter may have in a checkpoint, the likeliest first. */
function candidates(name: string): string[] {
  const unprefixed = name.startsWith(basePrefix) ? name.slice(basePrefix.length) : name;
  const prefixes = [...new Set([name, unprefixed, basePrefix + unprefixed])];
  return prefixes.flatMap((candidate) => [
    candidate,
    candidate.replace(/LayerNorm\.weight$/, 'LayerNorm.gamma').replace(/LayerNorm\.bias$/, 'LayerNorm.beta'),
    candidate.replace(/predictions\.bias$/, 'predictions.decoder.bias'),
  ]);
}

/** Tensors that checkpoints carry and no parameter needs: copies of tied weights, and numbers that are computed. */
const redundant = [/(^|\.)embeddings\.position_ids$/, /predictions\.decoder\.(weight|bias)$/];

/** Which tensor of a checkpoint each parameter gets, and what is left over on either side. */
export interface NameMatch {
  readonly found: ReadonlyMap<string, string>;
  /** Parameters that the checkpoint does not have. */
  readonly missing: readonly string[];
  /** Tensors that no parameter wants. */
  readonly unexpected: readonly string[];
}

/** Matches parameters with a checkpoint's tensors. */
export function matchNames(parameters: Iterable<string>, tensors: readonly string[]): NameMatch {
  const available = new Set(tensors);
  const found = new Map<string, string>();
  const missing: string[] = [];
  for (const parameter of parameters) {
    const tensor = candidates(parameter).find((candidate) => available.has(candidate));
    if (tensor) found.set(parameter, tensor);
    else missing.push(parameter);
  }
  const used = new Set(found.values());
  const unexpected = tensors.filter((name) => !used.has(name) && !redundant.some((pattern) => pattern.test(name)));
  return { found, missing, unexpected };
}
