/** @file How charts are drawn. Apart from them, so that their declarations need no types of Observable Plot, which need those of d3. */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

/** Colors of charts. */
export const blue = '#4269d0';
/** See {@link blue}. */
export const orange = '#c05a12';
/** See {@link blue}. */
export const grey = '#888';
const size = { width: 480, height: 300, marginLeft: 56, marginBottom: 40 };

/** A chart's SVG; it is given a title that screen readers tell. */
export function draw(title: string, options: Plot.PlotOptions): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const chart = Plot.plot({ document, ...size, ariaLabel: title, ...options });
  return chart.outerHTML;
}

/** Numbers as a person would write them: 0.05, 1.5, 2e-4. */
export const tick = (value: number): string =>
  value !== 0 && Math.abs(value) < 1e-3
    ? Number(value.toPrecision(3)).toExponential()
    : String(Number(value.toPrecision(6)));
