/** @file The registry of losses of rankings. A new loss is one file in this folder and one row here. */
import { UserError } from '../../../platform/errors.js';
import { likelyName } from '../../../platform/option-names.js';
import { binaryCrossEntropy } from './binary-cross-entropy.js';
import { lambda } from './lambda.js';
import { crossEntropyLoss, listNet } from './list-losses.js';
import type { RankingLoss } from './ranking-loss.js';

const builtIn = [binaryCrossEntropy, crossEntropyLoss, listNet, lambda] as const;

/** The name of a built-in loss. */
export type BuiltInRankingLoss = 'binary-cross-entropy' | 'cross-entropy' | 'list-net' | 'lambda';

/** A loss's name: a built-in one, or one that was registered. */
export type RankingLossName = BuiltInRankingLoss | (string & {});

/** The loss where none is named. */
export const usualLoss = binaryCrossEntropy.name;

const registered = new Map<string, RankingLoss>(builtIn.map((loss) => [loss.name, loss as unknown as RankingLoss]));

/**
 * Returns all losses of rankings, in the order of their registration.
 *
 * @example
 * rankingLosses().map(({ name }) => name); // ['binary-cross-entropy', 'cross-entropy', 'list-net', 'lambda']
 */
export const rankingLosses = (): readonly RankingLoss[] => [...registered.values()];

/**
 * Registers a loss of rankings under its name for `loss`.
 *
 * @throws UserError if a loss with this name exists
 * @example
 * import { z } from 'zod';
 * registerRankingLoss({
 *   name: 'squares',
 *   description: 'scores are to be the labels',
 *   isListwise: false,
 *   options: z.object({}),
 *   build: ({ scores, labels, mask }) => scores.sub(labels).pow(2).mul(mask).sum().div(mask.sum()),
 * });
 */
export function registerRankingLoss(loss: RankingLoss): void {
  if (registered.has(loss.name)) throw new UserError(`registerRankingLoss: there is a loss "${loss.name}" already`);
  registered.set(loss.name, loss);
}

/**
 * Looks up a loss by name.
 *
 * @throws UserError that lists the names
 * @example
 * rankingLossNamed('lambda').isListwise; // true
 */
export function rankingLossNamed(name: string): RankingLoss {
  const loss = registered.get(name);
  if (loss) return loss;
  const names = [...registered.keys()];
  const likely = likelyName(name, names);
  throw new UserError(
    `loss is ${name}; it must be one of ${names.join(', ')}${likely ? `. Did you mean ${likely}?` : ''}`,
  );
}

/**
 * Checks that a loss takes a label.
 *
 * @param place where the label stands, for errors: `line 3`
 * @throws UserError for one above the loss's greatest
 */
export function checkGrade({ name, greatestLabel }: RankingLoss, label: number, place: string): void {
  if (greatestLabel === undefined || label <= greatestLabel) return;
  const others = rankingLosses().filter((loss) => label <= (loss.greatestLabel ?? Number.POSITIVE_INFINITY));
  throw new UserError(
    `${place}: the label is ${label}, and the loss ${name} takes labels up to ${greatestLabel}; ` +
      `losses that take ${label}: ${others.map((loss) => loss.name).join(', ') || 'none'}`,
  );
}
