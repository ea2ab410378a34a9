/** @file A search in a pseudo-terminal: its bar fits, and leaves the lines of its trials alone. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { multihead } from '../../../testing/multihead.js';
import { screenOf } from '../../../testing/screen.js';
import { drawnBars, hasTerminal, inTerminal, showsCursor } from '../../../testing/terminal.js';
import { toyFolder } from '../../../testing/toy.js';

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(() => {
  folder = toyFolder();
  writeFileSync(at('space.json'), JSON.stringify({ 'learning-rate': [1e-3, 1e-2, 1e-1] }));
});

const command = (output: string, ...more: readonly string[]) => [
  ...['search', 'text-classification', '--from-scratch', '--config', at('config.json'), '--tokenizer', folder],
  ...[
    '--train',
    at('train.tsv'),
    '--eval',
    at('eval.tsv'),
    '--output',
    at(output),
    '--space',
    at('space.json'),
    ...more,
  ],
];

describe.runIf(hasTerminal).each([80, 50])('at %i columns', { timeout: 120_000 }, (columns) => {
  test('a bar has the time left and the best so far, and is gone in the end', async () => {
    const flags = ['--sampler', 'grid', '--max-steps', '60', '--logging-steps', '5'];
    const text = await inTerminal(command(`whole-${columns}`, ...flags), columns);
    const bars = drawnBars(text);
    for (const bar of bars) {
      expect(bar.length, bar).toBeLessThan(columns);
      expect(bar, text).toMatch(/[0-3]\/3 {2}[\d:]+ left/); // a grid of three, not the 20 trials of the default
    }
    expect(bars.some((bar) => / 0\/3 /.test(bar))).toBe(true); // known in the middle of the first trial
    if (columns >= 80) expect(bars.some((bar) => /left {2}best accuracy [\d.]+ \(trial \d\)/.test(bar))).toBe(true);
    const screen = screenOf(text, columns);
    expect(screen.filter((line) => /^trial +\d/.test(line))).toHaveLength(3);
    expect(screen.join('\n')).not.toMatch(/[█░]/);
    expect(showsCursor(text)).toBe(true);
  });

  test('Ctrl-C takes it away', async () => {
    const flags = ['--max-steps', '100000', '--logging-steps', '5'];
    const text = await inTerminal(command(`stopped-${columns}`, ...flags), columns, / left/);
    const [, after = ''] = text.split('Ctrl-C: running trials are being saved');
    expect(after).toContain('--resume');
    expect(drawnBars(after)).toEqual([]);
    expect(showsCursor(text)).toBe(true);
  });
});

test('into a pipe there is no bar', () => {
  const { stdout, stderr } = multihead(...command('piped', '--max-steps', '6', '--trials', '1'));
  expect(stdout).toMatch(/^trial/);
  expect(stdout).not.toMatch(/ left|[█░]/);
  expect(stderr).toBe('');
});
