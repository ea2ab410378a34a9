/** @file The page is whole: it has what the report has, escapes what texts hold, and asks for nothing from elsewhere. */
import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import type { Outcome } from '../tasks/outcome.js';
import { classificationOutcomes } from '../tasks/text-classification/outcomes.js';
import { spokenDuration } from './html.js';
import { reportPage } from './page.js';
import { HistoryListener, type ReportInputs, runReport } from './run-report.js';

const evaluation = { metrics: { accuracy: 0.5, macro_f1: 0.4 }, mainMetric: 'accuracy', report: 'accuracy 0.5 <all>' };
const about = { task: 'text-classification', model: 'runs/<a>', data: 'dev.tsv', evaluation } as const;

function classified(labels: readonly string[], count: number): Outcome[] {
  const examples = Array.from({ length: count }, (_, i) => ({
    text: `text ${i} <script>alert("&")</script>`,
    label: labels[i % labels.length] as string,
    line: i + 1,
  }));
  const predictions = examples.map((_, i) => {
    const best = labels[(i * 7) % labels.length] as string;
    const confidence = 0.4 + 0.05 * (i % 12);
    const rest = (1 - confidence) / (labels.length - 1);
    const others = labels.filter((label) => label !== best).map((label) => ({ label, score: rest }));
    return [{ label: best, score: confidence }, ...others].sort((a, b) => b.score - a.score);
  });
  return classificationOutcomes({ problemType: 'single_label_classification' }, predictions, examples);
}

function pageOf(inputs: ReportInputs) {
  const html = reportPage(runReport(inputs), inputs.outcomes);
  return { html, document: parseHTML(html).document };
}

const captions = (document: Document) =>
  [...document.querySelectorAll('figcaption')].map(({ textContent }) => textContent);

