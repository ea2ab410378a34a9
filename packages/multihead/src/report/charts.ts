/** @file The charts of a report, as SVG texts: drawn by Observable Plot, in Node as in a browser. */
import * as Plot from '@observablehq/plot';
import type { ReliabilityBin } from '../metrics/classification/calibration.js';
import type { PrecisionRecallPoint, RocPoint } from '../metrics/classification/curves.js';
import { blue, draw, grey, orange, tick } from './draw.js';

/** A number at a step of a run. */
export interface StepValue {
  readonly step: number;
  readonly value: number;
}

/** Steps from 0 on, so that charts of a run stand under each other; whole numbers. */
const steps = (...series: readonly (readonly StepValue[])[]): Plot.ScaleOptions => ({
  label: 'step',
  domain: [0, Math.max(1, ...series.map((points) => points.at(-1)?.step ?? 0))],
  tickFormat: (step: number) => (Number.isInteger(step) ? step.toLocaleString('en') : ''),
});

/** The loss of each step, faint, and its mean over the steps around it; and that of the evaluations, dashed. */
export function lossChart(points: readonly StepValue[], evaluations: readonly StepValue[] = []): string {
  const window = Math.max(1, Math.round(points.length / 40));
  const line = { x: 'step', y: 'value' };
  const title = (point: StepValue) => `evaluation at step ${point.step}: ${point.value.toPrecision(4)}`;
  const name = (text: string, at: StepValue | undefined, fill: string, dy: number) =>
    at ? [Plot.text([at], { ...line, text: () => text, fill, textAnchor: 'end', dy, stroke: 'white' })] : [];
  const isShown = evaluations.length > 0;
  return draw(isShown ? 'Training and evaluation loss by step' : 'Training loss by step', {
    grid: true,
    x: steps(points, evaluations),
    y: { label: 'loss', zero: false, tickFormat: tick },
    marks: [
      Plot.lineY(points, { ...line, stroke: blue, strokeOpacity: 0.25 }),
      Plot.lineY(points, Plot.windowY({ k: window, strict: false }, { ...line, stroke: blue, strokeWidth: 2 })),
      ...(isShown
        ? [
            Plot.lineY(evaluations, { ...line, stroke: orange, strokeWidth: 2, strokeDasharray: '5 3' }),
            Plot.dot(evaluations, { ...line, fill: orange, title }),
            ...name('evaluation', evaluations.at(-1), orange, -10),
            ...name('training', points.at(-1), blue, 12),
          ]
        : []),
    ],
  });
}

/** A value by step, such as the learning rate. */
export function stepChart(label: string, points: readonly StepValue[], { dots = false } = {}): string {
  const line = { x: 'step', y: 'value' };
  const title = (point: StepValue) => `step ${point.step}: ${point.value.toPrecision(4)}`;
  return draw(`${label} by step`, {
    grid: true,
    x: steps(points),
    y: { label, zero: false, tickFormat: tick },
    marks: [
      Plot.lineY(points, { ...line, stroke: blue, strokeWidth: 2 }),
      ...(dots ? [Plot.dot(points, { ...line, fill: blue, title })] : []),
    ],
  });
}

/** How often each class was taken for each: rows are what should have been, columns what was predicted. */
export function confusionChart(labels: readonly string[], matrix: readonly (readonly number[])[]): string {
  const cells = matrix.flatMap((row, i) => {
    const total = row.reduce((a, b) => a + b, 0);
    return row.map((count, j) => ({
      reference: labels[i] as string,
      prediction: labels[j] as string,
      count,
      share: total === 0 ? 0 : count / total,
    }));
  });
  const longest = Math.max(...labels.map(({ length }) => length));
  const side = Math.min(760, Math.max(300, 44 * labels.length));
  const margin = Math.min(220, 24 + 6.2 * longest);
  const place = { x: 'prediction', y: 'reference' };
  const title = (cell: (typeof cells)[number]) =>
    `${cell.reference} taken for ${cell.prediction}: ${cell.count} (${(100 * cell.share).toFixed(1)} %)`;
  return draw('Confusion matrix', {
    width: side + margin,
    height: side + margin,
    marginLeft: margin,
    marginBottom: margin,
    x: { domain: labels, label: 'predicted', tickRotate: -45 },
    y: { domain: labels, label: 'reference' },
    color: { scheme: 'blues', domain: [0, 1] },
    marks: [
      Plot.cell(cells, { ...place, fill: 'share', inset: 0.5, title }),
      Plot.text(
        cells.filter(({ count }) => count > 0),
        { ...place, text: 'count', fill: (cell: (typeof cells)[number]) => (cell.share > 0.5 ? 'white' : 'black') },
      ),
    ],
  });
}

