/** @file Loads a trained model folder for its task. */

import { autoModelFor } from '../models/auto-model.js';
import type { FromPretrainedOptions, PretrainedModel } from '../models/core/pretrained.js';
import { UserError } from '../platform/errors.js';
import type { OptionValues, TaskDefinition } from '../tasks/define-task.js';
import type { Feature } from '../tasks/feature.js';
import type { Task } from '../tasks/task.js';
import { maxLengthFor } from '../tasks/validate-features.js';
import { loadTokenizer } from './load-tokenizer.js';

/** Options of `loadForTask`. */
export interface LoadTaskOptions extends Pick<FromPretrainedOptions, 'device' | 'dtype'> {
  /** Maximum number of tokens of a text or window. Default: the task's. */
  readonly maxLength?: number | undefined;
  /** Settings of the task. Default: those found in the folder's training, or else the task's defaults. */
  readonly options?: OptionValues;
}

/**
 * Loads a folder for a task.
 *
 * @throws UserError for a folder that lacks a file or a trained head for the task
 */
export async function loadForTask<
  Example,
  Prediction,
  Facts,
  Built extends Task<Example, Feature, unknown, Prediction>,
>(
  definition: TaskDefinition<Example, Prediction, Facts, Built>,
  folder: string,
  { maxLength: asked, options = {}, device, dtype }: LoadTaskOptions = {},
): Promise<{ readonly model: PretrainedModel; readonly task: Built }> {
  const { name, head, usualLength } = definition;
  const opened = await definition.openFolder?.(folder);
  const place = opened?.folder ?? folder;
  const loaded: PretrainedModel = await autoModelFor(head).fromPretrained(place, { device, dtype });
  const hasHead = head !== 'Model';
  const model = hasHead ? withHead(loaded, name) : withWeights(loaded);
  const tokenizer = await loadTokenizer(model, place, hasHead ? () => model.prepare() : undefined);
  const maxLength = maxLengthFor(model.limits, asked, opened?.maxLength ?? usualLength);
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const settings = { ...opened?.options, ...(await definition.learnedSettings?.(folder)), ...given };
  return { model, task: definition.create({ config: model.config, tokenizer, maxLength, options: settings }) };
}

/** Throws for a model that lacks more than a pooler: what it computes would be noise. */
export function withWeights<M extends PretrainedModel>(model: M): M {
  const { newlyInitialized = [], path } = model.loadingReport ?? {};
  const missing = newlyInitialized.filter((name) => !name.startsWith('pooler.'));
  if (missing.length === 0) return model;
  throw new UserError(`${path}: lacks weights that the vectors need: ${missing.join(', ')}. Is the file complete?`);
}

/**
 * Throws for a model whose head was never trained.
 *
 * @param command the command that trains one
 */
export function withHead<M extends PretrainedModel>(model: M, task: string, command = 'train'): M {
  const { newlyInitialized = [], path } = model.loadingReport ?? {};
  if (newlyInitialized.length > 0) {
    throw new UserError(
      `${path}: has no trained head for ${task} (missing: ${newlyInitialized.join(', ')}). ` +
        `Train one first: multihead ${command} ${task} --model ...`,
    );
  }
  return model;
}
