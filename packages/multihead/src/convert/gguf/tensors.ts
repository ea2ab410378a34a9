/** @file The tensors of a GGUF file under Hugging Face's names, in the order of rows that Hugging Face has. */
import type { TensorSource } from '../../models/checkpoint/safetensors.js';
import { halvesTogether } from '../../models/llama/halves-together.js';
import type { GgufModel } from './config.js';
import type { GgufFile } from './gguf-file.js';
import { factorsTensor } from './rope-scaling.js';

/** Names of modules: Hugging Face's, and ggml's. */
const names: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^model\.embed_tokens\./, 'token_embd.'],
  [/^model\.norm\./, 'output_norm.'],
  [/^lm_head\./, 'output.'],
  [/^model\.layers\.(\d+)\./, 'blk.$1.'],
  [/\.input_layernorm\./, '.attn_norm.'],
  [/\.self_attn\.o_proj\./, '.attn_output.'],
  [/\.self_attn\.([qkv])_proj\./, '.attn_$1.'],
  [/\.self_attn\.([qk])_norm\./, '.attn_$1_norm.'],
  [/\.post_attention_layernorm\./, '.ffn_norm.'],
  [/\.mlp\.(gate|up|down)_proj\./, '.ffn_$1.'],
];

const ggmlName = (name: string): string => names.reduce((text, [pattern, by]) => text.replace(pattern, by), name);

/** Tensors that nothing is made of: constants, of which the configuration tells. */
const constants = [factorsTensor, 'token_types.weight'];

/**
 * The tensors of the model that the configuration describes. They are read when they are asked for.
 *
 * @throws UserError for tensors that lack, have another shape, or would be left over
 */
export function modelTensors(file: GgufFile, { architecture, config }: GgufModel): TensorSource[] {
  const Model = architecture.model;
  const parameters = [...new Model(config as never).namedParameters()];
  const expected = new Map(parameters.map(([name, { shape }]) => [ggmlName(name), { name, shape }]));
  const left = [...file.tensors.keys()].filter((name) => !expected.has(name) && !constants.includes(name));
  if (left.length > 0) {
    const some = left.slice(0, 3).join(', ');
    file.fail(`has ${left.length} tensors that a ${Model.name} has not, such as ${some}; the model would be another`);
  }
  return [...expected].map(([ggml, { name, shape }]): TensorSource => {
    const tensor = file.tensor(ggml, shape);
    const isTurned = architecture.turnsNeighbours && /\.self_attn\.[qk]_proj\./.test(name);
    const { headDim } = config;
    return {
      name,
      shape,
      async *read() {
        // A bias is one row: its heads are its columns.
        const columns = shape.length > 1 ? (shape[1] as number) : 1;
        for await (const piece of file.pieces(tensor, isTurned && shape.length > 1 ? headDim : 1)) {
          if (isTurned) halvesTogether(piece, piece.length / columns / headDim, columns);
          yield piece;
        }
      },
    };
  });
}
