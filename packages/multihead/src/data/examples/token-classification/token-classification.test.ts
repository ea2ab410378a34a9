/** @file Sentences with tags of all formats. The Parquet file is from bench/peers/token_classification_fixtures.py. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { BadRow } from '../../streams/bad-rows.js';
import { ConllRows } from '../../tables/conll.js';
import { readTokenClassificationData, readTokenClassificationExamples } from './token-classification.js';
import { openTokenClassificationStream, type TokenClassificationStream } from './token-classification-stream.js';
import type { TokenClassificationFileOptions } from './token-examples.js';

const parquet = fileURLToPath(new URL('../../../../fixtures/token-classification/entities.parquet', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tokens-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function all(stream: TokenClassificationStream) {
  const found = [];
  for await (const group of stream.examples()) found.push(...group);
  return found;
}

/** Sentences without their lines. */
const read = async (name: string, content: string | Uint8Array, options: TokenClassificationFileOptions = {}) =>
  (await readTokenClassificationExamples(file(name, content), options)).map(({ tokens, tags }) => ({ tokens, tags }));

const sentences = [
  { tokens: ['EU', 'rejects', 'German', 'call'], tags: ['B-ORG', 'O', 'B-MISC', 'O'] },
  { tokens: ['Peter', 'Blackburn'], tags: ['B-PER', 'I-PER'] },
];
const conll2003 = `-DOCSTART- -X- -X- O

EU NNP B-NP B-ORG
rejects VBZ B-VP O
German JJ B-NP B-MISC
call NN I-NP O

Peter NNP B-NP B-PER
Blackburn NNP I-NP I-PER
`;
const json = JSON.stringify(sentences);
const jsonl = sentences.map((row) => `${JSON.stringify(row)}\n`).join('');

