/** @file The command line in a pseudo-terminal, of util-linux's `script`. */
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../../bin/multihead.js', import.meta.url));

/** Elsewhere than where util-linux is, tests of terminals are left out. */
export const hasTerminal = /util-linux/.test(spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout ?? '');

/**
 * Runs a command in a terminal of so many columns.
 *
 * @param ctrlC Ctrl-C is pressed a moment after this was written
 * @returns what the terminal got
 */
export function inTerminal(args: readonly string[], columns: number, ctrlC?: RegExp): Promise<string> {
  const words = [process.execPath, bin, ...args].map((word) => `'${word}'`).join(' ');
  const command = `stty cols ${columns} rows 24; exec ${words}`;
  return new Promise((resolve) => {
    const child = spawn('script', ['-qfec', command, '/dev/null'], {
      timeout: 100_000,
      env: { ...process.env, TERM: 'xterm', NO_COLOR: '1' },
    });
    let text = '';
    let isPressed = false;
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      if (isPressed || !ctrlC?.test(text)) return;
      isPressed = true;
      setTimeout(() => child.stdin.write('\u0003'), 300);
    });
    child.on('close', () => resolve(text));
  });
}

const escapeCharacter = '\u001b';

/** What was written without what moves the cursor or colours. */
export const withoutEscapes = (text: string): string =>
  text.replaceAll(new RegExp(`${escapeCharacter}(\\[[?\\d;]*[a-zA-Z]|[78])`, 'g'), '');

/** All states of a bar that were drawn with a rest of time. */
export const drawnBars = (text: string): string[] =>
  text
    .split(new RegExp(`${escapeCharacter}\\[1?G|[\\r\\n]`))
    .map(withoutEscapes)
    .filter((line) => / left/.test(line));

/** Whether the cursor is shown at the end of what was written. */
export const showsCursor = (text: string): boolean =>
  text.lastIndexOf(`${escapeCharacter}[?25h`) >= text.lastIndexOf(`${escapeCharacter}[?25l`);
