/** @file Collections of questions and texts: those that retrieval is measured on, and those that it is trained on. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PositivePair } from 'multihead/vectors';

/** Questions, texts, and which text answers which question. */
export interface Retrieval {
  readonly name: string;
  readonly queries: readonly string[];
  readonly texts: readonly string[];
  /** The number of each question's text. */
  readonly answers: readonly number[];
}

/** What retrieval is measured on, of a data folder: nothing is trained on it. */
export const measured = (data: string): readonly Retrieval[] => [xquad(data), covidFaq(data)];

/** Questions with the contexts that answer them, of a file in SQuAD's format, in the order of the file. */
export const squadPairs = (file: string): PositivePair[] =>
  paragraphsOf(file).flatMap(({ context, qas }) =>
    qas.map(({ question }) => ({ anchor: question, positive: context })),
  );

interface Squad {
  readonly data: readonly {
    readonly paragraphs: readonly { context: string; qas: readonly { question: string }[] }[];
  }[];
}

const paragraphsOf = (file: string) =>
  (JSON.parse(readFileSync(file, 'utf8')) as Squad).data.flatMap((article) => article.paragraphs);

function xquad(data: string): Retrieval {
  const paragraphs = paragraphsOf(join(data, 'xquad/xquad.en.json'));
  return {
    name: 'XQuAD English',
    queries: paragraphs.flatMap(({ qas }) => qas.map(({ question }) => question)),
    texts: paragraphs.map(({ context }) => context),
    answers: paragraphs.flatMap(({ qas }, i) => qas.map(() => i)),
  };
}

function covidFaq(data: string): Retrieval {
  const rows = csvRows(readFileSync(join(data, 'covid-qa/faq_covidbert.csv'), 'utf8'));
  const [header = [], ...examples] = rows;
  const column = (name: string) => examples.map((row) => row[header.indexOf(name)] ?? '');
  return {
    name: 'COVID FAQ',
    queries: column('question'),
    texts: column('answer'),
    answers: examples.map((_, i) => i),
  };
}

/** Rows of a CSV file, with quotes. */
export function csvRows(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    rows.at(-1)?.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end !== ',') rows.push([]);
  }
  return rows.filter((row) => row.length > 1);
}
