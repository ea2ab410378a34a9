/** @file The part of a model that adapters use. */
import type { Module } from '../../nn/module.js';
import type { ModelConfig } from '../core/model-config.js';
import type { Weights } from '../core/weights.js';
import type { Architecture } from '../family.js';
import type { ModelReference } from './adapter-config.js';

/** A model to which adapters can be added. */
export interface AdaptedModel extends Module {
  readonly config: ModelConfig;
  readonly architecture: Architecture;
  readonly weights: Weights;
  readonly loadingReport: { readonly newlyInitialized: readonly string[] } | undefined;
  /** Where the model was loaded from; undefined if it was not loaded. */
  readonly reference: ModelReference | undefined;
  /** Changes the model's modules; remaining parameters keep their values. */
  changeModules(change: () => void): Promise<void>;
}

/** PEFT's task types, by the suffix of the class name. */
const taskTypes: readonly (readonly [ending: RegExp, taskType: string])[] = [
  [/ForSequenceClassification$/, 'SEQ_CLS'],
  [/ForTokenClassification$/, 'TOKEN_CLS'],
  [/ForQuestionAnswering$/, 'QUESTION_ANS'],
  [/(LMHeadModel|ForCausalLM)$/, 'CAUSAL_LM'],
];

/** PEFT's task type of a model, if it has one. */
export const taskTypeOf = (model: AdaptedModel): string | undefined =>
  taskTypes.find(([ending]) => ending.test(model.constructor.name))?.[1];

/**
 * Names of the modules that are trained and saved in full with an adapter: the requested ones, the head of the task,
 * and whatever else the model's checkpoint lacked.
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

/** Whether a layer is the vocabulary head: outside the base model, with as many outputs as the vocabulary. */
export function isHeadOver(model: AdaptedModel, module: string, outputSize: number): boolean {
  const { architecture, config } = model;
  const { basePrefix } = architecture;
  return basePrefix in model && !module.startsWith(`${basePrefix}.`) && outputSize === config.vocabSize;
}

const hasParameters = (model: AdaptedModel, module: string): boolean =>
  [...model.namedParameters().keys()].some((name) => name.startsWith(`${module}.`));
