/** @file A page and its pieces: escaped text, sections, figures, tables. */
import { pageStyle } from './page-style.js';

const named: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as HTML has it. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => named[character] as string);

/** A page that needs nothing else: its styles are in it. Sections that are empty are left out. */
export const htmlPage = ({ title, heading, about, sections }: PageParts): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${pageStyle}</style>
</head>
<body>
<h1>${escapeHtml(heading)}</h1>
<p class="about">${about.map(escapeHtml).join('<br>')}</p>
${sections.filter(Boolean).join('\n')}
</body>
</html>
`;

/** What a page is made of: title, heading and lines below it as text, sections as HTML. */
interface PageParts {
  readonly title: string;
  readonly heading: string;
  readonly about: readonly string[];
  readonly sections: readonly (string | undefined)[];
}

/** A section with its heading; empty where its body is. */
export const section = (title: string, body: string): string =>
  body === '' ? '' : `<section>\n<h2>${escapeHtml(title)}</h2>\n${body}\n</section>`;

/** A chart with its caption. */
export const figure = (title: string, svg: string): string =>
  `<figure><figcaption>${escapeHtml(title)}</figcaption>${svg}</figure>`;

/** Charts side by side. */
export const charts = (figures: readonly string[]): string =>
  figures.length === 0 ? '' : `<div class="charts">${figures.join('\n')}</div>`;

/** What is shown on request only. */
export const details = (summary: string, body: string): string =>
  `<details><summary>${escapeHtml(summary)}</summary>${body}</details>`;

/**
 * A table. On a narrow screen its rows become blocks in which each cell has its heading before it.
 *
 * @param numeric the columns of numbers, which are aligned to the right
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numeric: readonly number[] = [],
): string {
  const ofNumbers = (i: number) => (numeric.includes(i) ? ' class="number"' : '');
  const th = (text: string, i: number) => `<th${ofNumbers(i)}>${escapeHtml(text)}</th>`;
  const td = (text: string, i: number) =>
    `<td${ofNumbers(i)} data-label="${escapeHtml(head[i] as string)}">${escapeHtml(text).replaceAll('\n', '<br>')}</td>`;
  const body = rows.map((row) => `<tr>${row.map(td).join('')}</tr>`).join('\n');
  return `<table><thead><tr>${head.map(th).join('')}</tr></thead><tbody>\n${body}\n</tbody></table>`;
}

/** The beginning of a text that may be pages long. */
export const shortened = (text: string, length = 400): string =>
  text.length > length ? `${text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '')} …` : text;

/** Seconds as people say them: 48 s, 1 min 30 s, 2 h 5 min. */
export function spokenDuration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${seconds < 10 ? Number(seconds.toFixed(1)) : whole} s`;
  if (whole < 3600)
    return [`${Math.floor(whole / 60)} min`, whole % 60 > 0 && `${whole % 60} s`].filter(Boolean).join(' ');
  const minutes = Math.round(whole / 60);
  return [`${Math.floor(minutes / 60)} h`, minutes % 60 > 0 && `${minutes % 60} min`].filter(Boolean).join(' ');
}

const capitals: Readonly<Record<string, string>> = {
  f1: 'F1',
  roc: 'ROC',
  auc: 'AUC',
  mae: 'MAE',
  rmse: 'RMSE',
  mse: 'MSE',
};

/** A metric's name in words: macro_f1 is macro F1. */
export const inWords = (name: string): string =>
  name
    .split('_')
    .map((word) => capitals[word] ?? word)
    .join(' ');
