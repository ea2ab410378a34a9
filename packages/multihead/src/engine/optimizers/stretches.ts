/** @file What an optimizer's step goes through: as few and as long stretches of neighbouring parameters as it allows. */
import type { LearningParameter } from './applied-optimizer.js';
import type { Optimizer } from './optimizer.js';
import { aligned } from './state-tensors.js';
import type { VisitedRows } from './visited-rows.js';

/** Neighbouring parameters that share decay and group: their place among all parameters and among the gradients. */
export interface Stretch {
  readonly parameterOffset: number;
  readonly gradientOffset: number;
  /** With the padding of the last of them. */
  readonly length: number;
  readonly decay: boolean;
  readonly group: number;
  /** The number of the first of them. */
  readonly first: number;
  /** Of a table whose gradient comes in rows: the rows that have had one so far. */
  readonly visited?: VisitedRows;
}

/** Joins neighbours, where the optimizer updates elements; otherwise each parameter is a stretch of its own. */
export function stretchesOf(learning: readonly LearningParameter[], scope: Optimizer['scope']): Stretch[] {
  const stretches: (Stretch & { length: number })[] = [];
  for (const [first, { place, offset, decay, group, visited }] of learning.entries()) {
    const length = aligned(place.length);
    const last = scope === 'elements' ? stretches.at(-1) : undefined;
    const joins = last && !last.visited && !visited && last.decay === decay && last.group === group;
    if (joins && last.parameterOffset + last.length === place.offset) last.length += length;
    else
      stretches.push({
        parameterOffset: place.offset,
        gradientOffset: offset,
        length,
        decay,
        group,
        first,
        ...(visited && { visited }),
      });
  }
  return stretches;
}
