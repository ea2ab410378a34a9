/** @file The charts of a search's report, as SVG texts. */
import * as Plot from '@observablehq/plot';
import type { Distribution, ParamValue } from '../search/space/distribution.js';
import type { TrialRecord } from '../search/trial-record.js';
import { blue, draw, grey, orange, tick } from './draw.js';

/** A trial with the value of one objective. */
export interface Judged {
  readonly number: number;
  readonly value: number;
  readonly trial: TrialRecord;
}

const whole = (value: number): string => (Number.isInteger(value) ? value.toLocaleString('en') : '');

/** What a mark tells of a trial when it is pointed at. */
const titleOf = ({ number, value, trial }: Judged): string => {
  const params = Object.entries(trial.params).map(([name, param]) => `${name} ${shown(param)}`);
  return [`trial ${number}: ${tick(value)}`, ...params].join('\n');
};

const shown = (value: ParamValue): string => (typeof value === 'number' ? tick(value) : String(value));

/** The value of each trial, and the best one so far. */
export function historyChart(judged: readonly Judged[], metric: string, isMaximized: boolean): string {
  let best: number | undefined;
  const line = judged.map(({ number, value }) => {
    if (best === undefined || (isMaximized ? value > best : value < best)) best = value;
    return { number, value: best };
  });
  const place = { x: 'number', y: 'value' };
  return draw(`${metric} of each trial`, {
    grid: true,
    x: { label: 'trial', tickFormat: whole },
    y: { label: metric, zero: false, tickFormat: tick },
    marks: [
      Plot.lineY(line, { ...place, stroke: orange, strokeWidth: 2, curve: 'step-after' }),
      Plot.dot(judged, { ...place, fill: blue, fillOpacity: 0.7, r: 3, title: titleOf }),
    ],
  });
}

/** How much each parameter matters. */
export function importanceChart(importance: Readonly<Record<string, number>>): string {
  const bars = Object.entries(importance).map(([name, value]) => ({ name, value }));
  const longest = Math.max(...bars.map(({ name }) => name.length));
  return draw('Importance of each parameter', {
    height: 60 + 28 * bars.length,
    marginLeft: Math.min(220, 16 + 6.5 * longest),
    marginRight: 44,
    x: { label: 'part of the importance', domain: [0, Math.max(...bars.map(({ value }) => value))], tickFormat: tick },
    y: { label: null, domain: bars.map(({ name }) => name) },
    marks: [
      Plot.barX(bars, { x: 'value', y: 'name', fill: blue }),
      Plot.text(bars, { x: 'value', y: 'name', text: ({ value }) => value.toFixed(2), dx: 4, textAnchor: 'start' }),
    ],
  });
}

/** The values of trials by a parameter's; later trials are darker. */
export function sliceChart(
  judged: readonly Judged[],
  metric: string,
  name: string,
  distribution: Distribution,
): string {
  const points = judged.filter(({ trial }) => Object.hasOwn(trial.params, name));
  const isChoice = distribution.type === 'categorical';
  const x = isChoice
    ? { label: name, domain: distribution.choices.map(String), type: 'point' as const, padding: 0.5 }
    : {
        label: name,
        type: distribution.log ? ('log' as const) : ('linear' as const),
        domain: [distribution.low, distribution.high],
      };
  const at = ({ trial }: Judged) => (isChoice ? String(trial.params[name]) : trial.params[name]);
  return draw(`${metric} by ${name}`, {
    grid: true,
    x: isChoice ? x : { ...x, tickFormat: distribution.log ? logTick : tick, ticks: 5 },
    y: { label: metric, zero: false, tickFormat: tick },
    color: {
      scheme: 'blues',
      domain: [
        -Math.max(...judged.map(({ number }) => number), 1) / 2,
        Math.max(...judged.map(({ number }) => number), 1),
      ],
    },
    marks: [
      Plot.dot(points, { x: at, y: 'value', fill: 'number', stroke: grey, strokeOpacity: 0.4, r: 4, title: titleOf }),
    ],
  });
}

/** Powers of ten, and what stands between them without a label. */
const logTick = (value: number): string => (Number.isInteger(Math.log10(value)) || value >= 1 ? tick(value) : '');