describe('formats', () => {
  test.each<[string, string | Uint8Array, TokenClassificationFileOptions]>([
    ['conll2003.conll', conll2003, {}],
    ['windows.conll', conll2003.replaceAll('\n', '\r\n'), {}],
    ['packed.conll.gz', gzipSync(conll2003), {}],
    ['utf16.conll', Buffer.from(`\ufeff${conll2003}`, 'utf16le'), {}],
    ['train.txt', conll2003, { format: 'conll' }],
    ['tabs.bio', conll2003.replaceAll(' ', '\t'), {}],
    ['blank.iob', `\n\n${conll2003.replaceAll('\n\n', '\n \t\n\n')}\n\n`, {}],
    ['comments.conll', conll2003.replaceAll('\n\n', '\n\n# id 7\tdomain=en\n# text = of it\n'), {}],
    [
      'columns.conll',
      'B-ORG x EU\nO x rejects\nB-MISC x German\nO x call\n\nB-PER x Peter\nI-PER x Blackburn',
      { columns: { tokens: 2, tags: '0' } },
    ],
    ['list.json', json, {}],
    ['data.json', JSON.stringify({ data: sentences }), {}],
    ['lines.jsonl', jsonl, {}],
    ['words.jsonl', jsonl.replaceAll('tokens', 'words').replaceAll('tags', 'ner_tags'), {}],
    [
      'named.jsonl',
      jsonl.replaceAll('tokens', 'form').replaceAll('tags', 'entities'),
      { columns: { tokens: 'form', tags: 'entities' } },
    ],
    [
      'numbers.jsonl',
      '{"tokens":["EU","rejects","German","call"],"tags":[1,0,2,0]}\n{"tokens":["Peter","Blackburn"],"tags":[3,4]}',
      { tagNames: ['O', 'B-ORG', 'B-MISC', 'B-PER', 'I-PER'] },
    ],
    ['spaces.csv', 'tokens,tags\nEU rejects German call,B-ORG O B-MISC O\nPeter Blackburn,B-PER I-PER\n', {}],
    [
      'json.tsv',
      'tags\ttokens\n["B-ORG","O","B-MISC","O"]\t["EU","rejects","German","call"]\n["B-PER","I-PER"]\t["Peter","Blackburn"]\n',
      {},
    ],
  ])('%s', async (name, content, options) => {
    expect(await read(name, content, options)).toEqual(sentences);
    const stream = await openTokenClassificationStream(join(folder, name), options);
    expect(stream.length).toBe(2);
    const streamed = await all(stream);
    expect(streamed).toEqual(await readTokenClassificationExamples(join(folder, name), options));
    expect(await all(stream)).toEqual(streamed);
  });

  test('Parquet names the numbers of its tags, those that no sentence has, too', async () => {
    const { examples, tagNames } = await readTokenClassificationData(parquet);
    expect(examples).toEqual([
      { tokens: ['Anna', 'left'], tags: ['B-PER', 'O'], line: 1 },
      { tokens: ['in', 'New', 'York'], tags: ['O', 'B-LOC', 'I-LOC'], line: 2 },
    ]);
    expect(tagNames).toEqual(['O', 'B-PER', 'I-PER', 'B-LOC', 'I-LOC']);
    expect((await openTokenClassificationStream(parquet)).tagNames).toEqual(tagNames);
  });

  test('tags without numbers are in the order of code points; the line is that of the first word', async () => {
    const { examples, tagNames } = await readTokenClassificationData(file('order.conll', conll2003));
    expect(tagNames).toEqual(['B-MISC', 'B-ORG', 'B-PER', 'I-PER', 'O']);
    expect(examples.map(({ line }) => line)).toEqual([3, 8]);
  });

  test('a sign that begins comments may be a word', async () => {
    expect(await read('hash.conll', '# O\n#1 B-A\n')).toEqual([{ tokens: ['#', '#1'], tags: ['O', 'B-A'] }]);
    expect(await read('hash-tab.conll', 'a\tO\n\n#\tO\n')).toHaveLength(2);
  });

  test('words of other white space than ASCII stay', async () => {
    expect(await read('space.conll', '\u3000\tO\na\u00a0b\tB-A\n')).toEqual([
      { tokens: ['\u3000', 'a\u00a0b'], tags: ['O', 'B-A'] },
    ]);
  });

  test('without tags, to predict', async () => {
    const options = { requireTags: false };
    const bare = [{ tokens: ['EU', 'rejects'] }, { tokens: ['Peter'] }];
    expect(await read('bare.conll', 'EU\nrejects\n\nPeter\n', options)).toEqual(bare);
    expect(await read('bare.jsonl', '{"tokens":["EU","rejects"]}\n{"tokens":["Peter"]}', options)).toEqual(bare);
  });

  test('a folder with parts', async () => {
    file('train.conll', 'a O\n');
    const sub = mkdtempSync(join(tmpdir(), 'parts-'));
    for (const part of ['train', 'dev', 'test']) writeFileSync(join(sub, `${part}.conll`), `${part} O\n`);
    const words = async (split: 'train' | 'validation' | 'test') =>
      (await readTokenClassificationExamples(sub, { split })).map(({ tokens }) => tokens[0]);
    expect([await words('train'), await words('validation'), await words('test')]).toEqual([
      ['train'],
      ['dev'],
      ['test'],
    ]);
    rmSync(sub, { recursive: true });
  });
});