/** Accuracy by confidence; the diagonal is a perfectly calibrated model. */
export function reliabilityChart(bins: readonly ReliabilityBin[]): string {
  const largest = Math.max(...bins.map(({ count }) => count));
  const title = (bin: ReliabilityBin) =>
    `${bin.count} examples, mean confidence ${(100 * bin.confidence).toFixed(1)} %, accuracy ${(100 * bin.accuracy).toFixed(1)} %`;
  return draw('Reliability', {
    grid: true,
    x: { label: 'confidence', domain: [0, 1] },
    y: { label: 'accuracy', domain: [0, 1] },
    marks: [
      diagonal,
      Plot.line(bins, { x: 'confidence', y: 'accuracy', stroke: blue }),
      Plot.dot(bins, {
        x: 'confidence',
        y: 'accuracy',
        fill: blue,
        title,
        r: (bin: ReliabilityBin) => 3 + 7 * Math.sqrt(bin.count / largest),
      }),
    ],
  });
}

const diagonal = Plot.line(
  [
    [0, 0],
    [1, 1],
  ],
  { stroke: grey, strokeDasharray: '4 3' },
);

/** The ROC curve. */
export function rocChart(points: readonly RocPoint[]): string {
  return draw('ROC curve', {
    grid: true,
    x: { label: 'false positive rate', domain: [0, 1] },
    y: { label: 'true positive rate', domain: [0, 1] },
    marks: [
      diagonal,
      Plot.line(points, { x: 'falsePositiveRate', y: 'truePositiveRate', stroke: blue, strokeWidth: 2 }),
    ],
  });
}

/** Precision by recall. */
export function precisionRecallChart(points: readonly PrecisionRecallPoint[]): string {
  return draw('Precision and recall', {
    grid: true,
    x: { label: 'recall', domain: [0, 1] },
    y: { label: 'precision', domain: [0, 1] },
    marks: [Plot.line(points, { x: 'recall', y: 'precision', stroke: blue, strokeWidth: 2 })],
  });
}

/** Predicted values by what they should have been. */
export function scatterChart(points: readonly { readonly reference: number; readonly prediction: number }[]): string {
  const values = points.flatMap(({ reference, prediction }) => [reference, prediction]);
  const domain = [Math.min(...values), Math.max(...values)];
  return draw('Predicted and reference values', {
    grid: true,
    x: { label: 'reference', domain },
    y: { label: 'predicted', domain },
    marks: [
      Plot.line([domain, domain].map(([low, high], i) => (i === 0 ? [low, low] : [high, high])) as [number, number][], {
        stroke: grey,
        strokeDasharray: '4 3',
      }),
      Plot.dot(points, { x: 'reference', y: 'prediction', fill: blue, fillOpacity: 0.4, r: 2.5 }),
    ],
  });
}

/** How many examples have each score, in tenths. */
export function histogram(label: string, values: readonly number[]): string {
  const bars = Array.from({ length: 10 }, (_, i) => ({ from: i / 10, to: (i + 1) / 10, count: 0 }));
  for (const value of values) (bars[Math.min(9, Math.floor(value * 10))] as (typeof bars)[number]).count++;
  return draw(label, {
    grid: true,
    x: { label, domain: [0, 1] },
    y: { label: 'examples' },
    marks: [Plot.rectY(bars, { x1: 'from', x2: 'to', y: 'count', fill: blue, inset: 1 }), Plot.ruleY([0])],
  });
}
