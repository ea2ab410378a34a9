/** @file A report as one page that needs nothing else: styles and charts are in it, and no script. */
import { precisionRecallCurve, rocCurve } from '../metrics/classification/curves.js';
import type { Outcome } from '../tasks/outcome.js';
import {
  confusionChart,
  histogram,
  lossChart,
  precisionRecallChart,
  reliabilityChart,
  rocChart,
  scatterChart,
  stepChart,
} from './charts.js';
import {
  charts,
  details,
  escapeHtml,
  figure,
  htmlPage,
  inWords,
  section,
  shortened,
  spokenDuration,
  table,
} from './html.js';
import type { ClassSummary, RunHistory, RunReport } from './run-report.js';

/** More classes than this make no confusion matrix that anybody can read; their most frequent confusions are listed. */
const readableClasses = 30;
const listedConfusions = 20;

/** Tiles at the head of the page; all metrics stand in report.json. */
const shownTiles = 6;

/**
 * Writes a report as HTML.
 *
 * @param outcomes all outcomes of the evaluation, of which curves and histograms are drawn
 * @example
 * const given = { task: 'text-classification', model: 'runs/sst2', data: 'dev.tsv' };
 * const outcomes = classificationOutcomes(task, await predictExamples(model, task, examples), examples);
 * const evaluation = await evaluateExamples(model, task, examples);
 * await writeFile('report.html', reportPage(runReport({ ...given, evaluation, outcomes }), outcomes));
 */
export function reportPage(report: RunReport, outcomes: readonly Outcome[]): string {
  const title = `${report.model} on ${report.data}`;
  const sections = [
    tiles(report),
    details('The scores as the terminal shows them', `<pre>${escapeHtml(report.summary)}</pre>`),
    report.history && section('Training', trainingCharts(report.history, report.mainMetric)),
    report.classes
      ? section('Classes', classCharts(report.classes, outcomes))
      : section('Predictions', predictionCharts(report, outcomes)),
    section('Mistakes', mistakesTable(report)),
    report.settings && section('Settings', settingsTable(report.settings)),
  ];
  return htmlPage({ title, heading: report.model, about: about(report), sections });
}

/** What the report is of: task, data, where the model comes from, when and with what it was made. */
function about({ task, data, examples, baseModel, trainingData, date, version, history }: RunReport): string[] {
  const training = [
    ...(baseModel === undefined ? [] : [`trained from ${baseModel}`]),
    ...(trainingData === undefined ? [] : [`on ${trainingData}`]),
    ...(history === undefined ? [] : [`in ${spokenDuration(history.seconds)}`]),
  ].join(' ');
  const when = [date?.slice(0, 16).replace('T', ' '), version && `Multihead ${version}`].filter(Boolean).join(', ');
  return [`${task}, evaluated on ${data} (${examples} examples)`, training, when].filter((line) => line !== '');
}

/** The main metric first. Of metrics that say the same, as accuracy and micro F1 of one label a text do, only the first. */
function tiles({ metrics, mainMetric }: RunReport): string {
  const ordered = Object.entries(metrics).sort(([a], [b]) => Number(b === mainMetric) - Number(a === mainMetric));
  const shown = ordered.map(([name, value]) => [name, Number.isFinite(value) ? value.toPrecision(4) : '–'] as const);
  const distinct = shown.filter(([, text], i) => shown.findIndex(([, other]) => other === text) === i);
  const each = distinct
    .slice(0, shownTiles)
    .map(
      ([name, text]) =>
        `<div class="tile${name === mainMetric ? ' main' : ''}"><b>${text}</b><span>${escapeHtml(inWords(name))}</span></div>`,
    );
  return `<div class="tiles">${each.join('')}</div>`;
}

/** The names under which evaluations have the loss that training lowers. */
const lossMetrics = ['loss', 'log_loss'];

