/** @file What adapters need to know of the model that they are put on. */
import type { Module } from '../../nn/module.js';
import type { ModelConfig } from '../core/model-config.js';
import type { Weights } from '../core/weights.js';
import type { Architecture } from '../family.js';
import type { ModelReference } from './adapter-config.js';

/** A model that adapters can be put on. */
export interface AdaptedModel extends Module {
  readonly config: ModelConfig;
  readonly architecture: Architecture;
  readonly weights: Weights;
  readonly loadingReport: { readonly newlyInitialized: readonly string[] } | undefined;
  /** Where it was read from; undefined for one that was not. */
  readonly reference: ModelReference | undefined;
  /** Changes its modules; the parameters that stay keep their values. */
  changeModules(change: () => void): Promise<void>;
}

/** PEFT's names of kinds of models, by what the names of their classes end with. */
const taskTypes: readonly (readonly [ending: RegExp, taskType: string])[] = [
  [/ForSequenceClassification$/, 'SEQ_CLS'],
  [/ForTokenClassification$/, 'TOKEN_CLS'],
  [/ForQuestionAnswering$/, 'QUESTION_ANS'],
  [/(LMHeadModel|ForCausalLM)$/, 'CAUSAL_LM'],
];

/** PEFT's name of a model's kind, where it has one. */
export const taskTypeOf = (model: AdaptedModel): string | undefined =>
  taskTypes.find(([ending]) => ending.test(model.constructor.name))?.[1];

/**
 * The modules that learn as a whole with an adapter, by name: those that were asked for, the head of a task, which is a new one
 * for each, and whatever else the model's checkpoint lacked.
 */
export function modulesSavedWhole(model: AdaptedModel, asked: readonly string[]): string[] {
  const { basePrefix } = model.architecture;
  const names = [...model.modules().keys()];
  const taskType = taskTypeOf(model);
  const hasTaskHead = taskType !== undefined && taskType !== 'CAUSAL_LM';
  const isHead = (name: string) =>
    hasTaskHead && name !== basePrefix && !name.includes('.') && hasParameters(model, name);
  const parentOf = (parameter: string) => parameter.slice(0, parameter.lastIndexOf('.'));
  const chosen = [
    ...names.filter((name) => isHead(name) || asked.some((end) => name === end || name.endsWith(`.${end}`))),
    ...(model.loadingReport?.newlyInitialized ?? []).map(parentOf),
  ];
  const isInside = (name: string) => chosen.some((other) => name.startsWith(`${other}.`));
  return [...new Set(chosen)].filter((name) => !isInside(name));
}

/** Whether a layer of so many outputs is the head over the vocabulary: outside of the base model, and as wide as that. */
export function isHeadOver(model: AdaptedModel, module: string, outputSize: number): boolean {
  const { architecture, config } = model;
  const { basePrefix } = architecture;
  return basePrefix in model && !module.startsWith(`${basePrefix}.`) && outputSize === config.vocabSize;
}

const hasParameters = (model: AdaptedModel, module: string): boolean =>
  [...model.namedParameters().keys()].some((name) => name.startsWith(`${module}.`));
