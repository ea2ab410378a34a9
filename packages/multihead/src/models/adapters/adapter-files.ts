/** @file What an adapter's files hold, as PEFT reads and writes them, beside the model that it is on. */
import type { LoraForm, LoraLinear } from '../../nn/adapters/lora-linear.js';
import type { Parameter } from '../../nn/module.js';
import { UserError } from '../../platform/errors.js';
import { formatShape, sameShape } from '../../tensor/shape.js';
import { type SafetensorsFile, safetensorsPieces, type TensorToWrite } from '../checkpoint/safetensors.js';
import { type AdaptedModel, taskTypeOf } from './adapted-model.js';
import { adapterConfigJson, adapterKey, adapterWeights } from './adapter-config.js';
import { baseParameters, formInFile, partsOf } from './adapter-parts.js';
import { type AdapterTensor, loraTensorName, parseTensorName, partTaken, savedTensorName } from './adapter-tensors.js';
import type { LoraSettings } from './lora-settings.js';
import { isAdaptable } from './lora-targets.js';

/** Values of parameters. */
export type Values = Float32Array<ArrayBuffer>;

/** An adapter on a model. */
export interface AdapterOnModel {
  readonly name: string;
  /** The layers that have a part of it. */
  readonly layers: readonly (readonly [module: string, layer: LoraLinear])[];
  /** Parameters of the base model that it has values of its own for. */
  readonly saved: ReadonlySet<string>;
}

/** A base model takes of the adapter of a model with a head what is its own. */
function partFor(model: AdaptedModel, { names }: SafetensorsFile): string | undefined {
  const { basePrefix } = model.architecture;
  return partTaken(names, !(basePrefix in model), basePrefix);
}

/**
 * The layers' adapters that a file holds, and the base model's parameters that it has values for.
 *
 * @throws UserError for an adapter of another model
 */
export function contentsOf(
  file: SafetensorsFile,
  model: AdaptedModel,
  settings: LoraSettings,
): { forms: Map<string, LoraForm>; saved: string[] } {
  const forms = new Map<string, LoraForm>();
  const modules = model.modules();
  const base = new Set(baseParameters(model));
  const saved: string[] = [];
  const under = partFor(model, file);
  for (const tensor of file.names) {
    const parsed = parseTensorName(tensor, under);
    if (parsed?.kind === 'saved' && base.has(parsed.parameter)) saved.push(parsed.parameter);
    else if (parsed?.kind === 'lora' && isAdaptable(modules.get(parsed.module))) {
      if (parsed.part === 'lora_A') forms.set(parsed.module, formInFile(file, tensor, parsed.module, settings));
    } else if (!tensor.includes('.original_module.') && (parsed || under === undefined)) {
      throw new UserError(
        `${file.path}: ${tensor} has no place in ${model.constructor.name}. Does the adapter belong to this model?`,
      );
    }
  }
  if (forms.size === 0) throw new UserError(`${file.path}: holds no matrices of LoRA (lora_A, lora_B)`);
  return { forms, saved };
}

/**
 * The values of a file that are an adapter's own matrices, or of base parameters, by the parameters' names.
 *
 * @throws UserError for values of another shape, and for matrices that are not there
 */
export async function valuesOf(
  file: SafetensorsFile,
  model: AdaptedModel,
  { name, layers, saved }: AdapterOnModel,
  kind: AdapterTensor['kind'],
): Promise<Map<string, Values>> {
  const byModule = new Map(layers);
  const values = new Map<string, Values>();
  const under = partFor(model, file);
  for (const tensor of file.names) {
    const parsed = parseTensorName(tensor, under);
    if (parsed?.kind !== kind) continue;
    const parameter =
      parsed.kind === 'lora'
        ? partsOf(byModule.get(parsed.module) as LoraLinear, name).find(({ part }) => part === parsed.part)?.parameter
        : saved.has(parsed.parameter) && model.weights.parameters.get(parsed.parameter);
    if (!parameter) continue;
    const { shape } = file.info(tensor);
    if (!sameShape(shape, parameter.shape)) {
      throw new UserError(
        `${file.path}: ${tensor} is ${formatShape(shape)}, but the model's ${parameter.name} is ` +
          `${formatShape(parameter.shape)}. Does the adapter belong to this model, and is the number of labels right?`,
      );
    }
    values.set(parameter.name, await file.readFloat32(tensor));
  }
  if (kind === 'saved') return values;
  const lacking = layers
    .flatMap(([, layer]) => partsOf(layer, name))
    .find(({ parameter }) => !values.has(parameter.name));
  if (lacking) throw new UserError(`${file.path}: lacks the values of ${lacking.parameter.name}`);
  return values;
}

/**
 * An adapter's files, by their names. Beside PEFT's two there is config.json, with the labels that belong to its head.
 *
 * @param adapter `own`: values of its saved parameters that the model does not hold at the moment; `read`: those that it holds
 */
export function adapterFiles(
  model: AdaptedModel,
  adapter: AdapterOnModel & {
    readonly settings: LoraSettings;
    readonly own: ReadonlyMap<string, Values> | undefined;
    read(parameter: string): Values;
  },
): Record<string, string | Uint8Array[]> {
  const { name, layers, saved, settings, own, read } = adapter;
  const tensors: TensorToWrite[] = layers.flatMap(([module, layer]) =>
    partsOf(layer, name).map(({ part, parameter }) => ({
      name: loraTensorName(module, part),
      dtype: 'F32',
      shape: [...parameter.shape],
      data: read(parameter.name),
    })),
  );
  const wrapped = new Set(layers.map(([module]) => `${module}.bias`));
  for (const parameter of saved) {
    const { shape } = model.weights.parameters.get(parameter) as Parameter;
    const data = own?.get(parameter) ?? read(parameter);
    tensors.push({ name: savedTensorName(parameter, wrapped.has(parameter)), dtype: 'F32', shape: [...shape], data });
  }
  const isTransposed = layers.some(([, { layout }]) => layout === 'in-out');
  const { config, architecture, reference } = model;
  const json = architecture.config.toJson({ ...config, architectures: [model.constructor.name] } as never);
  return {
    [adapterWeights]: safetensorsPieces(tensors),
    'config.json': `${JSON.stringify(json, null, 2)}\n`,
    [adapterKey]: adapterConfigJson({ settings, base: reference }, { taskType: taskTypeOf(model), isTransposed }),
  };
}

/** Reads values of parameters by their names: views of one copy. */
export async function valueReader({ weights }: AdaptedModel): Promise<(name: string) => Values> {
  const { data, places } = await weights.read();
  const byName = new Map(places.map((place) => [place.name, place]));
  return (name) => {
    const { offset, length } = byName.get(name) as (typeof places)[number];
    return data.subarray(offset, offset + length);
  };
}
