/** @file GNU gettext's compiled catalogues (.mo): the messages of a program and their translations. */

/** A message and its translation. Of plural forms, the first of each. */
export interface Message {
  readonly source: string;
  readonly translation: string;
}

/**
 * The messages of a catalogue in its order (sorted by source); the header is left out.
 *
 * @throws Error if the bytes are no catalogue of either byte order.
 */
export function readCatalogue(bytes: Uint8Array): Message[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = bytes.byteLength < 28 ? 0 : view.getUint32(0, true);
  if (magic !== 0x950412de && magic !== 0xde120495)
    throw new Error('not a gettext catalogue: its magic number is wrong');
  const littleEndian = magic === 0x950412de;
  const uint32 = (offset: number) => view.getUint32(offset, littleEndian);
  const [count, sources, translations] = [uint32(8), uint32(12), uint32(16)];
  const string = (table: number, row: number) => {
    const length = uint32(table + 8 * row);
    const start = uint32(table + 8 * row + 4);
    const text = new TextDecoder().decode(bytes.subarray(start, start + length));
    return text.slice(text.indexOf('\u0004') + 1).split('\u0000')[0] ?? ''; // context EOT source NUL plural
  };
  return Array.from({ length: count }, (_, row) => ({
    source: string(sources, row),
    translation: string(translations, row),
  })).filter(({ source }) => source !== '');
}
