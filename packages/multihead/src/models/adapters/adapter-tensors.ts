/** @file The tensors of an adapter under PEFT's names, and under those of the model's parameters. */

const prefix = 'base_model.model.';

/** A tensor of adapter_model.safetensors. */
export type AdapterTensor =
  | {
      readonly kind: 'lora';
      /** The layer's name. */
      readonly module: string;
      readonly part: LoraPart;
    }
  /** Values of a parameter that the base model has too: those of a module that is saved whole, or a bias. */
  | { readonly kind: 'saved'; readonly parameter: string };

/** The parts of a layer's adapter. */
export type LoraPart = 'lora_A' | 'lora_B' | 'lora_magnitude_vector';

const loraName = /^(.+)\.(lora_A|lora_B|lora_magnitude_vector)(\.weight)?$/;

/**
 * Parses a tensor's name; undefined for copies of the base model's values, and for names that PEFT does not use.
 *
 * @param under the part of the model that takes the adapter, where that is not the whole: `bert` for a BertModel that takes the
 *   adapter of a classifier; what is outside of it means nothing
 * @example
 * parseTensorName('base_model.model.encoder.layer.0.attention.self.query.lora_A.weight');
 * // { kind: 'lora', module: 'encoder.layer.0.attention.self.query', part: 'lora_A' }
 */
export function parseTensorName(name: string, under?: string): AdapterTensor | undefined {
  const before = under === undefined ? prefix : `${prefix}${under}.`;
  if (!name.startsWith(before) || name.includes('.original_module.')) return undefined;
  const own = name.slice(before.length);
  const [, module, part] = loraName.exec(own) ?? [];
  if (module !== undefined) return { kind: 'lora', module, part: part as LoraPart };
  return { kind: 'saved', parameter: own.replace('.modules_to_save.', '.').replace('.base_layer.', '.') };
}

/** PEFT's tensor name for a part of a layer's adapter. */
export const loraTensorName = (module: string, part: LoraPart): string =>
  `${prefix}${module}.${part}${part === 'lora_magnitude_vector' ? '' : '.weight'}`;

/**
 * PEFT's tensor name for a parameter of the base model.
 *
 * @param isWrapped whether the parameter's layer has an adapter
 */
export function savedTensorName(parameter: string, isWrapped: boolean): string {
  const end = parameter.lastIndexOf('.');
  return `${prefix}${isWrapped ? `${parameter.slice(0, end)}.base_layer${parameter.slice(end)}` : parameter}`;
}

/** The part of a file's model that takes its adapter: undefined for the whole, the name of the base model where it is that alone. */
export function partTaken(names: readonly string[], isBaseModel: boolean, basePrefix: string): string | undefined {
  const isOfHead = names.some((name) => name.startsWith(`${prefix}${basePrefix}.`));
  return isBaseModel && isOfHead ? basePrefix : undefined;
}
