/** @file Several labels a text, as a user meets them: the thresholds that evaluation found are kept, and used to predict. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { multihead } from '../../../testing/multihead.js';
import { toyFolder } from '../../../testing/toy.js';

test('several labels are trained, evaluated with their own thresholds, and predicted', () => {
  const folder = toyFolder();
  const [data, output] = [join(folder, 'train.csv'), join(folder, 'run')];
  const rows = Array.from({ length: 96 }, (_, i) => {
    const [word, thing] = [['good', 'bad', 'great', 'poor'][i % 4] as string, i % 3 ? 'film' : 'book'];
    const labels = [...(i % 3 ? ['about a film'] : []), ...(i % 2 ? [] : ['liked'])];
    return `the ${thing} is ${word},${labels.join('|')}`;
  });
  writeFileSync(data, `text,labels\n${rows.join('\n')}\n`);
  const { status, stderr } = multihead(
    ...[
      'train',
      'text-classification',
      '--from-scratch',
      '--config',
      join(folder, 'config.json'),
      '--tokenizer',
      folder,
    ],
    ...[
      '--train',
      data,
      '--eval',
      data,
      '--label-separator',
      '|',
      '--output',
      output,
      '--epochs',
      '30',
      '--learning-rate',
      '1e-3',
    ],
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const results = JSON.parse(readFileSync(join(output, 'eval_results.json'), 'utf8')) as {
    tuned_micro_f1: number;
    mean_average_precision: number;
    thresholds: Record<string, number>;
  };
  expect(results.tuned_micro_f1).toBeGreaterThan(0.95);
  expect(results.mean_average_precision).toBeGreaterThan(0.95);
  expect(Object.keys(results.thresholds).sort()).toEqual(['about a film', 'liked']);
  const predict = (text: string) => {
    const { stdout } = multihead('predict', 'text-classification', '--model', output, text, '--json');
    return (JSON.parse(stdout) as { labels: { label: string }[] }).labels.map(({ label }) => label).sort();
  };
  expect(predict('the film is great')).toEqual(['about a film', 'liked']);
  expect(predict('the book is poor')).toEqual([]);
  // A threshold that nothing reaches takes a label away.
  const file = join(output, 'eval_results.json');
  writeFileSync(file, JSON.stringify({ ...results, thresholds: { ...results.thresholds, liked: 1 } }));
  expect(predict('the film is great')).toEqual(['about a film']);
});
