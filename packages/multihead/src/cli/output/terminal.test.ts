/**
 * @file A run of training in a pseudo-terminal, of util-linux's `script`: bar and table fit, and Ctrl-C leaves the terminal
 * right.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parkMiller } from '../../testing/park-miller.js';
import { screenOf } from '../../testing/screen.js';
import { drawnBars, hasTerminal, inTerminal, showsCursor, withoutEscapes } from '../../testing/terminal.js';
import { toyFolder } from '../../testing/toy.js';

const folder = mkdtempSync(join(tmpdir(), 'multihead-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.runIf(hasTerminal).each([
  [100, 'epoch  train loss  eval loss  accuracy  macro_f1   time'],
  [80, 'epoch  train loss  eval loss  accuracy  macro_f1   time'],
  [60, 'epoch  train loss  eval loss  accuracy   time'],
])('at %i columns a run leaves a table of its evaluations, and no bar', async (columns, names) => {
  const toy = toyFolder();
  const output = join(folder, `whole-${columns}`);
  const train = [
    ...['train', 'text-classification', '--from-scratch', '--config', join(toy, 'config.json'), '--tokenizer', toy],
    ...['--train', join(toy, 'train.tsv'), '--eval', join(toy, 'eval.tsv'), '--epochs', '3', '--output', output],
  ];
  const text = await inTerminal(train, columns);
  expect(text).toMatch(/\d+\/36 {2}[\d:]+ left/); // there was a bar
  const screen = screenOf(text, columns);
  const start = screen.findIndex((line) => line.endsWith(names));
  expect(screen[start - 1]).toMatch(/96 features, .* 36 steps$/);
  for (const [i, line] of screen.slice(start + 1, start + 4).entries()) {
    expect(line).toMatch(new RegExp(`^ +${i + 1}/3 +\\d\\.\\d{4} [ \\d.]*:\\d\\d( {2}best)?$`));
    expect(line.replace(/ {2}best$/, '').length).toBe((screen[start] as string).length);
  }
  expect(screen[start + 4]).toMatch(/^36 steps, /);
  expect(screen.join('\n')).not.toMatch(/[█░]/);
  expect(screen).toContain(`saved in ${output}. Try it:`);
});

const escapeCharacter = '\u001b';

test.runIf(hasTerminal).each([100, 80, 60])('at %i columns the bar fits, and Ctrl-C ends it', async (columns) => {
  const toy = toyFolder();
  const train = [
    ...['train', 'text-classification', '--from-scratch', '--config', join(toy, 'config.json'), '--tokenizer', toy],
    ...['--train', join(toy, 'train.tsv'), '--epochs', '100000', '--output', join(folder, String(columns))],
  ];
  const text = await inTerminal(train, columns, / left/);
  const bars = drawnBars(text);
  expect(bars.length).toBeGreaterThan(1);
  for (const bar of bars) {
    expect(bar.length, bar).toBeLessThan(columns);
    expect(bar).toMatch(/\d+\/\d+ {2}[\d:]+ left/);
  }
  const [, behind = ''] = text.split(/Ctrl-C: saving after this step/);
  const before = text.slice(0, text.length - behind.length);
  // The cursor and the wrapping of lines are on again before anything is said, at the beginning of a line.
  expect(before.lastIndexOf(`${escapeCharacter}[?25h`)).toBeGreaterThan(before.lastIndexOf(`${escapeCharacter}[?25l`));
  expect(before.lastIndexOf(`${escapeCharacter}[?7h`)).toBeGreaterThan(before.lastIndexOf(`${escapeCharacter}[?7l`));
  expect(withoutEscapes(text)).toMatch(/\r\nCtrl-C: saving after this step; once more ends at once\r\n/);
  expect(withoutEscapes(behind)).toMatch(
    /\r\ninterrupted after step [^\r]*Resume with:\r\n {2}npx multihead train [^\r]* --resume\r\n$/,
  );
});

test.runIf(hasTerminal)('Ctrl-C ends the training of a tokenizer, whichever of its bars is shown', async () => {
  const corpus = join(folder, 'corpus.txt');
  const random = parkMiller(1);
  const words = Array.from({ length: 1_000_000 }, () => random(1e9).toString(36));
  writeFileSync(corpus, words.join(' '));
  const output = join(folder, 'tokenizer');
  const text = await inTerminal(['tokenizer', 'train', corpus, '--output', output], 80, /reading/);
  expect(text).not.toContain('saved in');
  expect(existsSync(output)).toBe(false);
  expect(showsCursor(text)).toBe(true);
});
