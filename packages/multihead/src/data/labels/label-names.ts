/** @file Equivalence of class names: `LABEL_0` and `0`, `True` and `true`. */

/**
 * Returns the canonical name of a class, for comparison. Hugging Face calls an unnamed class 0 `LABEL_0`; Python writes
 * a boolean as `True`, JSON as `true`.
 */
export function canonicalLabel(name: string): string {
  const number = /^LABEL_(0|[1-9]\d*)$/.exec(name)?.[1];
  if (number !== undefined) return number;
  return /^(true|false)$/i.test(name) ? name.toLowerCase() : name;
}

/**
 * Finds classes by their names; a name that is not there itself stands for the one class that it means.
 *
 * @example
 * const idOf = labelIds(['LABEL_0', 'LABEL_1']);
 * idOf('LABEL_1');   // 1
 * idOf('1');         // 1
 * idOf('2');         // undefined
 */
export function labelIds(names: readonly string[]): (name: string) => number | undefined {
  const exact = new Map(names.map((name, id) => [name, id]));
  const canonical = names.map(canonicalLabel);
  // Of two classes that differ in spelling alone, neither is assumed.
  const areApart = new Set(canonical).size === names.length;
  const meant = new Map(areApart ? canonical.map((name, id) => [name, id]) : []);
  return (name) => exact.get(name) ?? meant.get(canonicalLabel(name));
}

/**
 * Puts names into the order that a model has its classes in, where both have the same classes.
 *
 * @returns the names as they were given, in the model's order; undefined where some class is in one list only
 * @example
 * inOrderOf(['positive', 'negative'], ['negative', 'positive'])   // ['positive', 'negative']
 * inOrderOf(['LABEL_0', 'LABEL_1'], ['1', '0'])                   // ['0', '1']
 */
export function inOrderOf(model: readonly string[], names: readonly string[]): string[] | undefined {
  const idOf = labelIds(model);
  const ordered = new Map(names.map((name) => [idOf(name), name]));
  const isSame = names.length === model.length && ordered.size === model.length && !ordered.has(undefined);
  return isSame ? model.map((_, id) => ordered.get(id) as string) : undefined;
}
