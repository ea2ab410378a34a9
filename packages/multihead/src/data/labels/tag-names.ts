/** @file The tags of a data set, in the order of the model's classes. */
import { compareCodePoints } from '../../platform/code-point-order.js';

/** Collects the names of tags. */
export class TagNames {
  private readonly seen = new Set<string>();
  private ofFiles: readonly string[] | undefined;

  /** @param given names in the order of their numbers, where the user gives them */
  constructor(private readonly given: readonly string[] | undefined) {}

  /** What a file itself calls the numbers of its tags. The first file's names count. */
  addClasses(names: readonly string[]): void {
    this.ofFiles ??= names;
  }

  /** The tags of a sentence. */
  add(tags: readonly string[]): void {
    for (const tag of tags) this.seen.add(tag);
  }

  /** Those that have a number, in its order, and behind them the others in the order of code points. */
  names(): readonly string[] {
    const known = this.ofFiles ?? this.given ?? [];
    return [...known, ...[...this.seen].filter((tag) => !known.includes(tag)).sort(compareCodePoints)];
  }
}
