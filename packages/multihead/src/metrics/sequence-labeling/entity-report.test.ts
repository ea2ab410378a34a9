/** @file Against seqeval: bench/peers/seqeval_fixtures.py, whose cases are drawn anew. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parkMiller } from '../../testing/park-miller.js';
import { entitiesOf } from './entities.js';
import { type EntityReport, type EntityReportOptions, entityReport } from './entity-report.js';
import { formatEntityReport } from './format-entity-report.js';
import { type TaggingScheme, taggingSchemes } from './schemes.js';

const prefixesOf: Readonly<Record<TaggingScheme, string>> = {
  IOB1: 'IOB',
  IOB2: 'IOB',
  IOE1: 'IOE',
  IOE2: 'IOE',
  IOBES: 'IOBES',
  BILOU: 'BILOU',
};
const types = ['PER', 'LOC', 'work-of-art', '', 'é', '机构', '\u{1f600}', '\uff21', 'MISC', 'A'];

/** The case that the script draws. */
function draw(seed: number) {
  const below = parkMiller(seed);
  const scheme = Object.keys(prefixesOf)[below(6)] as TaggingScheme;
  const isWild = seed % 5 === 0;
  const prefixes = isWild ? 'BIESULO.X' : prefixesOf[scheme];
  const suffix = below(4) === 0;
  const some = types.slice(0, below(20) === 0 ? 10 : 1 + below(5));
  const tag = () => {
    const prefix = prefixes[below(prefixes.length)] as string;
    const type = some[below(some.length)] as string;
    if (prefix === 'O' || type === '') return prefix;
    return suffix ? `${type}-${prefix}` : `${prefix}-${type}`;
  };
  const references = Array.from({ length: 1 + below(5) }, () => Array.from({ length: below(9) }, tag));
  const changed = below(101);
  const predictions = references.map((sentence) => sentence.map((one) => (below(100) < changed ? tag() : one)));
  const zeroDivision = below(2) as 0 | 1;
  return { scheme: isWild ? undefined : scheme, references, predictions, options: { suffix, zeroDivision } };
}

