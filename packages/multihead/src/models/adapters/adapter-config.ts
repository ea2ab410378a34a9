/** @file adapter_config.json, as PEFT reads and writes it. */
import { joinPath, readTextAtMost } from '#files';
import { UserError } from '../../platform/errors.js';
import { parseJson } from '../../platform/json/json.js';
import { field, type JsonNode, rootOf, string } from '../../platform/json/json-fields.js';
import type { LoraSettings } from './lora-settings.js';

/** The file that marks a folder as an adapter's. */
export const adapterKey = 'adapter_config.json';
/** The file with an adapter's weights. */
export const adapterWeights = 'adapter_model.safetensors';

/** Which model an adapter belongs to. */
export interface ModelReference {
  /** A folder, or an id on the hub. */
  readonly nameOrPath: string;
  /** Branch, tag or commit of a model on the hub. */
  readonly revision?: string | undefined;
}

/** Contents of adapter_config.json. */
export interface AdapterConfig {
  readonly settings: LoraSettings;
  /** The base model; undefined if the file names none. */
  readonly base: ModelReference | undefined;
}

/** PEFT's names of the settings. */
const names = {
  rank: 'r',
  alpha: 'lora_alpha',
  dropout: 'lora_dropout',
  targetModules: 'target_modules',
  useRslora: 'use_rslora',
  useDora: 'use_dora',
  bias: 'bias',
  modulesToSave: 'modules_to_save',
  rankPattern: 'rank_pattern',
  alphaPattern: 'alpha_pattern',
} as const satisfies Record<keyof LoraSettings, string>;

/** Settings of PEFT that change the computation or the base model, and that Multihead does not support. */
const unsupported = [
  'alora_invocation_tokens',
  'arrow_config',
  'layer_replication',
  'lora_bias',
  'target_parameters',
  'trainable_token_indices',
  'use_bdlora',
  'use_qalora',
];
/** Initializations that change the base model's weights, so that the named base model no longer applies. */
const changesBase = /^(pissa|olora|corda|loftq|lora_ga)/i;

/**
 * Reads a folder's adapter_config.json.
 *
 * @throws UserError for adapters other than LoRA, and for LoRA settings that Multihead does not support
 */
export async function readAdapterConfig(folder: string): Promise<AdapterConfig> {
  const path = joinPath(folder, adapterKey);
  const root = rootOf(parseJson(await readTextAtMost(path), path), path);
  const of = (name: string) => field(root, name).value;
  const kind = of('peft_type');
  if (kind !== 'LORA') throw new UserError(`${path}: peft_type is ${JSON.stringify(kind)}; Multihead reads LORA`);
  const init = of('init_lora_weights');
  if (typeof init === 'string' && changesBase.test(init)) {
    throw new UserError(
      `${path}: init_lora_weights is ${init}, which changes the base model. Convert the adapter in PEFT: ` +
        'save_pretrained(..., path_initial_model_for_weight_conversion=...).',
    );
  }
  const strange = unsupported.find((name) => of(name));
  if (strange) {
    throw new UserError(`${path}: ${strange} is ${JSON.stringify(of(strange))}, which Multihead does not have`);
  }
  const given = Object.entries(names).map(([name, key]) => [name, of(key) ?? undefined]);
  const { loraSchema } = await import('./lora-settings.js'); // zod, which models without adapters do without
  const { success, data, error } = loraSchema.safeParse(Object.fromEntries(given));
  if (!success) {
    const { path: place, message } = error.issues[0] as (typeof error.issues)[number];
    throw new UserError(`${path}: ${names[place[0] as keyof typeof names] ?? place.join('.')}: ${message}`);
  }
  const nameOrPath = optional(field(root, 'base_model_name_or_path'));
  const revision = optional(field(root, 'revision'));
  return { settings: data, base: nameOrPath ? { nameOrPath, revision } : undefined };
}

const optional = (node: JsonNode): string | undefined =>
  node.value === null || node.value === undefined ? undefined : string(node);

/**
 * Makes the contents of adapter_config.json.
 *
 * @param taskType PEFT's name of the kind of model, `SEQ_CLS`, where it has one
 */
export function adapterConfigJson(
  { settings, base }: AdapterConfig,
  { taskType, isTransposed }: { readonly taskType: string | undefined; readonly isTransposed: boolean },
): string {
  const own = Object.entries(names).map(([name, key]) => [key, settings[name as keyof LoraSettings] ?? null]);
  const json = {
    peft_type: 'LORA',
    task_type: taskType ?? null,
    auto_mapping: null,
    base_model_name_or_path: base?.nameOrPath ?? null,
    revision: base?.revision ?? null,
    inference_mode: true,
    ...Object.fromEntries(own),
    fan_in_fan_out: isTransposed,
    init_lora_weights: true,
    layers_to_transform: null,
    layers_pattern: null,
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}
