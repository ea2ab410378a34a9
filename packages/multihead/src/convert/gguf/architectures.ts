/** @file Architectures of GGUF files whose models are read. A new one is a row here. */
import type { LlamaLikeConfig } from '../../models/causal/llama-like/config.js';
import type { LlamaLikeForCausalLM } from '../../models/causal/llama-like/model.js';
import type { ConfigClass } from '../../models/core/config.js';
import { LlamaForCausalLM } from '../../models/llama/llama.js';
import { Qwen2ForCausalLM } from '../../models/qwen2/qwen2.js';
import { Qwen3ForCausalLM } from '../../models/qwen3/qwen3.js';
import type { GgufFile } from './gguf-file.js';

/** A family's class, made of its configuration. */
interface LlamaLikeClass {
  new (config: never): LlamaLikeForCausalLM;
  readonly name: string;
  readonly architecture: { readonly config: ConfigClass<LlamaLikeConfig> };
}

/** How a GGUF file holds models of a family. */
export interface GgufArchitecture {
  readonly model: LlamaLikeClass;
  /**
   * Whether llama.cpp turns neighbouring numbers of a head by rotary positions, for which the rows of the query and key
   * projections were put in another order than Hugging Face's.
   */
  readonly turnsNeighbours: boolean;
  /** Settings of config.json that the file shows by the tensors that it has. */
  settings?(file: GgufFile): Readonly<Record<string, unknown>>;
}

const hasTensor = (file: GgufFile, name: string): boolean => file.tensors.has(name);

/** By `general.architecture`. Mistral's files say `llama`, too. */
export const architectures: Readonly<Record<string, GgufArchitecture>> = {
  llama: {
    model: LlamaForCausalLM as unknown as LlamaLikeClass,
    turnsNeighbours: true,
    settings: (file) => ({
      attention_bias: hasTensor(file, 'blk.0.attn_q.bias'),
      mlp_bias: hasTensor(file, 'blk.0.ffn_gate.bias'),
    }),
  },
  qwen2: { model: Qwen2ForCausalLM as unknown as LlamaLikeClass, turnsNeighbours: false },
  qwen3: {
    model: Qwen3ForCausalLM as unknown as LlamaLikeClass,
    turnsNeighbours: false,
    settings: (file) => ({ attention_bias: hasTensor(file, 'blk.0.attn_q.bias') }),
  },
};

/** @throws UserError for a file of another architecture */
export function architectureOf(file: GgufFile): GgufArchitecture & { readonly prefix: string } {
  const prefix = file.text('general.architecture') ?? file.fail('has no general.architecture');
  const names = Object.keys(architectures).join(', ');
  const found = Object.hasOwn(architectures, prefix) ? architectures[prefix] : undefined;
  if (!found) return file.fail(`its architecture is ${prefix}; read are ${names}`);
  return { ...found, prefix };
}
