/** @file Logits processors against Hugging Face's (bench/peers/logits_fixtures.py), by hand, and by what they promise. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exponentials, logSoftmaxInPlace } from '../../platform/softmax.js';
import { parseGenerationConfig } from './generation-config.js';
import { resolveOptions } from './options.js';
import { minLength, minNewTokens } from './processors/min-length.js';
import { minP } from './processors/min-p.js';
import { noRepeatNgram } from './processors/no-repeat-ngram.js';
import { repetitionPenalty } from './processors/repetition-penalty.js';
import { temperature } from './processors/temperature.js';
import { topK } from './processors/top-k.js';
import { topP } from './processors/top-p.js';
import { logitsProcessors } from './processors.js';

interface Case {
  readonly options: Readonly<Record<string, number | boolean>>;
  readonly tokens: readonly number[];
  readonly prompt_length: number;
  readonly scores: readonly number[];
  readonly expected: readonly (number | null)[];
}

const url = new URL('../../../fixtures/generation/processors.json', import.meta.url);
const fixture = JSON.parse(readFileSync(url, 'utf8')) as { eos_token_id: number[]; cases: Case[] };

test.each(fixture.cases.map((entry) => ({ entry, title: JSON.stringify(entry.options) })))(
  "Hugging Face's scores: $title",
  ({ entry: { options, tokens, prompt_length, scores, expected } }) => {
    const settings = { ...options, eos_token_id: fixture.eos_token_id };
    const resolved = resolveOptions(parseGenerationConfig({ path: 'the fixture', settings }).options);
    const processed = Float32Array.from(scores);
    const processors = logitsProcessors(resolved);
    for (const process of processors) process(processed, { tokenIds: tokens, promptLength: prompt_length });
    const isOut = (value: number | null) => value === null || value === Number.NEGATIVE_INFINITY;
    expect([...processed].map(isOut)).toEqual(expected.map(isOut));
    for (const [i, value] of expected.entries()) {
      if (value !== null) expect(Math.abs((processed[i] as number) - value)).toBeLessThan(1e-5);
    }
  },
);

const out = Number.NEGATIVE_INFINITY;
const apply = (process: (scores: Float32Array, sequence: never) => void, scores: number[], tokenIds: number[] = []) => {
  const processed = Float32Array.from(scores);
  process(processed, { tokenIds, promptLength: 1 } as never);
  return [...processed];
};

describe('by hand', () => {
  test('the repetition penalty divides what is above zero and multiplies what is below, once a token', () => {
    expect(apply(repetitionPenalty(2), [4, -4, 4, 0], [0, 1, 0, 0])).toEqual([2, -8, 4, 0]);
  });

  test('no n-gram comes again', () => {
    expect(apply(noRepeatNgram(2), [0, 0, 0, 0], [1, 2, 1, 3, 1])).toEqual([0, 0, out, out]);
    expect(apply(noRepeatNgram(3), [0, 0, 0, 0], [1, 2, 3, 1, 2])).toEqual([0, 0, 0, out]);
    expect(apply(noRepeatNgram(3), [0, 0], [1])).toEqual([0, 0]);
    expect(apply(noRepeatNgram(1), [0, 0, 0], [1])).toEqual([0, out, 0]);
  });

  test('texts do not end too early', () => {
    expect(apply(minLength(3, [1]), [5, 5], [0, 0])).toEqual([5, out]);
    expect(apply(minLength(3, [1]), [5, 5], [0, 0, 0])).toEqual([5, 5]);
    expect(apply(minNewTokens(2, [0, 1]), [5, 5], [0, 0])).toEqual([out, out]);
    expect(apply(minNewTokens(1, [1]), [5, 5], [0, 0])).toEqual([5, 5]);
  });

  test('temperature, top-k with a tie, min-p', () => {
    expect(apply(temperature(0.5), [1, -2])).toEqual([2, -4]);
    expect(apply(topK(2), [1, 3, 2, 2, 0])).toEqual([out, 3, 2, 2, out]);
    expect(apply(topK(9), [1, 2])).toEqual([1, 2]);
    expect(apply(minP(0.5), [Math.log(4), Math.log(2.1), Math.log(1.9)])).toEqual([
      Math.fround(Math.log(4)),
      Math.fround(Math.log(2.1)),
      out,
    ]);
  });

  test('top-p leaves tokens that are out already out, and the best in, however small p is', () => {
    expect(apply(topP(1e-9), [1, 2, out])).toEqual([out, 2, out]);
  });
});

describe('what they promise', () => {
  const scores = fc.array(fc.float({ min: -20, max: 20, noNaN: true }), { minLength: 1, maxLength: 200 });

  test('top-p keeps the smallest set of most likely tokens that reaches p', () => {
    fc.assert(
      fc.property(scores, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (scores, p) => {
        const before = Float32Array.from(scores);
        const after = apply(topP(p), scores);
        const { values, total } = exponentials(before);
        const kept = after.flatMap((score, i) => (score === out ? [] : [values[i] as number]));
        const gone = after.flatMap((score, i) => (score === out ? [values[i] as number] : []));
        const share = kept.reduce((a, b) => a + b, 0) / total;
        const least = Math.min(...kept);
        expect(kept.length).toBeGreaterThan(0);
        for (const value of gone) expect(value).toBeLessThanOrEqual(least);
        expect(share).toBeGreaterThan(p - 1e-9);
        if (kept.length > 1) expect(share - least / total).toBeLessThan(p + 1e-9);
      }),
    );
  });

  test('top-k keeps the k best and their equals, as sorting finds them', () => {
    fc.assert(
      fc.property(scores, fc.integer({ min: 1, max: 60 }), (scores, k) => {
        const sorted = Float32Array.from(scores).sort().reverse();
        const least = sorted[Math.min(k, sorted.length) - 1] as number;
        expect(apply(topK(k), scores)).toEqual([...Float32Array.from(scores)].map((s) => (s < least ? out : s)));
      }),
    );
  });

  test('the log-softmax of any scores sums to one', () => {
    fc.assert(
      fc.property(scores, (scores) => {
        const logs = Float32Array.from(scores);
        logSoftmaxInPlace(logs);
        expect(logs.reduce((sum, log) => sum + Math.exp(log), 0)).toBeCloseTo(1, 4);
      }),
    );
  });
});
