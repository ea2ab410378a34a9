/** @file How rotary positions are stretched past what a model was first trained on: Transformers' ROPE_INIT_FUNCTIONS. */

/**
 * How positions are stretched past what a model was first trained on.
 *
 * - `linear`: every position is divided by the factor (Chen et al. 2023).
 * - `dynamic`: the base grows with the length of texts beyond the pretraining context; shorter texts are unchanged.
 * - `llama3` (Llama 3.1): only wavelengths longer than the pretraining context are stretched, the short ones stay, and
 *   between the two the frequencies are blended.
 * - `yarn` (Peng et al. 2023): pairs that turn more than `betaFast` times within the pretraining context stay, those that
 *   turn fewer than `betaSlow` times are stretched, between the two they are blended; queries and keys are multiplied by
 *   `attentionFactor`. `truncate` rounds the blend's ends to whole pairs.
 */
export type RotaryScaling =
  | { readonly type: 'linear'; readonly factor: number }
  | { readonly type: 'dynamic'; readonly factor: number }
  | {
      readonly type: 'llama3';
      readonly factor: number;
      readonly lowFreqFactor: number;
      readonly highFreqFactor: number;
      readonly originalMaxPositionEmbeddings: number;
    }
  | {
      readonly type: 'yarn';
      readonly factor: number;
      readonly attentionFactor: number;
      readonly betaFast: number;
      readonly betaSlow: number;
      readonly truncate: boolean;
      readonly originalMaxPositionEmbeddings: number;
    };

type ScalingOf<Type extends RotaryScaling['type']> = Extract<RotaryScaling, { readonly type: Type }>;

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
    switch (scaling?.type) {
      case 'linear':
        return frequency / scaling.factor;
      case 'llama3':
        return llama3Frequency(frequency, scaling);
      case 'yarn':
        return yarnFrequency(i, { frequency, headDim, theta }, scaling);
      default:
        return frequency; // `dynamic` changes them beyond the pretraining context only
    }
  });
}

function llama3Frequency(frequency: number, scaling: ScalingOf<'llama3'>): number {
  const { factor, lowFreqFactor, highFreqFactor, originalMaxPositionEmbeddings: context } = scaling;
  const turns = (context * frequency) / (2 * Math.PI); // within the pretraining context
  if (turns < lowFreqFactor) return frequency / factor;
  if (turns > highFreqFactor) return frequency;
  const share = (turns - lowFreqFactor) / (highFreqFactor - lowFreqFactor);
  return (1 - share) * (frequency / factor) + share * frequency;
}

interface Pair {
  readonly frequency: number;
  readonly headDim: number;
  readonly theta: number;
}

function yarnFrequency(index: number, { frequency, headDim, theta }: Pair, scaling: ScalingOf<'yarn'>): number {
  const { factor, betaFast, betaSlow, truncate, originalMaxPositionEmbeddings: context } = scaling;
  /** The pair that turns so often within the pretraining context. */
  const pairOf = (turns: number) => (headDim * Math.log(context / (turns * 2 * Math.PI))) / (2 * Math.log(theta));
  const [first, last] = [pairOf(betaFast), pairOf(betaSlow)];
  const low = Math.max(truncate ? Math.floor(first) : first, 0);
  const high = Math.min(truncate ? Math.ceil(last) : last, headDim - 1);
  const ramp = (index - low) / (high === low ? 0.001 : high - low);
  const stretched = Math.min(Math.max(ramp, 0), 1);
  return (frequency / factor) * stretched + frequency * (1 - stretched);
}

/**
 * What YaRN multiplies queries and keys by, so that attention is as sharp over a longer context; 1 for other kinds.
 *
 * @example
 * rotaryScale({ type: 'linear', factor: 2 }) // 1
 */
export const rotaryScale = (scaling: RotaryScaling | null): number =>
  scaling?.type === 'yarn' ? scaling.attentionFactor : 1;