function trainingCharts({ loss, learningRate, evaluations }: RunHistory, mainMetric: string): string {
  const metric = (name: string) =>
    evaluations.flatMap(({ step, metrics }) => {
      const value = metrics[name];
      return value === undefined ? [] : [{ step, value }];
    });
  const evaluationLoss = metric(lossMetrics.find((name) => metric(name).length > 0) ?? '');
  const values = lossMetrics.includes(mainMetric) ? [] : metric(mainMetric);
  const lossTitle = evaluationLoss.length > 0 ? 'Training and evaluation loss' : 'Training loss';
  return charts([
    ...(loss.length > 0 ? [figure(lossTitle, lossChart(loss, evaluationLoss))] : []),
    ...(values.length > 0 ? [figure(inWords(mainMetric), stepChart(inWords(mainMetric), values, { dots: true }))] : []),
    ...(learningRate.length > 0 ? [figure('Learning rate', stepChart('learning rate', learningRate))] : []),
  ]);
}

function classCharts(classes: ClassSummary, outcomes: readonly Outcome[]): string {
  const { labels, confusionMatrix, reliability } = classes;
  const figures =
    labels.length <= readableClasses ? [figure('Confusion matrix', confusionChart(labels, confusionMatrix))] : [];
  if (labels.length === 2) figures.push(...binaryCharts(labels[1] as string, outcomes));
  figures.push(figure('Calibration (reliability diagram)', reliabilityChart(reliability)));
  const confused = labels.length > readableClasses ? confusionsTable(labels, confusionMatrix) : '';
  return charts(figures) + classesTable(classes) + confused;
}

/** Precision, recall and F1 of each class; of very many, those with the lowest F1 are in sight. */
function classesTable({ scores }: ClassSummary): string {
  const rows = [...scores]
    .sort((a, b) => a.f1 - b.f1)
    .map(({ label, precision, recall, f1, support }) => [
      label,
      ...[precision, recall, f1].map((value) => value.toFixed(3)),
      String(support),
    ]);
  const head = ['class', 'precision', 'recall', 'F1', 'examples'];
  const ofNumbers = [1, 2, 3, 4];
  const first = `<p class="about">Lowest F1 first.</p>${table(head, rows.slice(0, readableClasses), ofNumbers)}`;
  const rest = rows.slice(readableClasses);
  return rest.length === 0 ? first : first + details(`${rest.length} more classes`, table(head, rest, ofNumbers));
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

function predictionCharts({ confusion }: RunReport, outcomes: readonly Outcome[]): string {
  const numbers = outcomes.filter(({ prediction }) => typeof prediction === 'number');
  if (numbers.length > 0) {
    const points = numbers.map(({ reference, prediction }) => ({
      reference: Number(reference),
      prediction: Number(prediction),
    }));
    return charts([figure('Predicted and reference values', scatterChart(points))]);
  }
  const f1 = outcomes.map(({ scores }) => scores.f1 ?? 0);
  const ofExamples = figure('F1 of single examples', histogram('F1', f1));
  if (!confusion) return charts([ofExamples]);
  const { labels, matrix } = confusion;
  const isReadable = labels.length <= readableClasses;
  return isReadable
    ? charts([ofExamples, figure('Confusion matrix', confusionChart(labels, matrix))])
    : charts([ofExamples]) + confusionsTable(labels, matrix);
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

function mistakesTable({ worstMistakes, mistakes, mistakeOrder }: RunReport): string {
  if (worstMistakes.length === 0) return '<p>There are none.</p>';
  const rows = worstMistakes.map(({ id, text, textPair, reference, prediction, confidence }) => [
    ...[id, [text, ...(textPair === undefined ? [] : [textPair])].map((each) => shortened(each)).join('\n— ')],
    ...[inText(reference), inText(prediction), confidence === undefined ? '' : `${(100 * confidence).toFixed(1)} %`],
  ]);
  const count =
    mistakes > worstMistakes.length ? `The first ${worstMistakes.length} of ${mistakes}` : `All ${mistakes}`;
  const order = `<p class="about">${escapeHtml(`${count}, ${mistakeOrder}.`)}</p>`;
  return order + table(['example', 'text', 'reference', 'prediction', 'confidence'], rows, [4]);
}

const inText = (value: Outcome['reference']): string => {
  if (typeof value === 'number') return value.toPrecision(4);
  return shortened(typeof value === 'string' ? value : value.join(' | '));
};

function settingsTable(settings: Readonly<Record<string, unknown>>): string {
  const rows = Object.entries(settings).map(([name, value]) => [name, shortened(JSON.stringify(value) ?? '')]);
  return details('All settings of the run', table(['setting', 'value'], rows));
}
