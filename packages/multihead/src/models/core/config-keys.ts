/**
 * @file Tables of a family's config.json keys. A key is understood (the family's `parse` takes it), another name of one
 *   that is, harmless, or refused where it would change what the model computes.
 */

/** A key that changes the computation, except with certain values. */
export interface RefusedKey {
  /** Allowed values, besides null. */
  readonly unless: readonly unknown[];
  /** The missing feature, for the error. */
  readonly lacks: string;
}

/** A family's keys, besides those that its `parse` takes. */
export interface ConfigKeys {
  /** Other names that Transformers reads, with the family's own: its `attribute_map`. */
  readonly aliases: Readonly<Record<string, string>>;
  readonly refused: Readonly<Record<string, RefusedKey>>;
  /** Keys that change nothing that Multihead computes. */
  readonly harmless: readonly string[];
  /** The properties of settings whose key has another name: `{ hidden_dim: 'intermediateSize' }`. */
  readonly properties?: Readonly<Record<string, string>>;
}

/** hidden_size -> hiddenSize */
export const camelCase = (key: string): string =>
  key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** hiddenSize -> hidden_size */
export const snakeCase = (property: string): string =>
  property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The property of a key of config.json: `hiddenSize` for `hidden_size`, and for `n_embd`, GPT-2's name of it. */
export function propertyOf(key: string, { aliases, properties = {} }: ConfigKeys): string {
  const usual = Object.keys(aliases).find((alias) => aliases[alias] === key);
  return properties[key] ?? camelCase(usual ?? key);
}

/** The key of config.json of a property. */
export function keyOf(property: string, { aliases, properties = {} }: ConfigKeys): string {
  const key = snakeCase(property);
  return Object.keys(properties).find((name) => properties[name] === property) ?? aliases[key] ?? key;
}

/** Keys that are refused in every family. */
export const refusedEverywhere: Readonly<Record<string, RefusedKey>> = {
  is_encoder_decoder: { unless: [false], lacks: 'models of an encoder and a decoder' },
  add_cross_attention: { unless: [false], lacks: 'cross-attention' },
  cross_attention_hidden_size: { unless: [], lacks: 'cross-attention' },
  quantization_config: { unless: [], lacks: 'quantized weights' },
  pruned_heads: { unless: [], lacks: 'pruned heads' },
};

/** Keys that are harmless in every family. */
export const harmlessEverywhere: readonly string[] = [
  // where the file comes from, and how it is held in memory
  ...[
    '_name_or_path',
    'transformers_version',
    'dtype',
    'torch_dtype',
    'auto_map',
    'tokenizer_class',
    'finetuning_task',
  ],
  ...['use_bfloat16', 'torchscript', '_attn_implementation', 'attn_implementation', '_attn_implementation_internal'],
  ...['_commit_hash', 'gradient_checkpointing', 'chunk_size_feed_forward', 'tf_legacy_loss', '_num_labels'],
  // what is given back, and whether keys and values are kept
  ...['use_cache', 'output_attentions', 'output_hidden_states', 'output_past', 'return_dict', 'use_return_dict'],
  ...['return_dict_in_generate', 'output_scores'],
  // heads that the class decides, and settings of other programs
  ...['id2label', 'label2id', 'num_labels', 'problem_type', 'classifier_dropout', 'task_specific_params', 'prefix'],
  ...['transformers.js_config', 'sentence_transformers', 'unsloth_version', 'unsloth_fixed'],
  // settings of generation, which Transformers keeps in generation_config.json
  ...['max_length', 'min_length', 'do_sample', 'early_stopping', 'num_beams', 'num_beam_groups', 'diversity_penalty'],
  ...['temperature', 'top_k', 'top_p', 'typical_p', 'repetition_penalty', 'length_penalty', 'no_repeat_ngram_size'],
  ...['encoder_no_repeat_ngram_size', 'bad_words_ids', 'num_return_sequences', 'forced_bos_token_id'],
  ...['forced_eos_token_id', 'remove_invalid_values', 'exponential_decay_length_penalty', 'suppress_tokens'],
  ...[
    'begin_suppress_tokens',
    'decoder_start_token_id',
    'sep_token_id',
    'bos_token_id',
    'eos_token_id',
    'pad_token_id',
  ],
  ...['mask_token_id', 'cls_token_id', 'unk_token_id'],
];

const said = new Set<string>();

/** Writes a warning to standard error, once per process. */
export function warnOnce(message: string): void {
  if (said.has(message)) return;
  said.add(message);
  console.warn(message);
}
