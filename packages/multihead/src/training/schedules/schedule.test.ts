import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parkMiller } from '../../testing/park-miller.js';
import {
  checkScheduleSettings,
  linearSchedule,
  type ScheduleName,
  type ScheduleSettings,
  scheduleFactor,
  scheduleNames,
  settingsOf,
} from './schedule.js';

interface Case {
  name: ScheduleName;
  warmup: number;
  total: number;
  factors: number[];
  settings: ScheduleSettings;
  learningRate: number;
}

// Made by bench/peers/schedule_fixtures.py.
const fixture = new URL('../../../fixtures/schedules.json', import.meta.url);
const cases = JSON.parse(readFileSync(fixture, 'utf8')) as Case[];

describe("schedules are Hugging Face's, value by value", () => {
  test('all of them are compared', () => {
    const compared = [...new Set(cases.map(({ name }) => name)), 'reduce_lr_on_plateau']; // see plateau.test.ts
    expect(compared.sort()).toEqual([...scheduleNames].sort());
  });

  test.each(cases)('$name $settings, $warmup warm-up steps of $total', (given) => {
    const { name, warmup, total, factors, settings, learningRate } = given;
    const found = factors.map((_, step) =>
      scheduleFactor(name, { step, warmupSteps: warmup, totalSteps: total, learningRate }, settings),
    );
    expect(found).toEqual(factors.map((factor) => expect.closeTo(factor, 12)));
  });
});

// Also by that script, which draws the same cases; each row is the factors at six steps.
const drawnFile = new URL('../../../fixtures/drawn-schedules.json', import.meta.url);
const drawn = JSON.parse(readFileSync(drawnFile, 'utf8')) as number[][];

/** The cases of schedule_fixtures.py's `draw`. */
function draw(seed: number) {
  const below = parkMiller(seed);
  const total = 1 + below(300);
  const warmupSteps = below(2) === 0 ? 0 : below(total + 1);
  const steps = Array.from({ length: 6 }, () => below(total));
  const name = drawnNames[below(drawnNames.length)] as (typeof drawnNames)[number];
  const sixteenths = () => below(16) / 16;
  const ramp = () => (['linear', 'cosine', '1-sqrt'] as const)[below(3)];
  const all = {
    numCycles: name === 'cosine_with_restarts' ? 1 + below(5) : (1 + below(8)) / 4,
    ...(below(2) === 0 ? { minLr: below(16) / 1024 } : { minLrRate: sixteenths() }),
    warmupLrRate: sixteenths(),
    lrEnd: below(16) / 1024,
    power: (1 + below(8)) / 4,
    timescale: 1 + below(500),
    numDecaySteps: below(total + 1),
    numStableSteps: below(total + 1),
    warmupType: ramp(),
    decayType: ramp(),
    minLrRatio: sixteenths(),
  };
  // Half of the settings are left out, but not those without a default.
  const needed = ['minLr', 'minLrRate', 'numDecaySteps'];
  const settings = Object.fromEntries(
    Object.entries(all).filter(([key]) => {
      const isLeftOut = below(2) === 0 && !needed.includes(key);
      return !isLeftOut && (settingsOf[name] as readonly string[]).includes(key);
    }),
  );
  return { name, settings, steps, point: { warmupSteps, totalSteps: total, learningRate: 1 / 64 } };
}

const drawnNames = [
  ...(['linear', 'cosine', 'cosine_with_restarts', 'cosine_with_min_lr', 'cosine_warmup_with_min_lr'] as const),
  ...(['polynomial', 'constant_with_warmup', 'inverse_sqrt', 'warmup_stable_decay'] as const),
];

test("1,000 drawn runs have Hugging Face's factors", () => {
  expect(drawn).toHaveLength(1000);
  for (const [i, factors] of drawn.entries()) {
    const { name, settings, steps, point } = draw(i + 1);
    checkScheduleSettings(name, settings, point.learningRate);
    const found = steps.map((step) => scheduleFactor(name, { ...point, step }, settings));
    const about = `case ${i + 1}: ${name} ${JSON.stringify({ ...settings, ...point, steps })}`;
    expect(found, about).toEqual(factors.map((factor) => expect.closeTo(factor, 12)));
  }
});

describe('settings of a schedule', () => {
  test.each<[ScheduleName, object, string]>([
    ['cosine_with_min_lr', { minLr: 0, minLrRate: 0 }, 'minLr is 0 and minLrRate 0; give one of them'],
    ['polynomial', { lrEnd: 1 }, 'lrEnd is 1; it must be below the learning rate, 1'],
    ['linear', { numCycles: 1 }, 'linear has no setting "numCycles"; it has none'],
    ['cosine', { power: 1 }, 'cosine has no setting "power"; it has: numCycles'],
    ['polynomial', { power: -1 }, 'power is -1; it must be a number from 0'],
    ['polynomial', { lrEnd: '0' }, 'lrEnd is "0"; it must be a number from 0'],
    ['warmup_stable_decay', { decayType: 'sqrt' }, 'decayType is "sqrt"; it must be one of linear, cosine, 1-sqrt'],
    ['reduce_lr_on_plateau', { factor: 1 }, 'factor is 1; it must be below 1'],
    ['inverse_sqrt', { timescale: 0 }, 'timescale is 0; it must be above 0'],
  ])('%s %o is refused', (name, settings, message) => {
    expect(() => checkScheduleSettings(name, settings)).toThrow(message);
  });
});

/** The rate's factor at each step of a run. */
const factors = (warmup: number, total: number) =>
  Array.from({ length: total }, (_, step) => linearSchedule(step, warmup, total));

describe('the linear schedule', () => {
  // From transformers 5.23.0 with torch 2.13.0: get_linear_schedule_with_warmup(AdamW([p], lr=1), warmup, total), and
  // get_last_lr() before each step.
  test.each([
    [3, 10, [0, 1 / 3, 2 / 3, 1, 6 / 7, 5 / 7, 4 / 7, 3 / 7, 2 / 7, 1 / 7]],
    [0, 4, [1, 0.75, 0.5, 0.25]],
    [4, 4, [0, 0.25, 0.5, 0.75]],
    [1, 1, [0]],
  ])("with %d warm-up steps of %d is Hugging Face's", (warmup, total, expected) => {
    expect(factors(warmup, total)).toEqual(expected.map((factor) => expect.closeTo(factor, 12)));
  });

  test('rises, has its peak 1 where the warm-up ends, falls, and is 0 after the end', () => {
    const run = fc.integer({ min: 2, max: 300 }).chain((total) => fc.tuple(fc.nat(total - 1), fc.constant(total)));
    fc.assert(
      fc.property(run, ([warmup, total]) => {
        const all = factors(warmup, total);
        expect(all.every((factor) => factor >= 0 && factor <= 1)).toBe(true);
        expect(all[warmup]).toBe(1);
        for (let step = 1; step < total; step++) {
          const change = (all[step] as number) - (all[step - 1] as number);
          expect(Math.sign(change)).toBe(step <= warmup ? 1 : -1);
        }
        expect(linearSchedule(total, warmup, total)).toBe(0);
        expect(linearSchedule(total + 5, warmup, total)).toBe(0);
      }),
    );
  });
});
