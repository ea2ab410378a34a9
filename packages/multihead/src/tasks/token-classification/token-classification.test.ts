/** @file Words to sub-words and back. Labels are from run_ner (bench/peers/token_classification_fixtures.py). */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TensorValue } from '../../engine/engine.js';
import { AutoTokenizer } from '../../text/tokenizer/auto-tokenizer.js';
import { TokenClassification, type TokenClassificationOptions } from './token-classification.js';
import { wordsOfWindows } from './window-words.js';

const fixtures = new URL('../../../fixtures/token-classification/', import.meta.url);
const expected = JSON.parse(readFileSync(new URL('expected.json', fixtures), 'utf8')) as {
  sentences: { tokens: string[]; tags: string[] }[];
  models: Record<string, { labels: { ids: number[]; labels: number[] }[][] }>;
};
const labels = ['O', 'B-PER', 'I-PER', 'B-LOC', 'I-LOC'];
const tokenizerOf = (name: string) => AutoTokenizer.fromPretrained(fileURLToPath(new URL(name, fixtures)));
const taskWith = async (options: Partial<TokenClassificationOptions>, name = 'bert') =>
  new TokenClassification({ tokenizer: await tokenizerOf(name), labels, ...options });

/** Scores that say the class of each token beyond doubt. */
function logitsFor(rows: readonly (readonly number[])[]): TensorValue {
  const longest = Math.max(...rows.map(({ length }) => length));
  const data = new Float32Array(rows.length * longest * labels.length);
  for (const [row, classes] of rows.entries()) {
    for (const [token, label] of classes.entries()) {
      if (label >= 0) data[(row * longest + token) * labels.length + label] = 10;
    }
  }
  return { dtype: 'float32', shape: [rows.length, longest, labels.length], data };
}

describe.each(['bert', 'roberta'])('%s', (name) => {
  test.each([false, true])('labels lie on tokens as in run_ner: on all tokens of a word %s', async (labelAllTokens) => {
    const task = await taskWith({ labelAllTokens, maxLength: 64 }, name);
    const encoded = await task.encode(expected.sentences);
    const cases = expected.models[name]?.labels[Number(labelAllTokens)] ?? [];
    expect(cases).toHaveLength(40);
    let whole = 0;
    for (const [i, [first, ...others]] of encoded.entries()) {
      if (others.length > 0) continue; // run_ner cuts off what goes into further windows here
      whole++;
      expect({ ids: first?.inputIds, labels: first?.targets }).toEqual(cases[i]);
    }
    expect(whole).toBeGreaterThan(20);
  });

  test('each word is learned and predicted once, in windows of any size', async () => {
    for (const [maxLength, stride] of [
      [64, 16],
      [10, 3],
      [7, 0],
      [6, 3],
    ] as const) {
      const task = await taskWith({ maxLength, stride }, name);
      const encoded = await task.encode(expected.sentences);
      for (const [i, features] of encoded.entries()) {
        const { tokens, tags } = expected.sentences[i] as (typeof expected.sentences)[number];
        expect(features.flatMap(({ words }) => words.map(([word]) => word)).sort((a, b) => a - b)).toEqual([
          ...tokens.keys(),
        ]);
        expect(features.every(({ inputIds }) => inputIds.length <= maxLength)).toBe(true);
        const outputs = { logits: logitsFor(features.map(({ targets = [] }) => targets)) };
        const decoded = features.map((feature, row) => task.decode(outputs, row, feature));
        expect(task.combine({ tokens }, decoded).tags).toEqual(tags);
      }
    }
  });
});

test('batches are padded: labels by -100', async () => {
  const task = await taskWith({});
  const features = (
    await task.encode([
      { tokens: ['Anna'], tags: ['B-PER'] },
      { tokens: ['x', 'y'], tags: ['O', 'O'] },
    ])
  ).flat();
  const { labels: targets, input_ids: ids } = task.collate(features);
  expect(targets?.shape).toEqual(ids?.shape);
  expect(Array.from(targets?.data ?? [], Number)).toEqual(
    features.flatMap(({ targets: each = [] }) => [
      ...each,
      ...Array<number>((ids?.shape[1] as number) - each.length).fill(-100),
    ]),
  );
  const bare = (await task.encode([{ tokens: ['Anna'] }])).flat();
  expect(task.collate(bare).labels).toBeUndefined();
  expect(() => task.collate([...features, ...bare])).toThrow('some examples have tags and others have none');
});

