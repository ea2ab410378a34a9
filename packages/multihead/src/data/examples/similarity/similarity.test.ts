/** @file Texts to compare, of all formats and under all names of columns. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  type BadRow,
  openSimilarityStream,
  readSimilarityExamples,
  type SimilarityExample,
  type SimilarityFileOptions,
  similarityForm,
} from '../../../index.js';
import { temporaryFolder } from '../../../testing/temporary-folder.js';

const folder = temporaryFolder();

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function all(path: string, options: SimilarityFileOptions): Promise<SimilarityExample[]> {
  const stream = await openSimilarityStream(path, options);
  const found: SimilarityExample[] = [];
  for await (const group of stream.examples()) found.push(...group);
  expect(found).toHaveLength(stream.length);
  return found;
}

const scored = [
  { texts: ['a man eats', 'someone eats'], label: 4.5 },
  { texts: ['a man, eats', 'the sky'], label: 0 },
];

describe('formats', () => {
  const csv = 'sentence1,sentence2,score\na man eats,someone eats,4.5\n"a man, eats",the sky,0\n';
  test.each<[string, string | Uint8Array, SimilarityFileOptions]>([
    ['scores.csv', csv, {}],
    ['packed.csv.gz', gzipSync(csv), {}],
    ['no-header.csv', csv.split('\n').slice(1).join('\n'), {}],
    ['other-order.csv', 'id,score,text_a,text_b\n1,4.5,a man eats,someone eats\n2,0,"a man, eats",the sky\n', {}],
    ['unknown-names.csv', csv.replace('sentence1,sentence2,score', 'eins,zwei,wert'), {}],
    ['tabs.tsv', 'similarity\tpremise\thypothesis\n4.5\ta man eats\tsomeone eats\n0\ta man, eats\tthe sky\n', {}],
    [
      'objects.jsonl',
      '{"question": "a man eats", "answer": "someone eats", "label": 4.5}\n{"question": "a man, eats", "answer": "the sky", "label": "0"}\n',
      {},
    ],
    [
      'named.json',
      '[{"x": "a man eats", "y": "someone eats", "n": 4.5}, {"x": "a man, eats", "y": "the sky", "n": 0}]',
      { columns: { texts: ['x', 'y'], label: 'n' } },
    ],
    ['by-number.csv', csv, { columns: { texts: [0, '1'], label: 2 } }],
  ])('%s', async (name, content, options) => {
    const path = file(name, content);
    const examples = await readSimilarityExamples(path, options);
    expect(examples.map(({ texts, label }) => ({ texts, label }))).toEqual(scored);
    expect(await all(path, options)).toEqual(examples);
  });

  test('triplets, with negatives in their order, and no labels', async () => {
    const path = file('triplets.csv', 'negative_1,anchor,positive,negative_2\nc,a,b,d\nf,d,e,g\n');
    expect((await readSimilarityExamples(path)).map(({ texts }) => texts)).toEqual([
      ['a', 'b', 'c', 'd'],
      ['d', 'e', 'f', 'g'],
    ]);
  });

  test.each<[string, readonly string[], number]>([
    ['query,passage,relevance', ['a', 'b'], 1],
    ['qid,query,pid,doc,is_selected', ['a', 'b'], 1],
    ['query,positive_passage,negative_passage', ['a', 'b', 'c'], Number.NaN],
    ['query,text,relevant', ['a', 'b'], 1],
  ])('names of MS MARCO and others: %s', async (header, texts, label) => {
    const names = header.split(',');
    const next = ['a', 'b', 'c'].values();
    const isLabel = (name: string) => /^(rel|is_)/.test(name);
    const cells = names.map((name) => (isLabel(name) ? '1' : name.endsWith('id') ? '7' : next.next().value));
    const found = await readSimilarityExamples(file('names.csv', `${header}\n${cells.join(',')}\n`));
    expect(found).toEqual([{ texts, line: 2, ...(Number.isNaN(label) ? {} : { label }) }]);
  });

  test.each(['1e400', '-1e400', 'Infinity', '', '-', 'NaN'])(
    'the score "%s" is refused on its own line',
    async (score) => {
      const path = file('infinite.csv', `sentence1,sentence2,score\na,b,1\nc,d,${score}\ne,f,0.5\n`);
      const message = `infinite.csv:3: the label "score" is "${score}"; a finite number or a name was expected`;
      await expect(readSimilarityExamples(path)).rejects.toThrow(message);
    },
  );

  test('labels are left out where they are not wanted', async () => {
    const path = file('unwanted.csv', 'premise,hypothesis,label\na,b,entailment\nc,d,neutral\n');
    expect(await readSimilarityExamples(path, { columns: { label: 'none' } })).toEqual([
      { texts: ['a', 'b'], line: 2 },
      { texts: ['c', 'd'], line: 3 },
    ]);
  });
});

describe('the form of examples', () => {
  test.each<[string, SimilarityExample[], object]>([
    ['pairs', [{ texts: ['a', 'b'] }], { texts: 2, labels: 'none', classes: [] }],
    ['triplets', [{ texts: ['a', 'b', 'c'] }], { texts: 3, labels: 'none' }],
    [
      'scores',
      [
        { texts: ['a', 'b'], label: -0.5 },
        { texts: ['a', 'b'], label: 3 },
      ],
      { labels: 'scores', range: [-0.5, 3] },
    ],
    [
      '0 and 1',
      [
        { texts: ['a', 'b'], label: 1 },
        { texts: ['a', 'b'], label: 0 },
      ],
      { labels: 'binary', classes: ['0', '1'] },
    ],
    [
      'names',
      [
        { texts: ['a', 'b'], label: 'neutral' },
        { texts: ['a', 'b'], label: 'entailment' },
      ],
      { labels: 'classes', classes: ['entailment', 'neutral'] },
    ],
  ])('%s', (_, examples, form) => {
    expect(similarityForm(examples)).toMatchObject(form);
  });
});

describe('refuses', () => {
  test.each<[string, string, RegExp, SimilarityFileOptions]>([
    [
      'a.csv',
      'sentence1,sentence2,score\na,,1\nb,c,2\n',
      /a\.csv:2: the text "sentence2" is empty; a text was expected/,
      {},
    ],
    ['b.csv', 'sentence1,sentence2,score\na,b,\nb,c,2\n', /b\.csv:2: the label "score" is "";/, {}],
    [
      'c.csv',
      'sentence1,sentence2,score\na,b,1\nb,c,high\n',
      /c\.csv, line 3: the label is "high", where those before are numbers/,
      {},
    ],
    ['single.csv', 'text\na\nb\n', /single\.csv: has a single column; examples are of two texts or more/, {}],
    ['d.jsonl', '{"query": "a", "positive": 7}\n', /d\.jsonl:1: the text "positive" is 7; a text was expected/, {}],
    [
      'e.csv',
      'question,category\nwhy,a\nhow,b\n',
      /e\.csv:1: this line looks like a header with names that are not known/,
      {},
    ],
    [
      'f.jsonl',
      '{"x": "a", "y": "b", "z": "c", "w": "d"}\n',
      /f\.jsonl: found no pair of texts by its usual names.* "x", "y", "z", "w"/,
      {},
    ],
    [
      'squad.json',
      '{"version": "1.1", "data": [{"title": "a", "paragraphs": []}]}',
      /squad\.json: no pairs of texts, but questions about contexts, .* question-answering; write each question/,
      {},
    ],
    [
      'g.csv',
      'anchor,positive\na,b\n',
      /g\.csv: no column "nothing" \(`texts`\). The columns are "anchor", "positive"/,
      { columns: { texts: ['anchor', 'nothing'] } },
    ],
    ['h.csv', 'anchor,positive\na,b\n', /`texts` names 1 column; give two or more/, { columns: { texts: ['anchor'] } }],
    [
      'i.csv',
      'anchor,positive\na,b\n',
      /"anchor" is named for two texts/,
      { columns: { texts: ['anchor', 'anchor'] } },
    ],
    ['j.csv', 'anchor,positive\n', /j\.csv: holds a header, but no examples/, {}],
  ])('%s', async (name, content, message, options) => {
    const path = file(name, content);
    await expect(readSimilarityExamples(path, options)).rejects.toThrow(message);
    await expect(openSimilarityStream(path, options)).rejects.toThrow(message);
  });

  test('or skips rows and tells of them, once', async () => {
    const path = file('skipped.csv', 'sentence1,sentence2,score\na,b,1\nb,,2\nc,d,3\n');
    const bad: BadRow[] = [];
    const stream = await openSimilarityStream(path, { onBadRow: (row) => bad.push(row) });
    const groups = [];
    for await (const group of stream.examples()) groups.push(...group);
    expect([stream.length, groups.length]).toEqual([2, 2]);
    expect(bad).toMatchObject([{ line: 3 }]);
  });
});

test('a share of the examples is held out, those of one first text together', async () => {
  const rows = Array.from({ length: 400 }, (_, i) => `question ${i % 150},answer ${i}\n`).join('');
  const path = file('many.csv', `query,answer\n${rows}`);
  const stream = await openSimilarityStream(path, { heldOut: { share: 0.25, seed: 1 } });
  const { evaluation = [] } = stream;
  const rest: SimilarityExample[] = [];
  for await (const group of stream.examples()) rest.push(...group);
  expect([rest.length, rest.length + evaluation.length]).toEqual([stream.length, 400]);
  const held = new Set(evaluation.map(({ texts }) => texts[0]));
  expect(rest.some(({ texts }) => held.has(texts[0]))).toBe(false);
});
