import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AutoTokenizer } from 'multihead';
import { describe, expect, test } from 'vitest';
import { unitsOf } from './units.js';
import { chooseVocabulary } from './vocabulary.js';

const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
const letters = [...'abcdehilnorstuvwy!.', ...[...'abcdehilnorstuvwy'].map((letter) => `##${letter}`)];

async function teacherOf(words: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'multihead-vocabulary-'));
  writeFileSync(join(folder, 'vocab.txt'), [...special, '[unused0]', ...letters, ...words].join('\n'));
  return AutoTokenizer.fromPretrained(folder);
}

describe('a vocabulary', () => {
  test('has special tokens, all letters and signs, the words that matter in the old order, and Chinese characters', async () => {
    const teacher = await teacherOf(['the', 'and', 'river', 'house', 'land', 'never']);
    const sources = [
      unitsOf('the house and the land. the house and the land.'),
      unitsOf('the house and the tiny house and never never never never.'),
      unitsOf('好好好天，天气好。'),
    ];
    const vocabulary = await chooseVocabulary(teacher, sources, { english: letters.length + 4, chinese: 2 });
    expect(vocabulary).toEqual([...special, ...letters, 'the', 'and', 'house', 'never', '好', '天']);
  });

  test('a word of many sources comes before one that is frequent in a single one', async () => {
    const rank = 500;
    const filler = Array.from({ length: rank }, (_, i) => `zz${i}`); // Zipf's law leaves little for what follows
    const teacher = await teacherOf(['the', ...filler, 'house', 'land']);
    const often = unitsOf(`${'land '.repeat(8)}the the the the the the the the.`);
    const seldom = ['a', 'b', 'c', 'd'].map((letter) => unitsOf(`house ${`${letter} `.repeat(12)}the the the.`));
    const vocabulary = await chooseVocabulary(teacher, [often, ...seldom], { english: letters.length + 4, chinese: 0 });
    expect(vocabulary).toEqual([...special, ...letters, 'the', 'zz0', 'zz1', 'house']);
  });
});
