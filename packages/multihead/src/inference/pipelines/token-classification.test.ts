/** @file Entities in texts, against Transformers' TokenClassificationPipeline (bench/peers/token_classification_fixtures.py). */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { utf16Index } from '../../platform/code-points.js';
import { type AggregationStrategy, aggregationStrategies } from '../../tasks/token-classification/aggregation.js';
import type { TokenClassificationPipeline } from '../../tasks/token-classification/pipeline.js';
import { pipeline } from '../pipeline.js';

/** An entity as Transformers gives it; places count code points. */
interface Expected {
  readonly entity?: string;
  readonly entity_group?: string;
  readonly index?: number;
  readonly score: number;
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

const fixtures = new URL('../../../fixtures/token-classification/', import.meta.url);
const { texts, longTexts, models } = JSON.parse(readFileSync(new URL('expected.json', fixtures), 'utf8')) as {
  texts: string[];
  longTexts: string[];
  models: Record<string, Record<'whole' | 'windows', Record<AggregationStrategy, Expected[][]>>>;
};

const pipelines = new Map<string, Promise<TokenClassificationPipeline>>();
afterAll(async () => {
  for (const opened of pipelines.values()) await (await opened).dispose();
});

function open(name: string, maxLength: number): Promise<TokenClassificationPipeline> {
  const key = `${name}, ${maxLength}`;
  const opened = pipelines.get(key) ?? pipeline('ner', fileURLToPath(new URL(name, fixtures)), { maxLength });
  pipelines.set(key, opened);
  return opened;
}

/** Expected entities under our names and in UTF-16 units, with scores and words apart. */
const ours = (text: string, entities: readonly Expected[]) =>
  entities.map(({ entity, entity_group, index, ...place }) => {
    const [start, end] = [utf16Index(text, place.start), utf16Index(text, place.end)];
    const named = entity !== undefined ? { entity, index } : { entityGroup: entity_group };
    return { ...named, start, end };
  });

function expectSame(
  found: readonly { score: number; word: string; start: number; end: number }[],
  text: string,
  entities: readonly Expected[],
) {
  expect(found.map(({ score, word, ...others }) => others)).toEqual(ours(text, entities));
  for (const [i, { score, word, start, end }] of found.entries()) {
    const expected = entities[i] as Expected;
    expect(score).toBeCloseTo(expected.score, 4);
    // Transformers decodes byte-level tokens twice, which breaks characters; what is meant stands in the text.
    const isBroken = expected.word.includes('\ufffd') && word !== expected.word;
    expect(word).toBe(isBroken ? text.slice(start, end) : expected.word);
  }
}

describe.each(['bert', 'roberta'])('%s', (name) => {
  test.each(aggregationStrategies)('%s', async (aggregationStrategy) => {
    const tag = await open(name, 512);
    for (const [i, text] of texts.entries()) {
      const options = { aggregationStrategy, ignoreLabels: i % 2 ? [] : ['O'] } as { aggregationStrategy: 'simple' };
      expectSame(await tag(text, options), text, models[name]?.whole[aggregationStrategy]?.[i] ?? []);
    }
  });

  test.each(['simple', 'first', 'average', 'max'] as const)('%s, in windows', async (aggregationStrategy) => {
    const tag = await open(name, 20);
    const found = await tag(longTexts, { aggregationStrategy, stride: 5 });
    for (const [i, text] of longTexts.entries()) {
      expectSame(found[i] ?? [], text, models[name]?.windows[aggregationStrategy]?.[i] ?? []);
    }
  });

  test('no token of a long text is lost or there twice', async () => {
    const [whole, cut] = [await open(name, 512), await open(name, 20)];
    for (const text of longTexts) {
      const [expected, found] = [await whole(text, { ignoreLabels: [] }), await cut(text, { ignoreLabels: [] })];
      expect(expected.length).toBeGreaterThan(40);
      const places = (tokens: typeof found) => tokens.map(({ index, word, start, end }) => [index, word, start, end]);
      expect(places(found)).toEqual(places(expected));
    }
  });
});

test('options and inputs that are none', async () => {
  const tag = await open('bert', 512);
  await expect(tag('a', { aggregationStrategy: 'mean' as 'max' })).rejects.toThrow(
    'expected one of none, simple, first',
  );
  await expect(tag('a', { aggregation_strategy: 'max' } as object)).rejects.toThrow(
    'Did you mean aggregationStrategy?',
  );
  await expect(tag(['a', 7 as unknown as string])).rejects.toThrow('input 2 is 7; a text was expected');
  await expect(tag('a', { stride: -1 })).rejects.toThrow('stride is -1');
  expect(await tag([])).toEqual([]);
  expect(await tag('')).toEqual([]);
});
