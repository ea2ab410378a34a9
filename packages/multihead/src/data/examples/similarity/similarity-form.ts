/** @file The form of examples of similarity: how many texts they have, and what their labels are. */
import { compareCodePoints } from '../../../platform/code-point-order.js';
import { UserError } from '../../../platform/errors.js';
import { showValue } from '../../../platform/show-value.js';
import { placeOf } from '../place-of.js';
import { checkSimilarityExample } from './check-example.js';
import type { SimilarityExample } from './similarity-examples.js';

/** What examples have in common, from which the loss and the metrics follow. */
export interface SimilarityForm {
  /** The texts of an example: 2 for pairs; 3 for triplets; more for several negatives. */
  readonly texts: number;
  /** What labels are: there are none; numbers; 0 and 1 alone; names. */
  readonly labels: 'none' | 'scores' | 'binary' | 'classes';
  /** The smallest and the largest score; undefined where labels are no numbers. */
  readonly range?: readonly [least: number, most: number];
  /** The names of the classes, in the order of code points; numbers in their order. More than 100 are not kept. */
  readonly classes: readonly string[];
}

const mostClasses = 100;

/** Finds the form of examples, one after the other. */
export class FormFinder {
  private texts: number | undefined;
  private kind: 'none' | 'number' | 'name' | undefined;
  private readonly values = new Set<number | string>();
  private least = Number.POSITIVE_INFINITY;
  private most = Number.NEGATIVE_INFINITY;

  /**
   * Adds an example.
   *
   * @param where the file, for errors
   * @throws UserError for one of another form than those before
   */
  add({ texts, label, line }: SimilarityExample, where: string): void {
    const place = line === undefined ? where : `${where}, line ${line}`;
    const kind = label === undefined ? 'none' : typeof label === 'number' ? 'number' : 'name';
    this.texts ??= texts.length;
    this.kind ??= kind;
    if (texts.length !== this.texts) {
      throw new UserError(`${place}: ${texts.length} texts, where the examples before have ${this.texts}`);
    }
    if (kind !== this.kind) {
      throw new UserError(
        `${place}: the label is ${showValue(label)}, where those before are ${{ none: 'missing', number: 'numbers', name: 'names' }[this.kind]}`,
      );
    }
    if (label === undefined) return;
    if (this.values.size <= mostClasses) this.values.add(label);
    if (typeof label !== 'number') return;
    this.least = Math.min(this.least, label);
    this.most = Math.max(this.most, label);
  }

  /** The form of all examples; there must be one at least. */
  form(): SimilarityForm {
    const { texts = 2, kind, values } = this;
    if (kind !== 'number') {
      const classes = [...values].map(String).sort(compareCodePoints);
      return { texts, labels: kind === 'name' ? 'classes' : 'none', classes };
    }
    const isBinary = [...values].every((value) => value === 0 || value === 1);
    const classes = ([...values] as number[]).sort((a, b) => a - b).map(String);
    return { texts, labels: isBinary ? 'binary' : 'scores', range: [this.least, this.most], classes };
  }
}

/**
 * The form of examples.
 *
 * @throws UserError for what is no example, and for examples of different forms
 * @example
 * similarityForm([{ texts: ['a', 'b'], label: 0.5 }]) // { texts: 2, labels: 'scores', range: [0.5, 0.5], classes: ['0.5'] }
 */
export function similarityForm(examples: readonly SimilarityExample[]): SimilarityForm {
  const finder = new FormFinder();
  for (const [i, example] of examples.entries()) {
    checkSimilarityExample(example, placeOf(example ?? {}, i));
    finder.add(example, example.line === undefined ? placeOf(example, i) : 'the examples');
  }
  return finder.form();
}