describe('refuses, or skips and tells of,', () => {
  test.each<[string, string, string, TokenClassificationFileOptions, number]>([
    ['a line of too few columns', 'a.conll', 'a O\n\nb O\nc\n\nd O\n', {}, 4],
    ['a line of too many columns', 'b.conll', 'a O\n\nb x O\n', {}, 3],
    ['an empty tag', 'c.conll', 'a\tO\n\nb\t\n', {}, 4 - 1],
    ['an empty token', 'd.conll', 'a\tO\n\n\tO\n', {}, 3],
    ['too few tags', 'e.jsonl', '{"tokens":["a"],"tags":["O"]}\n{"tokens":["a","b"],"tags":["O"]}', {}, 2],
    ['no tags', 'f.jsonl', '{"tokens":["a"],"tags":["O"]}\n{"tokens":["a","b"]}', {}, 2],
    ['no words', 'g.jsonl', '{"tokens":["a"],"tags":["O"]}\n{"tokens":[],"tags":[]}', {}, 2],
    ['a word that is none', 'h.jsonl', '{"tokens":["a"],"tags":["O"]}\n{"tokens":[7],"tags":["O"]}', {}, 2],
    ['a tag that is none', 'i.jsonl', '{"tokens":["a"],"tags":["O"]}\n{"tokens":["a"],"tags":[null]}', {}, 2],
    ['a number without a name', 'j.jsonl', '{"tokens":["a"],"tags":["O"]}\n{"tokens":["a"],"tags":[1]}', {}, 2],
    [
      'too high a number',
      'k.jsonl',
      '{"tokens":["a"],"tags":[0]}\n{"tokens":["a"],"tags":[1]}',
      { tagNames: ['O'] },
      2,
    ],
    ['a list as Python prints it', 'l.csv', "tokens,tags\na,O\n['a'],['O']\n", {}, 3],
  ])('%s', async (_, name, content, options, line) => {
    const path = file(name, content);
    await expect(readTokenClassificationExamples(path, options)).rejects.toThrow(new RegExp(`${name}:${line}: `));
    const bad: BadRow[] = [];
    const examples = await readTokenClassificationExamples(path, { ...options, onBadRow: (row) => bad.push(row) });
    expect(bad.map((row) => row.line)).toEqual([line]);
    expect(examples.length).toBe(name === 'a.conll' ? 2 : 1);
  });

  test.each<[string, string, string, TokenClassificationFileOptions]>([
    ['no tags in any sentence', 'm.conll', 'a\nb\n', {}],
    ['numbers: give the names', 'n.jsonl', '{"tokens":["a"],"tags":[0]}', {}],
    ['no column of the tags', 'o.jsonl', '{"tokens":["a"]}', {}],
    ['no column of the tokens', 'p.csv', 'text,label\na,b\n', {}],
    ['no names of columns', 'q.conll', 'a O\n', { columns: { tokens: 'word' } }],
    ['there is no column 3', 'r.conll', 'a O\n', { columns: { tags: 3 } }],
    ['file is empty', 's.conll', '\n', {}],
    ['there is no option "tag_names"', 't.conll', 'a O\n', { tag_names: [] } as object],
    ['columns: there is no option "words"', 'u.conll', 'a O\n', { columns: { words: 0 } as object }],
  ])('%s', async (message, name, content, options) => {
    const words = message.replace('no tags in any sentence', 'each token needs one').replace('numbers: give', 'Give');
    await expect(readTokenClassificationExamples(file(name, content), options)).rejects.toThrow(words);
  });

  test('standard input for streams', async () => {
    await expect(openTokenClassificationStream('-')).rejects.toThrow('standard input comes only once');
  });
});

test('CoNLL read in pieces is what it is read whole', () => {
  const line = fc.constantFrom('a O', 'b B-X', '', '# note', '-DOCSTART-');
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), fc.array(fc.nat(30)), (lines, cuts) => {
      const whole = new ConllRows({ path: 'a', unit: 'line' });
      const expected = [...whole.read(lines.map((each) => `${each}\n`).join('')), ...whole.end()];
      const pieces = new ConllRows({ path: 'a', unit: 'line' });
      const places = [0, ...cuts.sort((a, b) => a - b), lines.length];
      const found = places.flatMap((place, i) =>
        pieces.read(
          lines
            .slice(place, places[i + 1] ?? place)
            .map((each) => `${each}\n`)
            .join(''),
        ),
      );
      expect([...found, ...pieces.end()]).toEqual(expected);
    }),
  );
});

test('a share of the sentences is held out, the same each time', async () => {
  const many = Array.from({ length: 400 }, (_, i) => `word${i % 300} B-A\nb O\n\n`).join('');
  const path = file('many.conll', many);
  const stream = await openTokenClassificationStream(path, { heldOut: { share: 0.25, seed: 1 } });
  const { evaluation = [] } = stream;
  const rest = await all(stream);
  expect([rest.length, rest.length + evaluation.length]).toEqual([stream.length, 400]);
  const words = new Set(evaluation.map(({ tokens }) => tokens[0]));
  expect(rest.some(({ tokens }) => words.has(tokens[0] as string))).toBe(false);
  expect(evaluation.length).toBeGreaterThan(60);
  expect(evaluation.length).toBeLessThan(140);
  const again = await openTokenClassificationStream(path, { heldOut: { share: 0.25, seed: 1 } });
  expect([again.fingerprint, again.evaluation]).toEqual([stream.fingerprint, evaluation]);
});
