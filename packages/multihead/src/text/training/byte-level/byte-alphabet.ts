/** @file GPT-2's alphabet: a visible character for each of the 256 bytes, so that any text is text of them. */

/** Bytes that stand for themselves: the visible ones of Latin-1. The others get the characters from U+0100 on. */
const isVisible = (byte: number): boolean =>
  (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;

/** The character of each byte. `byteCharacters[32]` is 'Ġ'. */
export const byteCharacters: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte).map((byte, _, all) =>
  String.fromCharCode(isVisible(byte) ? byte : 256 + all.slice(0, byte).filter((other) => !isVisible(other)).length),
);
