/** @file Class weights of the loss, for imbalanced data. */
import { UserError } from '../../platform/errors.js';

/**
 * Computes class weights that compensate for class frequencies: examples / (classes * examples of the class),
 * scikit-learn's `class_weight='balanced'` (King and Zeng 2001).
 *
 * @param labels  the examples' labels, or how many examples have each
 * @param classes all classes, in the order of the weights
 * @throws UserError for a class without examples
 * @example
 * balancedClassWeights(['no', 'no', 'no', 'yes'], ['no', 'yes'])   // [0.6666666666666666, 2]
 */
export function balancedClassWeights(
  labels: readonly string[] | ReadonlyMap<string, number>,
  classes: readonly string[],
): number[] {
  const counts = 'get' in labels ? labels : countsOf(labels);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return classes.map((name) => {
    const count = counts.get(name);
    if (count) return total / (classes.length * count);
    throw new UserError(`balanced class weights: no training example has the label "${name}"`);
  });
}

function countsOf(labels: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}

/**
 * Completes named class weights: classes that are not named have weight 1.
 *
 * @throws UserError for a name that is no class, and a weight that is no positive number
 * @example
 * classWeightsByName({ fraud: 10 }, ['fraud', 'no fraud'])   // [10, 1]
 */
export function classWeightsByName(weights: Readonly<Record<string, number>>, classes: readonly string[]): number[] {
  for (const [name, weight] of Object.entries(weights)) {
    if (!classes.includes(name))
      throw new UserError(`class weights: "${name}" is no label; there are: ${classes.join(', ')}`);
    if (!(weight > 0 && Number.isFinite(weight))) {
      throw new UserError(`class weights: ${name} weighs ${weight}; a number above 0 was expected`);
    }
  }
  return classes.map((name) => (Object.hasOwn(weights, name) ? (weights[name] as number) : 1));
}

/** Parses `balanced`, or weights by label: a list, or JSON for labels with a comma or an equals sign. */
export function parseClassWeights(text: string): 'balanced' | Record<string, number> {
  if (text === 'balanced') return text;
  if (text.startsWith('{')) return weightsOfJson(text);
  const pairs = text.split(',').map((pair) => /^(.+)=([^=]+)$/.exec(pair.trim()));
  if (pairs.includes(null)) throw new UserError('It must be "balanced", or label=weight,label=weight.');
  return Object.fromEntries(pairs.map((pair) => [pair?.[1], weight(pair?.[2] as string)]));
}

function weight(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) throw new UserError(`"${text}" is not a number.`);
  return value;
}

function weightsOfJson(text: string): Record<string, number> {
  try {
    return JSON.parse(text) as Record<string, number>;
  } catch (error) {
    throw new UserError(`It is not valid JSON: ${(error as Error).message}.`);
  }
}
