import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bestSpans, windowSpans } from './answer-spans.js';

type Offsets = readonly (readonly [number, number] | undefined)[];

const limits = { nBest: 20, maxAnswerLength: 30 };

/** A window of some tokens of question, `count` of context, each two characters wide, and [SEP]. */
const offsetsOf = (count: number, question = 3): Offsets => [
  ...new Array<undefined>(question).fill(undefined),
  ...Array.from({ length: count }, (_, i) => [3 * i, 3 * i + 2] as const),
  undefined,
];

/** The definition, word by word: every pair of tokens is looked at. */
function byDefinition(starts: number[], ends: number[], offsets: Offsets, nBest: number, longest: number) {
  const rank = (scores: number[], i: number) => scores.filter((score) => score > (scores[i] as number)).length;
  const pairs = starts.flatMap((_, first) => ends.map((_, last) => [first, last] as const));
  return pairs
    .filter(([first, last]) => rank(starts, first) < nBest && rank(ends, last) < nBest)
    .filter(([first, last]) => offsets[first] !== undefined && offsets[last] !== undefined)
    .filter(([first, last]) => first <= last && last - first < longest)
    .map(([first, last]) => ({
      start: offsets[first]?.[0] as number,
      end: offsets[last]?.[1] as number,
      score: (starts[first] as number) + (ends[last] as number),
      startScore: starts[first] as number,
    }));
}

/** A window's scores, all different, so that the best are never in doubt; and limits. */
const scored = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.nat(8)).chain(([question, context]) => {
  const length = question + context + 1;
  const scores = fc.uniqueArray(fc.integer({ min: -50, max: 50 }), { minLength: length, maxLength: length });
  const [nBest, maxAnswerLength] = [fc.integer({ min: 1, max: 14 }), fc.integer({ min: 1, max: 8 })];
  return fc.record({
    starts: scores,
    ends: scores,
    offsets: fc.constant(offsetsOf(context, question)),
    nBest,
    maxAnswerLength,
  });
});

describe('the spans of a window', () => {
  test('are those of the definition: best starts and ends, forwards, in the context, not too long', () => {
    const inOrder = (spans: readonly { start: number; end: number }[]) =>
      [...spans].sort((a, b) => a.start - b.start || a.end - b.end);
    fc.assert(
      fc.property(scored, ({ starts, ends, offsets, nBest, maxAnswerLength }) => {
        const found = windowSpans(starts, ends, offsets, { nBest, maxAnswerLength });
        expect(inOrder(found)).toEqual(inOrder(byDefinition(starts, ends, offsets, nBest, maxAnswerLength)));
      }),
    );
  });

  test('only the best starts meet the best ends', () => {
    const scores = [0, 0, 0, 5, 1, 4, 0, 0];
    const found = windowSpans(scores, scores, offsetsOf(4), { ...limits, nBest: 2 });
    expect(found.map(({ score }) => score).sort((a, b) => b - a)).toEqual([10, 9, 8]);
  });

  test('padding behind the last token has no part in them, however high it scores', () => {
    const scores = Float32Array.of(0, 1, 2, 0, 99);
    const found = windowSpans(scores, scores, offsetsOf(2, 1), { ...limits, nBest: 1 });
    expect(found).toEqual([{ start: 3, end: 5, score: 4, startScore: 2 }]);
  });

  test('there are none where the best start is no token of the context', () => {
    expect(windowSpans([9, 1, 0], [9, 1, 0], offsetsOf(1, 1), { ...limits, nBest: 1 })).toEqual([]);
  });
});

describe('the best of all windows', () => {
  test('come in the order of their scores, with probabilities that sum to 1', () => {
    const spans = [1, 3, 2].map((score) => ({ start: score, end: score, score }));
    const best = bestSpans(spans, { ...limits, nBest: 2 });
    expect(best.map(({ score }) => score)).toEqual([3, 2]);
    expect(best.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 12);
    expect(best[0]?.probability).toBeCloseTo(1 / (1 + Math.exp(-1)), 12);
  });

  test('have probabilities for scores of any size', () => {
    const spans = [1000, 1000 + Math.log(3), -1000].map((score) => ({ start: 0, end: 1, score }));
    const probabilities = bestSpans(spans, limits).map(({ probability }) => probability);
    expect(probabilities).toEqual([0.75, 0.25, 0].map((p) => expect.closeTo(p, 9)));
  });

  test('of equal scores begin with the one from the earlier window', () => {
    const spans = [3, 7].map((start) => ({ start, end: start + 1, score: 2 }));
    expect(bestSpans(spans, limits).map(({ start }) => start)).toEqual([3, 7]);
  });

  test('of no spans are none', () => {
    expect(bestSpans([], limits)).toEqual([]);
  });
});
