import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { afterPlateauEvaluation, noPlateau } from './plateau.js';
import type { ScheduleSettings } from './schedule.js';

interface Case {
  settings: ScheduleSettings;
  mode: 'min' | 'max';
  learningRate: number;
  values: number[];
  rates: number[];
}

// Made by bench/peers/schedule_fixtures.py.
const cases = JSON.parse(readFileSync(new URL('../../../fixtures/plateau.json', import.meta.url), 'utf8')) as Case[];

describe('a plateau', () => {
  test.each(cases)("lowers the rate as PyTorch's ReduceLROnPlateau does: $settings, $mode", (given) => {
    const { settings, mode, learningRate, values, rates } = given;
    let plateau = noPlateau;
    const found = values.map((value) => {
      plateau = afterPlateauEvaluation(plateau, { value, greaterIsBetter: mode === 'max' }, settings, learningRate);
      return plateau.rateFactor * learningRate;
    });
    expect(found).toEqual(rates.map((rate) => expect.closeTo(rate, 14)));
    if (Object.keys(settings).length > 0) expect(new Set(rates).size).toBeGreaterThan(1);
  });

  test.each([true, false])(
    'counts a score that is no number as a bad one, also the first (greater: %s)',
    (greaterIsBetter) => {
      const after = (values: number[]) =>
        values.reduce(
          (plateau, value) => afterPlateauEvaluation(plateau, { value, greaterIsBetter }, {}, 1),
          noPlateau,
        );
      expect(after([Number.NaN])).toMatchObject({ best: null, badEvaluations: 1 });
      expect(after([Number.NaN, 0.5])).toMatchObject({ best: 0.5, badEvaluations: 0 });
      expect(after([0.5, Number.NaN])).toMatchObject({ best: 0.5, badEvaluations: 1 });
    },
  );
});
