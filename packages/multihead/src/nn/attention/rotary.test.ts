import { describe, expect, test } from 'vitest';
import { rotaryEmbedding, rotaryFrequencies, rotation } from '../../exports/nn.js';
import { tensor } from '../../exports/tensor.js';

const width = 8;
const frequencies = rotaryFrequencies(width, 10000);

/** A vector turned to a position. */
async function turned(vector: number[], position: number): Promise<number[]> {
  const x = tensor([[[vector]]]); // [batch, heads, sequence, headDim]
  const y = rotaryEmbedding(x, rotation(tensor([position], { dtype: 'int64' }), frequencies));
  return Array.from((await y.data()) as Float32Array);
}

const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
const query = [0.3, -1, 0.5, 2, 1, 0.1, -0.7, 0.4];
const key = [1, 0.2, -0.5, 0.3, 0.8, -1.2, 0.6, 0.9];

describe('rotary positions', () => {
  test('position 0 stays, lengths stay', async () => {
    expect(await turned(query, 0)).toEqual(query.map((value) => expect.closeTo(value, 6)));
    const far = await turned(query, 100);
    expect(dot(far, far)).toBeCloseTo(dot(query, query), 4);
  });

  test('the first of a pair stands in the first half, the second in the second: as Hugging Face has them', async () => {
    const x = [1, 0, 0, 0, 0, 0, 0, 0];
    const expected = [Math.cos(1), 0, 0, 0, Math.sin(1), 0, 0, 0];
    expect(await turned(x, 1)).toEqual(expected.map((value) => expect.closeTo(value, 6)));
  });

  test('a product of query and key depends on their distance alone', async () => {
    const at = async (a: number, b: number) => dot(await turned(query, a), await turned(key, b));
    const near = await at(7, 3);
    expect(await at(50, 46)).toBeCloseTo(near, 4);
    expect(Math.abs((await at(8, 3)) - near)).toBeGreaterThan(0.01);
  });

  test('each row of a batch may have positions of its own', async () => {
    const positions = tensor(
      [
        [0, 1],
        [5, 6],
      ],
      { dtype: 'int64' },
    );
    const { cosine } = rotation(positions, frequencies);
    expect(cosine.shape).toEqual([2, 1, 2, width / 2]);
    const values = (await cosine.data()) as Float32Array;
    expect([0, 4, 8, 12].map((i) => values[i])).toEqual([0, 1, 5, 6].map((p) => expect.closeTo(Math.cos(p), 6)));
  });
});

describe('frequencies', () => {
  test('fall from 1 by the powers of theta', () => {
    expect(Array.from(frequencies)).toEqual([1, 0.1, 0.01, 0.001].map((value) => expect.closeTo(value, 8)));
  });

  test('linear scaling divides all of them', () => {
    const scaled = rotaryFrequencies(width, 10000, { type: 'linear', factor: 4 });
    expect(Array.from(scaled)).toEqual([0.25, 0.025, 0.0025, 0.00025].map((value) => expect.closeTo(value, 8)));
  });

  test('Llama 3’s leaves short wavelengths, divides long ones, and blends between', () => {
    const scaling = {
      type: 'llama3' as const,
      factor: 8,
      lowFreqFactor: 1,
      highFreqFactor: 4,
      originalMaxPositionEmbeddings: 128, // turns within it: 20.4, 2.04, 0.2, 0.02
    };
    const share = ((128 * 0.1) / (2 * Math.PI) - 1) / 3;
    const blended = (1 - share) * (0.1 / 8) + share * 0.1;
    const expected = [1, blended, 0.01 / 8, 0.001 / 8];
    expect(Array.from(rotaryFrequencies(width, 10000, scaling))).toEqual(expected.map((v) => expect.closeTo(v, 7)));
  });
});
