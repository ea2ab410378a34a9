import { describe, expect, it } from 'vitest';
import { readCatalogue } from './gettext.js';

/** A catalogue as msgfmt writes it, of either byte order. */
function catalogue(messages: readonly (readonly [string, string])[], littleEndian: boolean): Uint8Array {
  const encoder = new TextEncoder();
  const strings = [...messages.map(([source]) => source), ...messages.map(([, translation]) => translation)];
  const encoded = strings.map((string) => encoder.encode(string));
  const tables = 28;
  let at = tables + 8 * strings.length;
  const bytes = new Uint8Array(at + encoded.reduce((sum, string) => sum + string.length + 1, 0));
  const view = new DataView(bytes.buffer);
  const header = [0x950412de, 0, messages.length, tables, tables + 8 * messages.length, 0, 0];
  header.forEach((value, word) => {
    view.setUint32(4 * word, value, littleEndian);
  });
  encoded.forEach((string, row) => {
    view.setUint32(tables + 8 * row, string.length, littleEndian);
    view.setUint32(tables + 8 * row + 4, at, littleEndian);
    bytes.set(string, at);
    at += string.length + 1;
  });
  return bytes;
}

describe('readCatalogue', () => {
  it.each([true, false])('reads messages without header, context and further plurals (little-endian: %s)', (order) => {
    const bytes = catalogue(
      [
        ['', 'Language: zh_CN\n'],
        ['female^\u0004Farewell', '再见'],
        ['unit\u0000units', '单位\u0000单位们'],
      ],
      order,
    );
    expect(readCatalogue(bytes)).toEqual([
      { source: 'Farewell', translation: '再见' },
      { source: 'unit', translation: '单位' },
    ]);
  });

  it('refuses what is no catalogue', () => {
    expect(() => readCatalogue(new Uint8Array(40))).toThrow('not a gettext catalogue');
    expect(() => readCatalogue(new Uint8Array(3))).toThrow('not a gettext catalogue');
  });
});
