/** @file A GGUF file's settings as config.json. */
import type { LlamaLikeConfig } from '../../models/causal/llama-like/config.js';
import { architectureOf, type GgufArchitecture } from './architectures.js';
import type { GgufFile } from './gguf-file.js';
import { ropeScaling } from './rope-scaling.js';

/** A file's architecture and its model's configuration. */
export interface GgufModel {
  readonly architecture: GgufArchitecture;
  readonly config: LlamaLikeConfig;
}

/**
 * Reads the configuration.
 *
 * @throws UserError for another architecture, and for settings that are missing, cannot be, or are of models that Multihead
 *   does not have
 */
export async function readConfig(file: GgufFile): Promise<GgufModel> {
  const architecture = architectureOf(file);
  const { prefix, settings, model } = architecture;
  const name = (key: string) => `${prefix}.${key}`;
  const needed = (key: string): number => file.number(name(key)) ?? file.fail(`has no setting ${name(key)}`);
  if (file.number(name('expert_count')))
    file.fail(`${name('expert_count')} is above 0; mixtures of experts are not read`);
  const heads = needed('attention.head_count');
  const hidden = needed('embedding_length');
  const headDim = file.number(name('attention.key_length')) ?? hidden / heads;
  sameWidth(file, [name('attention.value_length'), name('rope.dimension_count')], headDim);
  const tokens = file.tensors.get('token_embd.weight') ?? file.fail('has no tensor token_embd.weight');
  const theta = shortest(file.number(name('rope.freq_base')) ?? 10000);
  const json = {
    vocab_size: tokens.shape[0],
    hidden_size: hidden,
    intermediate_size: needed('feed_forward_length'),
    num_hidden_layers: needed('block_count'),
    num_attention_heads: heads,
    num_key_value_heads: file.number(name('attention.head_count_kv')) ?? heads,
    head_dim: headDim,
    max_position_embeddings: needed('context_length'),
    rms_norm_eps: shortest(needed('attention.layer_norm_rms_epsilon')),
    rope_theta: theta,
    rope_scaling: await ropeScaling(file, { prefix, headDim, theta }),
    tie_word_embeddings: !file.tensors.has('output.weight'),
    ...specialTokens(file),
    ...settings?.(file),
  };
  return { architecture, config: model.architecture.config.fromJson(json, file.path) };
}

function sameWidth(file: GgufFile, names: readonly string[], headDim: number): void {
  for (const name of names) {
    const width = file.number(name);
    if (width !== undefined && width !== headDim)
      file.fail(`${name} is ${width}; expected ${headDim}, the width of a head`);
  }
}

/** The tokens that begin and end texts and fill batches. A conversation's turn may end with another token than a text. */
export function specialTokens(file: GgufFile) {
  const id = (kind: string) => file.number(`tokenizer.ggml.${kind}_token_id`) ?? null;
  const ends = [...new Set([id('eos'), id('eot')].filter((end) => end !== null))];
  return {
    bos_token_id: id('bos'),
    eos_token_id: ends.length > 1 ? ends : (ends[0] ?? null),
    pad_token_id: id('padding'),
  };
}

/** The shortest decimal number that is this float32 number: 0.00001 for 0.000009999999747378752. */
export function shortest(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === Math.fround(value)) return rounded;
  }
  return value;
}
