/** @file Rotary positions (Su et al. 2021): queries and keys are turned by angles that grow with their position. */
import { tensor } from '../../tensor/factories.js';
import { cos, sin } from '../../tensor/operators/elementwise.js';
import { rotate } from '../../tensor/operators/rotate.js';
import type { Tensor } from '../../tensor/tensor.js';

/**
 * How positions are stretched past what a model was first trained on. `linear`: every position is divided by the factor.
 * `llama3` (Llama 3.1): only wavelengths longer than the first training's context are, the short ones stay, and between
 * the two the frequencies are blended.
 */
export type RotaryScaling =
  | { readonly type: 'linear'; readonly factor: number }
  | {
      readonly type: 'llama3';
      readonly factor: number;
      readonly lowFreqFactor: number;
      readonly highFreqFactor: number;
      readonly originalMaxPositionEmbeddings: number;
    };

/** The cosine and sine of each position's angles, [..., 1, sequence, headDim / 2]: computed once, used in every layer. */
export interface Rotation {
  readonly cosine: Tensor;
  readonly sine: Tensor;
}

/**
 * The angles per position of a head's pairs: theta^(-2 i / headDim) for i from 0 to headDim / 2 - 1, scaled.
 *
 * @param headDim width of a head, even
 * @param theta   the base, 10000 in the paper
 * @example
 * rotaryFrequencies(4, 10000) // Float32Array [1, 0.01]
 */
export function rotaryFrequencies(headDim: number, theta: number, scaling: RotaryScaling | null = null): Float32Array {
  return Float32Array.from({ length: headDim / 2 }, (_, i) => {
    const frequency = theta ** ((-2 * i) / headDim);
    if (!scaling) return frequency;
    return scaling.type === 'linear' ? frequency / scaling.factor : llama3Frequency(frequency, scaling);
  });
}

function llama3Frequency(frequency: number, scaling: Extract<RotaryScaling, { type: 'llama3' }>): number {
  const { factor, lowFreqFactor, highFreqFactor, originalMaxPositionEmbeddings: context } = scaling;
  const turns = (context * frequency) / (2 * Math.PI); // within the first training's context
  if (turns < lowFreqFactor) return frequency / factor;
  if (turns > highFreqFactor) return frequency;
  const share = (turns - lowFreqFactor) / (highFreqFactor - lowFreqFactor);
  return (1 - share) * (frequency / factor) + share * frequency;
}

/**
 * The rotation of positions.
 *
 * @param positions   int64, [sequence] or [batch, sequence]
 * @param frequencies what {@link rotaryFrequencies} gives
 * @example
 * const { cosine, sine } = rotation(positions, rotaryFrequencies(64, 10000));
 */
export function rotation(positions: Tensor, frequencies: Float32Array): Rotation {
  const angles = positions.cast('float32').unsqueeze(-1).mul(tensor(frequencies)); // [..., sequence, headDim / 2]
  const perHead = angles.unsqueeze(-3); // [..., 1, sequence, headDim / 2]
  return { cosine: cos([perHead], {}), sine: sin([perHead], {}) };
}

/**
 * x: [batch, heads, sequence, headDim], turned, in the same shape.
 *
 * @example
 * const turned = rotaryEmbedding(query, rotation(positions, rotaryFrequencies(64, 10000)));
 */
export function rotaryEmbedding(x: Tensor, { cosine, sine }: Rotation): Tensor {
  return rotate([x, cosine, sine], { inverse: false });
}
