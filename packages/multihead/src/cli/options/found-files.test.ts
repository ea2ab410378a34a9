import { expect, test, vi } from 'vitest';
import { sayFound } from './found-files.js';

test('says what a folder stands for, and what it leaves out', () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  sayFound({ source: '.', part: 'train', taken: ['train/0.csv', 'train/1.csv'], left: ['test/0.csv'] });
  sayFound({ source: 'data', part: undefined, taken: ['data/a.csv'], left: [] });
  sayFound({ source: '../d/*.csv', part: undefined, taken: [...'abcdefgh'].map((x) => `../d/${x}.csv`), left: [] });
  expect(said.mock.calls.flat()).toEqual([
    '.: reads train/0.csv, train/1.csv (the files for train); leaves out test/0.csv',
    'data: reads a.csv',
    '../d/*.csv: reads ../d/a.csv, ../d/b.csv, ../d/c.csv, ../d/d.csv, ../d/e.csv, ../d/f.csv and 2 more',
  ]);
  said.mockRestore();
});
