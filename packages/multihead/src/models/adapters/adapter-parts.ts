/** @file The parameters of an adapter, and those of the base model that are trained with it. */

import type { LoraForm, LoraLinear } from '../../nn/adapters/lora-linear.js';
import type { Parameter } from '../../nn/module.js';
import { UserError } from '../../platform/errors.js';
import type { SafetensorsFile } from '../checkpoint/safetensors.js';
import type { AdaptedModel } from './adapted-model.js';
import type { LoraPart } from './adapter-tensors.js';
import type { LoraSettings } from './lora-settings.js';
import { ofPattern, scalingOf } from './lora-targets.js';

/** Returns the matrices of a layer's adapter, by PEFT's names. */
export function partsOf(layer: LoraLinear, adapter: string): { part: LoraPart; parameter: Parameter }[] {
  const held = layer.adapter(adapter);
  if (!held) throw new Error(`internal: the layer has no adapter ${adapter}`);
  const { a, b, magnitude } = held;
  return [
    { part: 'lora_A', parameter: a },
    { part: 'lora_B', parameter: b },
    ...(magnitude ? [{ part: 'lora_magnitude_vector' as const, parameter: magnitude }] : []),
  ];
}

/** Whether a parameter belongs to an adapter, by its name. */
export const isOfAdapter = (parameter: string): boolean => /\.lora_(A|B|magnitude_vector)\./.test(parameter);

/** The names of the base model's parameters. */
export const baseParameters = ({ weights }: AdaptedModel): string[] =>
  [...weights.parameters.keys()].filter((name) => !isOfAdapter(name));

/** Whether a parameter is a bias that is trained with an adapter. */
export const isLearnedBias = (
  parameter: string,
  bias: LoraSettings['bias'],
  layers: ReadonlyMap<string, unknown>,
): boolean => {
  if (bias === 'none' || !parameter.endsWith('bias')) return false;
  return bias === 'all' || layers.has(parameter.slice(0, -'.bias'.length));
};

/** The form of a layer's adapter in a file: its rank is that of the matrix A. */
export function formInFile(file: SafetensorsFile, tensor: string, module: string, settings: LoraSettings): LoraForm {
  const [rank, ...more] = file.info(tensor).shape;
  if (rank === undefined || rank === 0 || more.length !== 1) {
    throw new UserError(`${file.path}: ${tensor} is no matrix`);
  }
  const alpha = ofPattern(module, settings.alphaPattern, 'alphaPattern') ?? settings.alpha;
  const { dropout, useDora, useRslora } = settings;
  return { rank, dropout, useDora, scaling: scalingOf({ rank, alpha, useRslora }) };
}
