/** @file A report as one page that needs nothing else: styles and charts are in it, and no script. */
import { precisionRecallCurve, rocCurve } from '../metrics/curves.js';
import {
  barChart,
  confusionChart,
  histogram,
  lossChart,
  precisionRecallChart,
  reliabilityChart,
  rocChart,
  scatterChart,
  stepChart,
} from './charts.js';
import type { Outcome } from './outcome.js';
import type { ClassSummary, RunHistory, RunReport } from './run-report.js';

/** More classes than this make no confusion matrix that anybody can read; their most frequent confusions are listed. */
const readableClasses = 30;
const listedConfusions = 20;

/**
 * Writes a report as HTML.
 *
 * @param outcomes all outcomes of the evaluation, of which curves and histograms are drawn
 */
export function reportPage(report: RunReport, outcomes: readonly Outcome[]): string {
  const title = `${report.model} on ${report.data}`;
  const sections = [
    tiles(report),
    section('Scores', `<pre>${escapeHtml(report.summary)}</pre>`),
    report.history && section('Training', trainingCharts(report.history, report.mainMetric)),
    report.classes && section('Classes', classCharts(report.classes, outcomes)),
    !report.classes && section('Predictions', predictionCharts(outcomes)),
    section('Worst mistakes', mistakesTable(report.worstMistakes)),
    report.settings && section('Settings', settingsTable(report.settings)),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escapeHtml(report.model)}</h1>
<p class="about">${escapeHtml(report.task)} · evaluated on ${escapeHtml(report.data)}, ${report.examples} examples</p>
${sections.filter(Boolean).join('\n')}
</body>
</html>
`;
}

const style = `
:root { color-scheme: light; --line: #ddd; --soft: #666; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 1080px; margin: 2rem auto; padding: 0 1rem; color: #222; background: #fff; }
h1 { font-size: 1.6rem; margin: 0; overflow-wrap: anywhere; } h2 { font-size: 1.15rem; margin: 2.2rem 0 .8rem; border-bottom: 1px solid var(--line); }
.about { color: var(--soft); margin: .2rem 0 1.2rem; }
.tiles { display: flex; flex-wrap: wrap; gap: .8rem; } .tile { border: 1px solid var(--line); border-radius: 8px; padding: .6rem 1rem; min-width: 7rem; }
.tile b { display: block; font-size: 1.5rem; font-variant-numeric: tabular-nums; } .tile.main { background: #eef2fc; border-color: #b9c8f0; } .tile span { color: var(--soft); font-size: .85rem; }
.charts { display: flex; flex-wrap: wrap; gap: 1.2rem; align-items: flex-start; } .charts figure { margin: 0; max-width: 100%; overflow-x: auto; } figcaption { font-weight: 600; font-size: .9rem; }
pre { overflow-x: auto; font-size: 13px; background: #f7f7f8; padding: .8rem; border-radius: 6px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; } th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; } th { color: var(--soft); font-weight: 600; white-space: nowrap; } details summary { cursor: pointer; color: var(--soft); }
`;

const named: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => named[character] as string);
const section = (title: string, body: string): string => `<section>\n<h2>${title}</h2>\n${body}\n</section>`;
const figure = (title: string, svg: string): string =>
  `<figure><figcaption>${escapeHtml(title)}</figcaption>${svg}</figure>`;
const charts = (figures: readonly string[]): string => `<div class="charts">${figures.join('\n')}</div>`;
const inWords = (name: string): string => name.replaceAll('_', ' ');

function tiles({ metrics, mainMetric }: RunReport): string {
  const ordered = Object.entries(metrics).sort(([a], [b]) => Number(b === mainMetric) - Number(a === mainMetric));
  const each = ordered.map(
    ([name, value]) =>
      `<div class="tile${name === mainMetric ? ' main' : ''}"><b>${Number.isFinite(value) ? value.toPrecision(4) : '–'}</b>` +
      `<span>${escapeHtml(inWords(name))}</span></div>`,
  );
  return `<div class="tiles">${each.join('')}</div>`;
}

function trainingCharts({ loss, learningRate, evaluations, seconds }: RunHistory, mainMetric: string): string {
  const values = evaluations.map(({ step, metrics }) => ({ step, value: metrics[mainMetric] as number }));
  const time = `<p class="about">${(seconds / 60).toFixed(1)} minutes of training</p>`;
  return (
    time +
    charts([
      ...(loss.length > 0 ? [figure('Training loss', lossChart(loss))] : []),
      ...(values.length > 0
        ? [figure(inWords(mainMetric), stepChart(inWords(mainMetric), values, { dots: true }))]
        : []),
      ...(learningRate.length > 0 ? [figure('Learning rate', stepChart('learning rate', learningRate))] : []),
    ])
  );
}

function classCharts({ labels, confusionMatrix, f1, reliability }: ClassSummary, outcomes: readonly Outcome[]): string {
  const figures =
    labels.length <= readableClasses ? [figure('Confusion matrix', confusionChart(labels, confusionMatrix))] : [];
  if (labels.length === 2) figures.push(...binaryCharts(labels[1] as string, outcomes));
  figures.push(figure('How sure, and how often right', reliabilityChart(reliability)));
  if (labels.length > 2) {
    const hardest = [...f1].sort((a, b) => a.value - b.value).slice(0, readableClasses);
    figures.push(
      figure(labels.length > readableClasses ? 'F1 of the hardest classes' : 'F1 by class', barChart('F1', hardest)),
    );
  }
  const confused = labels.length > readableClasses ? confusionsTable(labels, confusionMatrix) : '';
  return charts(figures) + confused;
}

/** Curves of the second class, where both classes occur. */
function binaryCharts(positive: string, outcomes: readonly Outcome[]): string[] {
  const isPositive = outcomes.map(({ reference }) => reference === positive);
  if (!isPositive.includes(true) || !isPositive.includes(false)) return [];
  const scores = outcomes.map(({ probabilities }) => probabilities?.[positive] ?? 0);
  return [
    figure(`ROC curve of "${positive}"`, rocChart(rocCurve(isPositive, scores))),
    figure(`Precision and recall of "${positive}"`, precisionRecallChart(precisionRecallCurve(isPositive, scores))),
  ];
}

function predictionCharts(outcomes: readonly Outcome[]): string {
  const numbers = outcomes.filter(({ prediction }) => typeof prediction === 'number');
  if (numbers.length > 0) {
    const points = numbers.map(({ reference, prediction }) => ({
      reference: Number(reference),
      prediction: Number(prediction),
    }));
    return charts([figure('Predicted and reference values', scatterChart(points))]);
  }
  const f1 = outcomes.map(({ scores }) => scores.f1 ?? 0);
  return charts([figure('F1 of single examples', histogram('F1', f1))]);
}

function confusionsTable(labels: readonly string[], matrix: readonly (readonly number[])[]): string {
  const pairs = matrix.flatMap((row, i) => row.map((count, j) => ({ i, j, count }))).filter(({ i, j }) => i !== j);
  const frequent = pairs
    .sort((a, b) => b.count - a.count)
    .slice(0, listedConfusions)
    .filter(({ count }) => count > 0);
  const rows = frequent.map(({ i, j, count }) => [labels[i] as string, labels[j] as string, String(count)]);
  return `<h3>Most frequent confusions</h3>${table(['reference', 'taken for', 'times'], rows, [2])}`;
}

function mistakesTable(mistakes: readonly Outcome[]): string {
  if (mistakes.length === 0) return '<p>There are none.</p>';
  const rows = mistakes.map(({ id, text, textPair, reference, prediction, confidence }) => [
    ...[id, [text, ...(textPair === undefined ? [] : [shortened(textPair)])].join('\n⸺ ')],
    ...[inText(reference), inText(prediction), confidence === undefined ? '' : `${(100 * confidence).toFixed(1)} %`],
  ]);
  return table(['example', 'text', 'reference', 'prediction', 'confidence'], rows, [4]);
}

const inText = (value: Outcome['reference']): string => {
  if (typeof value === 'number') return value.toPrecision(4);
  return typeof value === 'string' ? value : value.join(' | ');
};

/** Contexts may be pages long. */
const shortened = (text: string): string => (text.length > 400 ? `${text.slice(0, 400)} …` : text);

function settingsTable(settings: Readonly<Record<string, unknown>>): string {
  const rows = Object.entries(settings).map(([name, value]) => [name, JSON.stringify(value) ?? '']);
  return `<details><summary>All settings of the run</summary>${table(['setting', 'value'], rows)}</details>`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[], numeric: readonly number[] = []): string {
  const cell = (tag: 'th' | 'td') => (text: string, i: number) =>
    `<${tag}${numeric.includes(i) ? ' class="number"' : ''}>${escapeHtml(text).replaceAll('\n', '<br>')}</${tag}>`;
  const body = rows.map((row) => `<tr>${row.map(cell('td')).join('')}</tr>`).join('\n');
  return `<table><thead><tr>${head.map(cell('th')).join('')}</tr></thead><tbody>\n${body}\n</tbody></table>`;
}