test('a word without tokens is outside', async () => {
  const task = await taskWith({});
  const example = { tokens: ['\u200b', 'Anna'], tags: ['B-LOC', 'B-PER'] };
  const [features = []] = await task.encode([example]);
  const outputs = { logits: logitsFor(features.map(({ targets = [] }) => targets)) };
  const decoded = features.map((feature, row) => task.decode(outputs, row, feature));
  expect(task.combine(example, decoded)).toMatchObject({ tags: ['O', 'B-PER'] });
});

describe('evaluation', () => {
  const examples = [
    { tokens: ['a', 'b', 'c'], tags: ['B-PER', 'I-PER', 'O'] },
    { tokens: ['d'], tags: ['B-LOC'] },
  ];
  const predictions = [
    { tags: ['I-PER', 'I-PER', 'O'], scores: [1, 1, 1] },
    { tags: ['O'], scores: [1] },
  ];

  test('counts entities as seqeval does, by default leniently', async () => {
    const { metrics, mainMetric, report, confusion } = (await taskWith({})).metrics(predictions, examples);
    expect(metrics).toMatchObject({ precision: 1, recall: 0.5, f1: 2 / 3, accuracy: 0.5 });
    expect(mainMetric).toBe('f1');
    expect(confusion).toEqual({
      labels: ['O', 'PER', 'LOC'],
      matrix: [
        [1, 0, 0],
        [0, 2, 0],
        [1, 0, 0],
      ],
    });
    expect(report).toContain('micro avg     1.0000    0.5000    0.6667         2');
  });

  test('strictly where asked', async () => {
    const { metrics } = (await taskWith({ mode: 'strict', scheme: 'IOB2' })).metrics(predictions, examples);
    expect(metrics).toMatchObject({ precision: 0, recall: 0, f1: 0 });
  });

  test('strictly for BILOU, whose letters the lenient way does not know', async () => {
    const tags = ['U-PER', 'U-PER'];
    const bilou = await taskWith({ labels: ['O', 'B-PER', 'I-PER', 'L-PER', 'U-PER'] });
    const { metrics } = bilou.metrics([{ tags, scores: [1, 1] }], [{ tokens: ['a', 'b'], tags }]);
    expect(metrics.f1).toBe(1);
    expect(bilou.reading()).toEqual({ mode: 'strict', scheme: 'BILOU' });
  });
});

describe('refuses', () => {
  test('tags that the model does not have, none, and too few', async () => {
    const task = await taskWith({});
    expect(() => task.check([{ tokens: ['a'], tags: ['B-ORG'], line: 7 }])).toThrow(
      'line 7: the tag "B-ORG" is not among the model\'s: O, B-PER',
    );
    expect(() => task.check([{ tokens: ['a'] }])).toThrow('example 0: no tags');
    await expect(task.encode([{ tokens: ['a', 'b'], tags: ['O'] }])).rejects.toThrow('2 tokens but 1 tags');
  });

  test('options that are none', async () => {
    await expect(taskWith({ maxLength: 0 })).rejects.toThrow('maxLength is 0');
    await expect(taskWith({ stride: -1 })).rejects.toThrow('stride is -1');
    await expect(taskWith({ label_all_tokens: true } as object)).rejects.toThrow('Did you mean labelAllTokens?');
  });
});

test('a word is predicted in the window with the most context', () => {
  const some = fc.record({
    size: fc.integer({ min: 2, max: 9 }),
    stride: fc.nat(4),
    words: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 12 }),
  });
  fc.assert(
    fc.property(
      some.filter(({ size, stride }) => stride < size),
      ({ size, stride, words }) => {
        const all = words.flatMap((length, word) => Array<number>(length).fill(word));
        const windows: (number | null)[][] = [];
        for (let start = 0; ; start += size - stride) {
          windows.push([null, ...all.slice(start, start + size), null]);
          if (start + size >= all.length) break;
        }
        const told = wordsOfWindows(windows);
        expect(
          told
            .flat()
            .map(([word]) => word)
            .sort((a, b) => a - b),
        ).toEqual([...words.keys()]);
        for (const [k, window] of told.entries()) {
          for (const [word, token] of window) {
            expect(windows[k]?.[token]).toBe(word);
            // It is the word's first token of all.
            expect(k * (size - stride) + token - 1).toBe(all.indexOf(word));
          }
        }
      },
    ),
  );
});
