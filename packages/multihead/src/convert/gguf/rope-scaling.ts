/** @file How a GGUF file says that rotary positions are stretched: by settings or, as Llama 3.1's, by a tensor of factors. */
import { rotaryFrequencies } from '../../nn/attention/rotary-scaling.js';
import type { GgufFile } from './gguf-file.js';

/** What the factors depend on. */
interface Rotary {
  readonly prefix: string;
  readonly headDim: number;
  readonly theta: number;
}

/** The name of the tensor that divides the frequencies of a head's pairs. */
export const factorsTensor = 'rope_freqs.weight';

/** `rope_scaling` as config.json has it; null for none. */
export async function ropeScaling(file: GgufFile, rotary: Rotary): Promise<Readonly<Record<string, unknown>> | null> {
  const { prefix } = rotary;
  const name = (key: string) => `${prefix}.rope.scaling.${key}`;
  if (file.tensors.has(factorsTensor)) return llama3Scaling(file, rotary);
  const factor = file.number(name('factor')) ?? file.number(`${prefix}.rope.scale_linear`);
  const type = file.text(name('type')) ?? (factor === undefined ? 'none' : 'linear');
  if (type === 'none' || factor === undefined || factor === 1) return null;
  if (type === 'linear') return { rope_type: 'linear', factor };
  if (type !== 'yarn') return file.fail(`${name('type')} is ${type}; read are none, linear, yarn`);
  const original = file.number(name('original_context_length'));
  return { rope_type: 'yarn', factor, ...(original && { original_max_position_embeddings: original }) };
}

/** The factors of Llama 3.1 and 3.2, from whose settings llama.cpp makes the tensor. */
const llama3Factors = [8, 32];

/** The settings that a tensor of factors was made from. */
async function llama3Scaling(file: GgufFile, { headDim, theta }: Rotary): Promise<Readonly<Record<string, unknown>>> {
  const found = await file.values(factorsTensor, headDim / 2);
  const plain = rotaryFrequencies(headDim, theta);
  for (const factor of llama3Factors) {
    const settings = { factor, lowFreqFactor: 1, highFreqFactor: 4, originalMaxPositionEmbeddings: 8192 };
    const scaled = rotaryFrequencies(headDim, theta, { type: 'llama3', ...settings });
    const isEqual = found.every((value, i) => {
      const expected = (plain[i] as number) / (scaled[i] as number);
      return Math.abs(value / expected - 1) < 1e-4;
    });
    if (!isEqual) continue;
    return {
      rope_type: 'llama3',
      factor,
      low_freq_factor: settings.lowFreqFactor,
      high_freq_factor: settings.highFreqFactor,
      original_max_position_embeddings: settings.originalMaxPositionEmbeddings,
    };
  }
  return file.fail(`the factors of ${factorsTensor} are neither Llama 3.1's nor 3.2's; others are not read`);
}
