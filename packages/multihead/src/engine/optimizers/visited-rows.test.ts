import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { VisitedRows } from './visited-rows.js';

describe('visited rows', () => {
  test('runs cover the table in order, and hold every marked row', () => {
    const table = fc.record({ rows: fc.integer({ min: 1, max: 200 }), width: fc.constantFrom(4, 12, 32) });
    fc.assert(
      fc.property(table, fc.array(fc.nat(199)), ({ rows, width }, marks) => {
        const visited = new VisitedRows(rows * width, width);
        const marked = marks.filter((row) => row < rows);
        for (const row of marked) visited.add(row);
        const runs = visited.runs();
        let end = 0;
        for (const { start, length } of runs) {
          expect(start).toBe(end);
          end += length;
        }
        expect(end).toBe(rows * width);
        for (const row of marked) {
          const run = runs.find(({ start, length }) => start <= row * width && row * width < start + length);
          expect(run?.visited).toBe(true);
        }
        const elements = runs.reduce((sum, { visited, length }) => sum + (visited ? length : 0), 0);
        expect(elements).toBeLessThanOrEqual(new Set(marked).size * 8 * width);
      }),
    );
  });

  test('marks the rows of saved moments that are not zero', () => {
    const visited = new VisitedRows(100 * 4, 4);
    const moments = new Float32Array(400);
    moments[50 * 4 + 3] = 1e-30;
    visited.addNonZero(moments);
    expect(visited.runs()).toEqual([
      { start: 0, length: 48 * 4, visited: false },
      { start: 48 * 4, length: 8 * 4, visited: true },
      { start: 56 * 4, length: 44 * 4, visited: false },
    ]);
  });
});
