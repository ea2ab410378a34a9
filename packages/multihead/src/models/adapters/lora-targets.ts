/** @file Selects the layers that get an adapter, by PEFT's rules. */

import type { LoraForm } from '../../nn/adapters/lora-linear.js';
import { LoraLinear } from '../../nn/adapters/lora-linear.js';
import { Conv1D } from '../../nn/layers/conv1d.js';
import { Linear } from '../../nn/layers/linear.js';
import type { Module } from '../../nn/module.js';
import { UserError } from '../../platform/errors.js';
import type { LoraSettings } from './lora-settings.js';

/** Queries and values, as families call them. */
const usualTargets = [['query', 'value'], ['q_proj', 'v_proj'], ['q_lin', 'v_lin'], ['c_attn']];

/** Whether a layer can have an adapter. */
export const isAdaptable = (module: Module | undefined): module is Linear | Conv1D | LoraLinear =>
  module instanceof Linear || module instanceof Conv1D || module instanceof LoraLinear;

/** Whether a name is one of a list, or ends with one: `query` is that of each `...attention.self.query`. */
export const endsWithOne = (name: string, ends: readonly string[]): boolean =>
  ends.some((end) => name === end || name.endsWith(`.${end}`));

/**
 * The layers that get an adapter, by name, with the form of each one's.
 *
 * @param modules     those of the model
 * @param around `isVocabularyHead`: which layers `all-linear` leaves out; `savedWhole`: modules that learn as a whole, and so
 *   need none
 * @throws UserError where there is no such layer
 */
export function loraForms(
  modules: ReadonlyMap<string, Module>,
  settings: LoraSettings,
  around: { isVocabularyHead(name: string, layer: Linear): boolean; readonly savedWhole: readonly string[] },
): Map<string, LoraForm> {
  const isSaved = (name: string) =>
    around.savedWhole.some((module) => name === module || name.startsWith(`${module}.`));
  const layers = [...modules].filter(([name, module]) => isAdaptable(module) && !isSaved(name));
  const names = layers.map(([name]) => name);
  const {
    targetModules = usualTargets.find((ends) => ends.every((end) => names.some((name) => endsWithOne(name, [end])))),
  } = settings;
  const chosen = layers.filter(([name, module]) => {
    if (targetModules === undefined || targetModules === 'all-linear') {
      return !around.isVocabularyHead(name, module as Linear);
    }
    return typeof targetModules === 'string'
      ? expression(targetModules, (text) => `^(?:${text})$`, 'targetModules').test(name)
      : endsWithOne(name, targetModules);
  });
  if (chosen.length === 0) {
    const ends = [...new Set(names.map((name) => name.split('.').at(-1)))].join(', ');
    throw new UserError(
      `lora.targetModules is ${JSON.stringify(targetModules)}, which no layer of the model is; its layers' names end ` +
        `with ${ends}`,
    );
  }
  return new Map(chosen.map(([name]) => [name, formOf(name, settings)]));
}

/** The form of a module's adapter, patterns taken into account. */
function formOf(name: string, settings: LoraSettings): LoraForm {
  const { dropout, useDora, useRslora } = settings;
  const rank = ofPattern(name, settings.rankPattern, 'rankPattern') ?? settings.rank;
  const alpha = ofPattern(name, settings.alphaPattern, 'alphaPattern') ?? settings.alpha;
  return { rank, dropout, useDora, scaling: scalingOf({ rank, alpha, useRslora }) };
}

/** What the product of the two matrices is multiplied by. */
export const scalingOf = ({ rank, alpha, useRslora }: Pick<LoraSettings, 'rank' | 'alpha' | 'useRslora'>): number =>
  alpha / (useRslora ? Math.sqrt(rank) : rank);

/** The value of the first pattern that the end of a name matches. */
export function ofPattern(name: string, patterns: Readonly<Record<string, number>>, of: string): number | undefined {
  const found = Object.keys(patterns).find((text) => expression(text, (each) => `^(.*\\.)?(${each})$`, of).test(name));
  return found === undefined ? undefined : patterns[found];
}

function expression(text: string, frame: (text: string) => string, of: string): RegExp {
  try {
    return new RegExp(frame(text));
  } catch (cause) {
    throw new UserError(`lora.${of}: "${text}" is no regular expression: ${(cause as Error).message}`, { cause });
  }
}
