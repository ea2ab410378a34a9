import { describe, expect, test } from 'vitest';
import type { Outcome } from '../tasks/outcome.js';
import { KeptOutcomes } from './kept-outcomes.js';
import { reportPage } from './page.js';
import { runReport } from './run-report.js';

const labels = ['no', 'yes', 'perhaps'];
/** Mistakes of which some are equally bad, so that their order is seen. */
const classified = (count: number, names: readonly string[]): Outcome[] =>
  Array.from({ length: count }, (_, i) => {
    const [reference, prediction] = [
      names[i % names.length] as string,
      names[(i * 7 + (i >> 3)) % names.length] as string,
    ];
    const confidence = 0.5 + (i % 11) / 25;
    const probabilities = Object.fromEntries(names.map((name) => [name, name === prediction ? confidence : 0.1]));
    const isRight = reference === prediction;
    return {
      id: `${i}`,
      text: `text ${i}`,
      textPair: `pair ${i}`,
      reference,
      prediction,
      confidence,
      probabilities,
      scores: { accuracy: Number(isRight) },
      isMistake: !isRight,
      badness: i % 5,
    };
  });
const answered = (count: number): Outcome[] =>
  Array.from({ length: count }, (_, i) => ({
    id: `${i}`,
    text: `question ${i}`,
    textPair: `context ${i}`,
    reference: [`a ${i}`],
    prediction: `b ${i}`,
    confidence: 0.5,
    scores: { exact_match: Number(i % 3 === 0), f1: (i % 3) / 3 },
    isMistake: i % 3 !== 0,
    badness: (i * 13) % 17,
  }));
const measured = (count: number): Outcome[] =>
  Array.from({ length: count }, (_, i) => ({
    id: `${i}`,
    text: `text ${i}`,
    reference: i,
    prediction: i + (i % 7) / 7,
    scores: { absolute_error: (i % 7) / 7 },
    isMistake: true,
    badness: (i % 7) / 7,
  }));

describe.each([
  ['two labels', classified(300, ['no', 'yes']), ['no', 'yes'], 'text-classification'],
  ['three labels', classified(300, labels), labels, 'text-classification'],
  ['values', measured(300), undefined, 'text-classification'],
  ['answers', answered(300), undefined, 'question-answering'],
] as const)('%s', (_, outcomes, names, task) => {
  const evaluation = { metrics: { accuracy: 0.5 }, mainMetric: 'accuracy', report: 'accuracy 0.5' };
  const inputs = { task, model: 'model', data: 'data', evaluation, ...(names && { labels: names }) };

  test.each([1, 7, 299, 300])('reports are the same when they come %i at a time', (size) => {
    const kept = new KeptOutcomes(names);
    for (let at = 0; at < outcomes.length; at += size) kept.add(outcomes.slice(at, at + size));
    const [whole, report] = [outcomes, kept.all].map((each) => runReport({ ...inputs, outcomes: each }));
    expect(JSON.stringify(report)).toBe(JSON.stringify(whole));
    expect(report?.worstMistakes).toHaveLength(25);
    if (!report || !whole) throw new Error('internal: two reports');
    expect(reportPage(report, kept.all)).toBe(reportPage(whole, outcomes));
  });

  test('texts are kept of the worst mistakes alone', () => {
    const kept = new KeptOutcomes(names);
    kept.add(outcomes);
    expect(kept.all.filter(({ id, text, textPair }) => id || text || textPair)).toHaveLength(25);
  });
});