type Scores = [sum: number, support: number][];
type Case = [
  accuracy: number,
  lenient: Scores,
  strict?: Scores | null,
  entities?: [type: string, first: number, last: number][][],
  texts?: (string | null)[],
];
const path = new URL('../../../fixtures/metrics/entities.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { cases: Case[] };

const rowsOf = ({ types, micro, macro, weighted }: EntityReport): Scores =>
  types.length === 0
    ? []
    : [...types, micro, macro, weighted].map(({ precision, recall, f1, support }) => [
        precision + 2 * recall + 3 * f1,
        support,
      ]);

function expectScores(found: EntityReport, expected: Scores, seed: number) {
  const rows = rowsOf(found);
  expect(
    rows.map(([, support]) => support),
    `case ${seed}`,
  ).toEqual(expected.map(([, support]) => support));
  for (const [i, [sum]] of rows.entries()) {
    expect(Math.abs(sum - (expected[i]?.[0] ?? Number.NaN)), `case ${seed}, row ${i}`).toBeLessThan(1e-11);
  }
}

describe('against seqeval', () => {
  test('scores of 1,000 cases, by default and strictly', () => {
    expect(cases).toHaveLength(1000);
    let strict = 0;
    for (const [i, [accuracy, lenient, strictly]] of cases.entries()) {
      const { scheme, references, predictions, options } = draw(i + 1);
      const report = entityReport(references, predictions, options);
      expect(report.accuracy).toBeCloseTo(accuracy, 12);
      expectScores(report, lenient, i + 1);
      if (!strictly) continue;
      strict++;
      const asked: EntityReportOptions = { ...options, mode: 'strict', scheme };
      expectScores(entityReport(references, predictions, asked), strictly, i + 1);
    }
    expect(strict).toBe(800);
  });

  test('entities and printed reports', () => {
    let printed = 0;
    for (const [i, [, , , entities, texts]] of cases.slice(0, 50).entries()) {
      const { scheme, references, predictions, options } = draw(i + 1);
      for (const [k, sentence] of references.entries()) {
        const found = entitiesOf(sentence, { suffix: options.suffix });
        expect(
          found.map(({ type, start, end }) => [type, start, end - 1]),
          `case ${i + 1}`,
        ).toEqual(entities?.[k]);
      }
      // Where names have other than narrow characters, ours are aligned, and seqeval's are not.
      if (
        references
          .concat(predictions)
          .flat()
          .some((tag) => /[^\x20-\x7eé]/.test(tag))
      )
        continue;
      for (const [k, text] of (texts ?? []).entries()) {
        if (text === null) continue;
        const mode = k === 0 ? {} : { mode: 'strict' as const, scheme };
        const report = entityReport(references, predictions, { ...options, ...mode });
        expect(formatEntityReport(report, { digits: 2 + ((i + 1) % 3) })).toBe(text);
        printed++;
      }
    }
    expect(printed).toBeGreaterThan(50);
  });
});

const schemes = fc.constantFrom(...taggingSchemes.filter((name) => name !== 'IOB1' && name !== 'IOE1'));
/** Words outside of entities, and entities of 1 to 4 words. */
const chunks = fc.array(
  fc.record({ type: fc.constantFrom('O', 'PER', 'LOC', 'work-of-art'), length: fc.integer({ min: 1, max: 4 }) }),
  { minLength: 1, maxLength: 8 },
);

function tagged(scheme: TaggingScheme, { type, length }: { type: string; length: number }): string[] {
  if (type === 'O') return Array<string>(length).fill('O');
  const [single, first, inner, last] = {
    IOB1: 'BBII',
    IOB2: 'BBII',
    IOE1: 'EIIE',
    IOE2: 'EIIE',
    IOBES: 'SBIE',
    BILOU: 'UBIL',
  }[scheme] as unknown as string[];
  const letters = length === 1 ? [single] : [first, ...Array<string>(length - 2).fill(inner as string), last];
  return letters.map((letter) => `${letter}-${type}`);
}

describe('properties', () => {
  test('what is written by a scheme is read by it: strictly, and except for BILOU by default, too', () => {
    fc.assert(
      fc.property(schemes, chunks, (scheme, sentence) => {
        const tags = sentence.flatMap((chunk) => tagged(scheme, chunk));
        let at = 0;
        const expected = sentence.flatMap(({ type, length }) => {
          at += length;
          return type === 'O' ? [] : [{ type, start: at - length, end: at }];
        });
        expect(entitiesOf(tags, { mode: 'strict', scheme })).toEqual(expected);
        if (scheme !== 'BILOU') expect(entitiesOf(tags)).toEqual(expected);
      }),
    );
  });

  test('what is exactly right has 1 everywhere; references and predictions swapped swap precision and recall', () => {
    fc.assert(
      fc.property(chunks, chunks, (one, other) => {
        const tags = (chunk: typeof one) => chunk.flatMap((each) => tagged('IOB2', each));
        const length = Math.min(tags(one).length, tags(other).length);
        const [a, b] = [[tags(one).slice(0, length)], [tags(other).slice(0, length)]];
        const { micro, accuracy } = entityReport(a, a);
        expect([accuracy, micro.f1]).toEqual([1, micro.support > 0 ? 1 : 0]);
        const [there, back] = [entityReport(a, b).micro, entityReport(b, a).micro];
        expect([there.precision, there.recall, there.f1]).toEqual([back.recall, back.precision, back.f1]);
      }),
    );
  });
});

describe('refuses', () => {
  test.each<[string, string[][], string[][], EntityReportOptions]>([
    ['sentence 1 has 2 reference tags but 1 predicted ones', [['O'], ['O', 'O']], [['O'], ['O']], {}],
    ['1 references but 2 predictions', [['O']], [['O'], ['O']], {}],
    ['a tag is empty', [['O', '']], [['O', 'O']], {}],
    ['the tag "S-PER" is none of the scheme IOB2', [['B-PER']], [['S-PER']], { mode: 'strict', scheme: 'IOB2' }],
    [
      'the tags begin with I, O, as in no scheme that can be told by them',
      [['O', 'I-PER']],
      [['O', 'O']],
      { mode: 'strict' },
    ],
    ['mode is lenient; default or strict', [['O']], [['O']], { mode: 'lenient' as 'strict' }],
    ['scheme is BIO; one of IOB1', [['O']], [['O']], { scheme: 'BIO' as 'IOB2' }],
    ['there is no option "zero_division"', [['O']], [['O']], { zero_division: 1 } as object],
  ])('%s', (message, references, predictions, options) => {
    expect(() => entityReport(references, predictions, options)).toThrow(message);
  });

  test.each([
    [['B-A', 'I-A', 'O'], 'IOB2'],
    [['E-A', 'I-A'], 'IOE2'],
    [['S-A'], 'IOBES'],
    [['U-A', 'L-A', 'B-A'], 'BILOU'],
  ])('nothing in %j, which is %s', (tags, scheme) => {
    const named = entitiesOf(tags, { mode: 'strict', scheme: scheme as TaggingScheme });
    expect(entitiesOf(tags, { mode: 'strict' })).toEqual(named);
  });
});
