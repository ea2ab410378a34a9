/** @file From the names of labels to their numbers. */
import { UserError } from '../../platform/errors.js';

/**
 * Gives a function from a label's name to its place in the list.
 *
 * @param metric the name of the metric that asks, for errors
 * @param labels names of the classes, each once
 * @throws UserError if a name is there twice; the function throws for a name that is not in the list
 */
export function labelIndex(
  metric: string,
  labels: readonly string[],
): (name: string, role: 'references' | 'predictions', at: number) => number {
  const indices = new Map(labels.map((name, index) => [name, index]));
  if (indices.size !== labels.length) {
    const repeated = labels.find((name, index) => indices.get(name) !== index);
    throw new UserError(`${metric}: the label ${JSON.stringify(repeated)} is listed twice`);
  }
  return (name, role, at) => {
    const index = indices.get(name);
    if (index !== undefined) return index;
    const known = labels.length > 20 ? `${labels.slice(0, 20).join(', ')}, …` : labels.join(', ');
    throw new UserError(
      `${metric}: ${role}[${at}] is ${JSON.stringify(name)}, which is not among the labels: ${known}`,
    );
  };
}