describe('a report as a page', () => {
  test('of two classes has curves, a confusion matrix and the worst mistakes, the worst first', () => {
    const outcomes = classified(['no', 'yes'], 30);
    const { html, document } = pageOf({ ...about, outcomes, labels: ['no', 'yes'] });
    expect(captions(document)).toEqual([
      'Confusion matrix',
      'ROC curve of "yes"',
      'Precision and recall of "yes"',
      'Calibration (reliability diagram)',
    ]);
    expect(document.querySelectorAll('svg')).toHaveLength(4);
    const [, mistakes] = [...document.querySelectorAll('table')];
    const rows = [...(mistakes?.querySelectorAll('tbody tr') ?? [])].map((row) => row.children[0]?.textContent);
    const wrong = outcomes.filter(({ scores }) => scores.accuracy === 0).sort((a, b) => b.badness - a.badness);
    expect(rows).toEqual(wrong.slice(0, 25).map(({ id }) => id));
    expect(document.querySelector('h1')?.textContent).toBe('runs/<a>');
    expect(document.querySelectorAll('script, link, img, iframe')).toHaveLength(0);
    expect(html.match(/(?:src|href)=/g)).toBeNull();
    expect(html).toContain('&lt;script&gt;alert(&quot;&amp;&quot;)&lt;/script&gt;');
  });

  test('of a trained model has its curves; of many classes the hardest ones and the most frequent confusions', () => {
    const labels = Array.from({ length: 40 }, (_, i) => `class ${i}`);
    const listener = new HistoryListener();
    const step = { type: 'step', totalSteps: 5000, epoch: 1, gradientNorm: 1, tokens: 1, milliseconds: 1 } as const;
    for (let i = 1; i <= 5000; i++) {
      listener.listen({ ...step, step: i, loss: 3 / i, learningRate: 1e-4 });
    }
    for (const at of [2500, 5000]) {
      listener.listen({ type: 'evaluation', epoch: at / 2500, step: at, best: true, ...evaluation });
    }
    listener.listen({ type: 'end', steps: 5000, seconds: 90, loss: 1 });
    const { history } = listener;
    expect(history.loss.length).toBeLessThanOrEqual(2000);
    expect(history.loss[0]).toEqual({ step: 1, value: 3 });
    const settings = { learningRate: 1e-4 };
    const origin = {
      baseModel: 'models/mini',
      trainingData: 'train.tsv',
      date: '2026-11-29T08:05:00Z',
      version: '0.1.0',
    };
    const { document } = pageOf({ ...about, outcomes: classified(labels, 200), labels, history, settings, ...origin });
    expect(captions(document)).toEqual([
      ...['Training loss', 'accuracy', 'Learning rate'],
      'Calibration (reliability diagram)',
    ]);
    expect(document.body.textContent).toContain('Most frequent confusions');
    expect(document.body.textContent).toContain('trained from models/mini on train.tsv in 1 min 30 s');
    expect(document.body.textContent).toContain('2026-11-29 08:05, Multihead 0.1.0');
    expect([...document.querySelectorAll('details')].at(-1)?.textContent).toContain('learningRate');
  });

  test('of values has them by what they should be; of answers how good they are', () => {
    const examples = [1, 2, 3].map((label) => ({ text: 'x', label, line: label }));
    const values = examples.map(({ label }) => [{ label: 'LABEL_0', score: label + 0.5 }]);
    const outcomes = classificationOutcomes({ problemType: 'regression' }, values, examples);
    expect(captions(pageOf({ ...about, outcomes }).document)).toEqual(['Predicted and reference values']);
    const answers = [0, 0.5, 1].map((f1, i) => ({
      id: `q${i}`,
      text: 'Who?',
      textPair: 'c'.repeat(900),
      reference: ['a', 'b'],
      prediction: 'a',
      confidence: 0.5,
      scores: { exact_match: Math.floor(f1), f1 },
      isMistake: f1 < 1,
      badness: 1 - f1,
    }));
    const { document } = pageOf({ ...about, task: 'question-answering', outcomes: answers });
    expect(captions(document)).toEqual(['F1 of single examples']);
    const matrix = [
      [7, 1],
      [0, 3],
    ];
    const confused = { ...evaluation, confusion: { labels: ['O', 'PER'], matrix } };
    const ofWords = pageOf({ ...about, task: 'token-classification', outcomes: answers, evaluation: confused });
    expect(captions(ofWords.document)).toEqual(['F1 of single examples', 'Confusion matrix']);
    const labels = Array.from({ length: 31 }, (_, i) => `type ${i}`);
    const large = labels.map((_, i) => labels.map((_, j) => Number(i === 2 && j === 7) * 5));
    const ofMany = pageOf({
      ...about,
      outcomes: answers,
      evaluation: { ...evaluation, confusion: { labels, matrix: large } },
    });
    expect(ofMany.document.body.textContent).toContain('type 2type 75');
    const rows = [...document.querySelectorAll('tbody tr')];
    expect(rows).toHaveLength(2);
    expect(rows[0]?.textContent).toContain('a | b');
    expect(rows[0]?.textContent?.length).toBeLessThan(600);
  });

  test('says each number once, the order of mistakes, and shortens texts of a million characters', () => {
    const outcomes = classified(['no', 'yes'], 30).map((outcome) => ({ ...outcome, text: 'x'.repeat(1e6) }));
    const metrics = { accuracy: 0.5, micro_f1: 0.5, macro_f1: 0.4, log_loss: 0.7 };
    const { html, document } = pageOf({
      ...about,
      evaluation: { ...evaluation, metrics },
      mistakeOrder: 'the surest mistakes first',
      outcomes,
      labels: ['no', 'yes'],
    });
    const tiles = [...document.querySelectorAll('.tile span')].map(({ textContent }) => textContent);
    expect(tiles).toEqual(['accuracy', 'macro F1', 'log loss']);
    expect(document.body.textContent).toContain('the surest mistakes first');
    expect(html.length).toBeLessThan(200_000);
  });

  test('has the loss of evaluations beside that of training', () => {
    const listener = new HistoryListener();
    const step = { type: 'step', totalSteps: 4, epoch: 1, gradientNorm: 1, tokens: 1, milliseconds: 1 } as const;
    for (let i = 1; i <= 4; i++) listener.listen({ ...step, step: i, loss: 1 / i, learningRate: 2e-4 / i });
    const metrics = { accuracy: 0.5, log_loss: 0.25 };
    listener.listen({ type: 'evaluation', epoch: 1, step: 4, best: true, ...evaluation, metrics });
    const inputs = {
      ...about,
      outcomes: classified(['no', 'yes'], 4),
      labels: ['no', 'yes'],
      history: listener.history,
    };
    const { html, document } = pageOf(inputs);
    expect(captions(document)[0]).toBe('Training and evaluation loss');
    expect(html).toContain('evaluation at step 4: 0.2500');
    expect(html).toContain('>2e-4<'); // not 0.00020
  });
});

test.each([
  [0.42, '0.4 s'],
  [48.4, '48 s'],
  [90, '1 min 30 s'],
  [3599.7, '1 h'],
  [7500, '2 h 5 min'],
])('%d seconds are %s', (seconds, words) => {
  expect(spokenDuration(seconds)).toBe(words);
});
