/** @file Pairs of texts, as a user meets them: trained from a table, predicted one by one and from a table. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { multihead } from '../../../testing/multihead.js';
import { toyFolder } from '../../../testing/toy.js';

interface Line {
  readonly text: string;
  readonly textPair: string;
  readonly labels: readonly { readonly label: string; readonly score: number }[];
}
const lines = (text: string) => text.trim().split('\n').map((line) => JSON.parse(line) as Line); // biome-ignore format: short

test('a pair is classified by both of its texts', () => {
  const folder = toyFolder();
  const [data, output] = [join(folder, 'pairs.csv'), join(folder, 'run')];
  // What the second text says decides, and the first is of no use: a model that does not see the second cannot learn it.
  const rows = Array.from({ length: 96 }, (_, i) => {
    const [first, second] = [i % 3 ? 'the film' : 'a book', i % 2 ? 'very good' : 'quite bad'];
    return `${first},${second},${i % 2 ? 'entailment' : 'contradiction'}`;
  });
  writeFileSync(data, `premise,hypothesis,label\n${rows.join('\n')}\n`);
  const { status, stderr } = multihead(
    ...['train', 'text-classification', '--from-scratch', '--config', join(folder, 'config.json')],
    ...['--tokenizer', folder, '--train', data, '--text', 'premise', '--text-pair', 'hypothesis'],
    ...['--output', output, '--epochs', '20', '--learning-rate', '1e-3'],
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });

  const predict = ['predict', 'text-classification', '--model', output];
  const single = (pair: string) => lines(multihead(...predict, 'the film', '--pair', pair, '--json').stdout)[0] as Line;
  expect(single('very good')).toMatchObject({ textPair: 'very good', labels: [{ label: 'entailment' }] });
  expect(single('quite bad')).toMatchObject({ textPair: 'quite bad', labels: [{ label: 'contradiction' }] });

  const table = multihead(...predict, '--data', data, '--text', 'premise', '--text-pair', 'hypothesis');
  const predicted = lines(table.stdout);
  expect(predicted).toHaveLength(96);
  expect(predicted.map(({ text, textPair, labels }) => `${text},${textPair},${labels[0]?.label}`)).toEqual(rows);
  const same = predicted.find(({ text, textPair }) => text === 'the film' && textPair === 'very good');
  expect(same?.labels[0]?.score).toBeCloseTo(single('very good').labels[0]?.score as number, 5);

  const refused = multihead(...predict, 'the film', 'a book', '--pair', 'very good');
  expect(refused.status).toBe(1);
  expect(refused.stderr).toContain('--pair goes with text-classification of one text');
});
