/** @file What a terminal shows after all that was written to it: enough of a terminal for what the command line draws. */

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are a terminal's language
const piece = /\u001b\[([?\d;]*)([A-Za-z])|\u001b[78]|[\r\n]|[^\u001b\r\n]+/g;

/**
 * The lines of the screen, from the first one on, however many there are.
 *
 * @throws where a sequence is used that it does not know
 */
export function screenOf(text: string, columns: number): string[] {
  const rows: string[] = [''];
  let [row, column] = [0, 0];
  const put = (line: string) => {
    rows[row] = line;
  };
  for (const [written, parameters = '', command] of text.matchAll(piece)) {
    const line = rows[row] ?? '';
    const count = Number(parameters || 1);
    if (written === '\r') column = 0;
    else if (written === '\n') {
      row++;
      column = 0; // as terminals do that are not in raw mode
      rows[row] ??= '';
    } else if (command === 'G') column = Math.max(0, count - 1);
    else if (command === 'A') row -= count;
    else if (command === 'K') put(parameters === '2' ? '' : line.slice(0, column));
    else if (command === undefined && !written.startsWith('\u001b')) {
      for (const character of written) {
        if (column === columns) [row, column] = [row + 1, 0];
        const before = rows[row] ?? '';
        put(before.slice(0, column).padEnd(column) + character + before.slice(column + 1));
        column++;
      }
    } else if (command !== undefined && !['h', 'l', 'm'].includes(command)) {
      throw new Error(`an unknown sequence: ${JSON.stringify(written)}`);
    }
  }
  return rows.map((line) => line.trimEnd());
}
