/**
 * @file Tied weights: a head whose matrix is the embedding's table. A checkpoint may hold the table under either name, or
 * under both; where the two differ, Transformers 5 uses both, whatever config.json says.
 */
import type { SafetensorsFile } from './safetensors.js';
import type { ShardedSafetensors } from './sharded-safetensors.js';

/** The names of a matrix that a head shares with the embedding. */
export interface TiedWeights {
  /** The parameter, such as `transformer.wte.weight`. */
  readonly embedding: string;
  /** The head's name for it, such as `lm_head.weight`. */
  readonly head: string;
}

/**
 * Whether a checkpoint holds a head that is another matrix than the embedding.
 *
 * @param tensorOf the name of a parameter's tensor in the checkpoint
 */
export async function headDiffers(
  file: SafetensorsFile | ShardedSafetensors,
  { embedding, head }: TiedWeights,
  tensorOf: (parameter: string) => string | undefined,
): Promise<boolean> {
  const [first, second] = [tensorOf(embedding), tensorOf(head)];
  if (first === undefined || second === undefined || first === second) return false;
  if (`${file.info(first).shape}` !== `${file.info(second).shape}`) return true;
  const [table, matrix] = [await file.readFloat32(first), await file.readFloat32(second)];
  return table.some((x, i) => x !== matrix[i]);
}
