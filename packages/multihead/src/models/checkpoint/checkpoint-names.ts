/**
 * @file Finds a parameter's tensor in a checkpoint whose names differ a little: with or without the prefix of the model
 * under the head (`bert.`, `transformer.`, `model.`), or by an older name of its family.
 */
import type { Architecture } from '../family.js';
import type { TiedWeights } from './tied-weights.js';

/** The parts of an architecture that determine checkpoint names. */
type Names = Pick<Architecture, 'basePrefix' | 'checkpoint'>;

/** Returns the names that a parameter may have in a checkpoint, most likely first. */
export function candidates(name: string, { basePrefix, checkpoint }: Names): string[] {
  const prefix = `${basePrefix}.`;
  const unprefixed = name.startsWith(prefix) ? name.slice(prefix.length) : name;
  const prefixes = [...new Set([name, unprefixed, prefix + unprefixed])];
  return prefixes.flatMap((candidate) => [
    candidate,
    ...(checkpoint?.aliases ?? []).map(([pattern, alias]) => candidate.replace(pattern, alias)),
  ]);
}

/** Which tensor of a checkpoint each parameter gets, and what is left over on either side. */
export interface NameMatch {
  readonly found: ReadonlyMap<string, string>;
  /** Parameters that the checkpoint does not have. */
  readonly missing: readonly string[];
  /** Tensors that match no parameter. */
  readonly unexpected: readonly string[];
}

/**
 * Matches parameters with a checkpoint's tensors.
 *
 * @param family what the model's family says of names
 * @param tied   names under which a parameter may stand, too
 */
export function matchNames(
  parameters: Iterable<string>,
  tensors: readonly string[],
  family: Names,
  tied: TiedWeights | undefined = undefined,
): NameMatch {
  const available = new Set(tensors);
  const found = new Map<string, string>();
  const missing: string[] = [];
  for (const parameter of parameters) {
    const others = parameter === tied?.embedding ? candidates(tied.head, family) : [];
    const names = [...candidates(parameter, family), ...others];
    const tensor = names.find((candidate) => available.has(candidate));
    if (tensor) found.set(parameter, tensor);
    else missing.push(parameter);
  }
  const used = new Set(found.values());
  const redundant = family.checkpoint?.redundant ?? [];
  const unexpected = tensors.filter((name) => !used.has(name) && !redundant.some((pattern) => pattern.test(name)));
  return { found, missing, unexpected };
}
