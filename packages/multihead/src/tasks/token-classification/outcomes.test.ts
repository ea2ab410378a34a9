import { expect, test } from 'vitest';
import { tagOutcomes } from './outcomes.js';
import { entitiesIn, joined, readingOf } from './reading.js';

const labels = ['O', 'B-PER', 'I-PER', 'B-LOC'];
const task = { reading: () => readingOf(labels), ownTags: ({ tags = [] }: { tags?: readonly string[] }) => [...tags] };

test('an outcome tells the entities, and what is a mistake', () => {
  const examples = [
    { tokens: ['Anna', 'Li', 'in', 'Rome'], tags: ['B-PER', 'I-PER', 'O', 'B-LOC'], line: 7 },
    { tokens: ['nobody'], tags: ['O'] },
  ];
  const predictions = [
    { tags: ['B-PER', 'O', 'O', 'B-LOC'], scores: [0.9, 0.8, 1, 1] },
    { tags: ['O'], scores: [0.7] },
  ];
  expect(tagOutcomes(task, predictions, examples, 10)).toEqual([
    {
      id: '7',
      text: 'Anna Li in Rome',
      reference: ['Anna Li (PER)', 'Rome (LOC)'],
      prediction: ['Anna (PER)', 'Rome (LOC)'],
      confidence: 0.8,
      scores: { f1: 0.5, accuracy: 0.75 },
      isMistake: true,
      badness: 0.9,
    },
    {
      id: '11',
      text: 'nobody',
      reference: [],
      prediction: [],
      confidence: 0.7,
      scores: { f1: 1, accuracy: 1 },
      isMistake: false,
      badness: 0,
    },
  ]);
});

test('equal names at other places are a mistake', () => {
  const [outcome] = tagOutcomes(
    task,
    [{ tags: ['B-PER', 'O'], scores: [1, 1] }],
    [{ tokens: ['Li', 'Li'], tags: ['O', 'B-PER'] }],
  );
  expect(outcome).toMatchObject({ isMistake: true, scores: { f1: 0 } });
});

test('words are joined with spaces, Chinese characters without', () => {
  expect(joined(['in', 'New', 'York'])).toBe('in New York');
  expect(joined(['我', '在', 'New', 'York', '上', '海'])).toBe('我在 New York 上海');
  expect(entitiesIn(['上', '海'], ['B-LOC', 'I-LOC'], readingOf(labels))).toEqual([
    { type: 'LOC', start: 0, end: 2, text: '上海' },
  ]);
});

test('tags of BILOU are read strictly, others leniently, unless it is said', () => {
  expect(readingOf(labels)).toEqual({ mode: 'default' });
  expect(readingOf(labels, { mode: 'strict' })).toEqual({ mode: 'strict', scheme: undefined });
  expect(readingOf(['O', 'U-PER'])).toEqual({ mode: 'strict', scheme: 'BILOU' });
  expect(readingOf(['O', 'U-PER'], { mode: 'default' })).toEqual({ mode: 'default' });
});
