/** @file Checks examples of similarity that a program made. */
import { UserError } from '../../../platform/errors.js';
import { showValue } from '../../../platform/show-value.js';
import type { SimilarityExample } from './similarity-examples.js';

/**
 * Checks that a value is an example: two texts or more and, where there is one, a label.
 *
 * @param place where it stands, for errors: `example 3`
 * @throws UserError that says what was found and what was expected
 */
export function checkSimilarityExample(value: unknown, place: string): asserts value is SimilarityExample {
  const { texts, label } = (value ?? {}) as { readonly texts?: unknown; readonly label?: unknown };
  if (!Array.isArray(texts)) {
    throw new UserError(
      `${place} is ${showValue(value)}; expected { texts: ['...', '...'] }, with a label where there is one`,
    );
  }
  if (texts.length < 2) {
    throw new UserError(`${place} has ${texts.length === 1 ? '1 text' : 'no texts'}; expected two or more`);
  }
  const odd = texts.findIndex((text) => typeof text !== 'string');
  if (odd >= 0) throw new UserError(`${place}: texts[${odd}] is ${showValue(texts[odd])}; expected a string`);
  if (label === undefined || typeof label === 'string' || Number.isFinite(label)) return;
  throw new UserError(
    `${place}: the label is ${showValue(label)}; expected a finite number or the name of a class, or none`,
  );
}
