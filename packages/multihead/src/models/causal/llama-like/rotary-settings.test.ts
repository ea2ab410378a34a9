/** @file Rotary frequencies of published configurations against Transformers' (fixtures/rotary.json, bench/peers/rotary_fixtures.py). */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Rotation, scaledRotation } from '../../../exports/nn.js';
import { tensor } from '../../../exports/tensor.js';
import { LlamaConfig } from '../../../index.js';
import { longestText } from './rotary-settings.js';

interface Case {
  readonly name: string;
  readonly head_dim: number;
  readonly max_position_embeddings: number;
  readonly rope_parameters: Readonly<Record<string, unknown>>;
  readonly length: number | null;
  readonly attention_factor: number;
  readonly frequencies: readonly number[];
}

const path = new URL('../../../../fixtures/rotary.json', import.meta.url);
const cases = (JSON.parse(readFileSync(path, 'utf8')) as Case[]).map((one) => [one.name, one] as const);

/** The angles of position 1, and what the pairs' lengths are multiplied by, of a text of so many tokens. */
async function anglesOf({ cosine, sine }: Rotation): Promise<{ angles: number[]; scale: number }> {
  const [cosines, sines] = (await Promise.all([cosine.data(), sine.data()])) as [Float32Array, Float32Array];
  const half = cosine.shape.at(-1) as number;
  const pairs = Array.from(
    { length: half },
    (_, i) => [cosines[half + i] as number, sines[half + i] as number] as const,
  );
  return {
    angles: pairs.map(([x, y]) => Math.atan2(y, x)),
    scale: Math.hypot(...(pairs[0] as readonly [number, number])),
  };
}

describe.each(cases)('%s', (_, expected) => {
  const config = LlamaConfig.fromJson({
    hidden_size: 4 * expected.head_dim,
    num_attention_heads: 4,
    rope_parameters: expected.rope_parameters,
    max_position_embeddings: expected.max_position_embeddings,
  });

  test('the frequencies are Transformers’', async () => {
    const last = (expected.length ?? 2) - 1;
    const { headDim, ropeTheta: theta, ropeScaling: scaling, maxPositionEmbeddings } = config;
    const positions = tensor([0, 1, last], { dtype: 'int64' });
    const turned = scaledRotation(positions, { headDim, theta, scaling, maxPositionEmbeddings });
    const { angles, scale } = await anglesOf(turned);
    expect(scale).toBeCloseTo(expected.attention_factor, 5);
    for (const [i, frequency] of expected.frequencies.entries()) {
      expect(Math.abs((angles[i] as number) / frequency - 1), `pair ${i}`).toBeLessThan(1e-5);
    }
  });

  test('what is written is what was read', () => {
    expect(LlamaConfig.fromJson(LlamaConfig.toJson(config))).toEqual(config);
    expect(new LlamaConfig({ ...config })).toEqual(config);
  });
});

const longest: Readonly<Record<string, number>> = { dynamic: 4096, linear: 4096, llama3: 131072, yarn: 131072 };

test.each(cases)(
  '%s: texts may be as long as the scaling reaches',
  (_, { max_position_embeddings, rope_parameters }) => {
    const config = LlamaConfig.fromJson({ max_position_embeddings, rope_parameters });
    expect(longestText(config)).toBe(longest[rope_parameters.rope_type as string]);
  },
);

test('Qwen’s configurations, which name the first context for both, are stretched by the factor', () => {
  const rope_scaling = { type: 'yarn', factor: 4, original_max_position_embeddings: 32768 };
  expect(longestText(LlamaConfig.fromJson({ max_position_embeddings: 32768, rope_scaling }))).toBe(131072);
});
