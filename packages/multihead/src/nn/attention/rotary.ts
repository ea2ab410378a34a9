/** @file Rotary positions (Su et al. 2021): queries and keys are turned by angles that grow with their position. */
import { tensor } from '../../tensor/factories.js';
import { cos, sin } from '../../tensor/operators/elementwise.js';
import { rotate } from '../../tensor/operators/rotate.js';
import type { Tensor } from '../../tensor/tensor.js';
import { type RotaryScaling, rotaryFrequencies, rotaryScale } from './rotary-scaling.js';

/** The cosine and sine of each position's angles, [..., 1, sequence, headDim / 2]: computed once, used in every layer. */
export interface Rotation {
  readonly cosine: Tensor;
  readonly sine: Tensor;
}

/**
 * The rotation of positions.
 *
 * @param positions   int64, [sequence] or [batch, sequence]
 * @param frequencies what {@link rotaryFrequencies} gives, or a tensor that broadcasts to [..., sequence, headDim / 2]
 * @param scale       what cosines and sines are multiplied by, and so queries and keys: {@link rotaryScale}
 * @example
 * const { cosine, sine } = rotation(positions, rotaryFrequencies(64, 10000));
 */
export function rotation(positions: Tensor, frequencies: Float32Array | Tensor, scale = 1): Rotation {
  const perPosition = frequencies instanceof Float32Array ? tensor(frequencies) : frequencies;
  const angles = positions.cast('float32').unsqueeze(-1).mul(perPosition); // [..., sequence, headDim / 2]
  const perHead = angles.unsqueeze(-3); // [..., 1, sequence, headDim / 2]
  const scaled = (x: Tensor) => (scale === 1 ? x : x.mul(scale));
  return { cosine: scaled(cos([perHead], {})), sine: scaled(sin([perHead], {})) };
}

/** What decides a model's rotary positions. */
export interface RotaryPositions {
  /** Width of a head, even. */
  readonly headDim: number;
  /** The base of the wavelengths. */
  readonly theta: number;
  readonly scaling: RotaryScaling | null;
  /** The context that the model was first trained on, beyond which `dynamic` scaling begins. */
  readonly maxPositionEmbeddings: number;
}

/**
 * The rotation of positions by a model's settings, whatever their scaling.
 *
 * @param positions int64, [sequence] or [batch, sequence]
 * @example
 * const scaling = { type: 'dynamic', factor: 4 } as const;
 * const turned = scaledRotation(positions, { headDim: 64, theta: 10000, scaling, maxPositionEmbeddings: 2048 });
 */
export function scaledRotation(positions: Tensor, settings: RotaryPositions): Rotation {
  const { headDim, theta, scaling } = settings;
  if (scaling?.type === 'dynamic') return rotation(positions, dynamicFrequencies(positions, scaling.factor, settings));
  return rotation(positions, rotaryFrequencies(headDim, theta, scaling), rotaryScale(scaling));
}

/**
 * Frequencies whose base grows with a text that is longer than the pretraining context ("NTK-aware" scaling): with
 * s = factor length / context - (factor - 1) the base is theta s^(d / (d - 2)). The length is a row's own, so that no row
 * depends on others in its batch.
 *
 * @returns [..., 1, headDim / 2]
 */
function dynamicFrequencies(positions: Tensor, factor: number, settings: RotaryPositions): Tensor {
  const { headDim, theta, maxPositionEmbeddings: context } = settings;
  const length = positions.cast('float32').max(-1, { keepDims: true }).add(1).maximum(context); // [..., 1]
  const stretch = length.mul(factor / context).sub(factor - 1);
  const logBase = stretch
    .log()
    .mul(headDim / (headDim - 2))
    .add(Math.log(theta));
  const exponents = Float32Array.from({ length: headDim / 2 }, (_, i) => (-2 * i) / headDim);
  return logBase.unsqueeze(-1).mul(tensor(exponents)).exp();
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
