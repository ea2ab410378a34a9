/** @file A note where a pruner compares trials that are of different lengths. */
import type { Command } from 'commander';
import type { SearchSpace } from '../../../search/space/search-space.js';
import { optionByKey } from '../../options/flag-names.js';

/**
 * The note for a search whose pruner compares trials of different epochs: after the same number of evaluations, a longer run is behind
 * a shorter one that ends as well, since its learning rate falls later.
 *
 * @returns undefined where there is no pruner, or all trials have the same epochs
 */
export function pruningNote(command: Command, space: SearchSpace, pruner: string): string | undefined {
  const isLength = (name: string) => optionByKey(command, name)?.attributeName() === 'epochs';
  if (pruner === 'none' || !Object.keys(space).some(isLength)) return undefined;
  return (
    `note: --pruner ${pruner} compares trials after the same number of evaluations, where those of more epochs are behind: their ` +
    'learning rate falls later. To compare alike, give --epochs, or a space without epochs.'
  );
}
