import { describe, expect, test } from 'vitest';
import { principalComponents, project } from './principal-components.js';

describe('principal components', () => {
  // Rows in the plane of (1, 1, 0) / sqrt 2 and (0, 0, 1), three times as far along the first.
  const rows = 40;
  const angle = (row: number) => (2 * Math.PI * row) / rows;
  const data = Float32Array.from(
    Array.from({ length: rows }, (_, i) => [3 * Math.cos(angle(i)), 3 * Math.cos(angle(i)), Math.sin(angle(i))]).flat(),
  );

  test('are orthonormal, the most important first', () => {
    const [a, b, c, d, e, f] = principalComponents({ data, width: 3 }, 2);
    expect(Math.abs(a as number)).toBeCloseTo(Math.SQRT1_2, 3);
    expect(Math.abs(b as number)).toBeCloseTo(Math.SQRT1_2, 3);
    expect(c).toBeCloseTo(0, 2);
    expect(Math.abs(f as number)).toBeCloseTo(1, 3);
    expect((a as number) * (d as number) + (b as number) * (e as number) + (c as number) * (f as number)).toBeCloseTo(
      0,
      6,
    );
  });

  test('keep lengths and angles of rows that lie in their span', () => {
    const projected = project({ data, width: 3 }, principalComponents({ data, width: 3 }, 2));
    const dot = (x: Float32Array, width: number, i: number, j: number) =>
      Array.from({ length: width }, (_, k) => (x[i * width + k] as number) * (x[j * width + k] as number)).reduce(
        (sum, product) => sum + product,
        0,
      );
    for (let i = 1; i < rows; i++) expect(dot(projected, 2, 0, i)).toBeCloseTo(dot(data, 3, 0, i), 3);
  });
});