/** Each trial as a line through its values of all parameters; good ones are dark. */
export function parallelChart(
  judged: readonly Judged[],
  metric: string,
  distributions: Readonly<Record<string, Distribution>>,
  isMaximized: boolean,
): string {
  const names = Object.keys(distributions);
  const ordered = judged.toSorted((a, b) => (isMaximized ? a.value - b.value : b.value - a.value));
  const points = ordered.flatMap((one, rank) =>
    names
      .filter((name) => Object.hasOwn(one.trial.params, name))
      .map((name) => {
        const y = heightOf(distributions[name] as Distribution, one.trial.params[name] as ParamValue);
        return { name, y, rank, number: one.number, title: titleOf(one) };
      }),
  );
  const ends = names.flatMap((name) => {
    const distribution = distributions[name] as Distribution;
    const values = distribution.type === 'categorical' ? distribution.choices : [distribution.low, distribution.high];
    return values.map((value) => ({ name, y: heightOf(distribution, value), text: shown(value) }));
  });
  return draw(`Parameters of each trial, the best ${metric} darkest`, {
    width: Math.max(480, 130 * names.length),
    height: 340,
    marginLeft: 60,
    marginRight: 60,
    x: { label: null, domain: names, type: 'point' },
    y: { axis: null, domain: [-0.04, 1.04] },
    color: { scheme: 'blues', domain: [-judged.length / 3, judged.length] },
    marks: [
      Plot.ruleX(names, { stroke: grey, strokeOpacity: 0.5 }),
      Plot.line(points, { x: 'name', y: 'y', z: 'number', stroke: 'rank', strokeOpacity: 0.8, title: 'title' }),
      Plot.text(ends, { x: 'name', y: 'y', text: 'text', dx: 5, textAnchor: 'start', fill: '#444', stroke: 'white' }),
    ],
  });
}

/** Where a value stands on its parameter's axis, from 0 to 1. */
function heightOf(distribution: Distribution, value: ParamValue): number {
  if (distribution.type === 'categorical') {
    const { choices } = distribution;
    return choices.length === 1 ? 0.5 : choices.indexOf(value) / (choices.length - 1);
  }
  const { low, high, log } = distribution;
  const place = log ? Math.log : (number: number) => number;
  return high === low ? 0.5 : (place(value as number) - place(low)) / (place(high) - place(low));
}

/** What trials reported on their way; pruned ones are dashed. */
export function intermediateChart(trials: readonly TrialRecord[], metric: string): string {
  const points = trials.flatMap((trial) =>
    [...trial.intermediateValues]
      .filter(([, value]) => Number.isFinite(value))
      .sort(([a], [b]) => a - b)
      .map(([step, value]) => ({ step, value, number: trial.number, isPruned: trial.state === 'pruned' })),
  );
  const place = { x: 'step', y: 'value', z: 'number' };
  const title = ({ number, step, value }: (typeof points)[number]) => `trial ${number}, report ${step}: ${tick(value)}`;
  return draw(`${metric} as reported by each trial`, {
    grid: true,
    x: { label: 'report', tickFormat: whole },
    y: { label: metric, zero: false, tickFormat: tick },
    marks: [
      Plot.line(
        points.filter(({ isPruned }) => isPruned),
        { ...place, stroke: grey, strokeOpacity: 0.6, strokeDasharray: '4 3' },
      ),
      Plot.line(
        points.filter(({ isPruned }) => !isPruned),
        { ...place, stroke: blue, strokeOpacity: 0.6 },
      ),
      Plot.dot(points, {
        x: 'step',
        y: 'value',
        r: 2,
        fill: (point: (typeof points)[number]) => (point.isPruned ? grey : blue),
        title,
      }),
    ],
  });
}

/** Two objectives against each other, and those that no other trial is better than in both. */
export function frontChart(
  points: readonly { readonly number: number; readonly values: readonly number[]; readonly isBest: boolean }[],
  metrics: readonly [string, string],
): string {
  const place = {
    x: ({ values }: (typeof points)[number]) => values[0] as number,
    y: ({ values }: (typeof points)[number]) => values[1] as number,
  };
  return draw(`${metrics[1]} by ${metrics[0]}`, {
    grid: true,
    x: { label: metrics[0], zero: false, tickFormat: tick },
    y: { label: metrics[1], zero: false, tickFormat: tick },
    marks: [
      Plot.dot(points, {
        ...place,
        r: 4,
        title: ({ number }: (typeof points)[number]) => `trial ${number}`,
        fill: ({ isBest }: (typeof points)[number]) => (isBest ? orange : blue),
      }),
    ],
  });
}
