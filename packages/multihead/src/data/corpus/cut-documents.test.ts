/** @file Documents out of text that comes in pieces. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutText, DocumentCutter, type DocumentUnit } from './cut-documents.js';

/** Documents of a text that comes in pieces of these lengths, over and over. */
function cut(text: string, unit: DocumentUnit, maxLength = 1000, lengths = [text.length || 1]): string[] {
  const cutter = new DocumentCutter(unit, maxLength);
  const documents: string[] = [];
  for (let at = 0, i = 0; at < text.length; i++) {
    const length = lengths[i % lengths.length] as number;
    documents.push(...cutter.push(text.slice(at, at + length)));
    at += length;
  }
  return [...documents, ...cutter.end()];
}

describe('documents', () => {
  test('paragraphs are parted by lines of white space', () =>
    expect(cut('\n \none\n  two\n\n \t\nthree\n\n', 'paragraph')).toEqual(['one\n  two', 'three']));
  test('a text without blank lines is one paragraph', () =>
    expect(cut('one\ntwo\nthree\n', 'paragraph')).toEqual(['one\ntwo\nthree']));
  test('lines', () => expect(cut('one\n\n  \n two\nthree', 'line')).toEqual(['one', ' two', 'three']));
  test('a file is taken as it stands', () => expect(cut('\n\none\n\n two\n', 'file')).toEqual(['\n\none\n\n two\n']));
  test.each(['file', 'line', 'paragraph'] as const)('white space is no document: %s', (unit) =>
    expect(cut(' \n\n \t\n', unit)).toEqual([]),
  );
  test('no text, no document', () => expect(cut('', 'file')).toEqual([]));
});

describe('documents that are too long', () => {
  test('are cut before white space, which begins the next piece', () => {
    expect(cut('one two three', 'line', 8)).toEqual(['one two', ' three']);
    expect(cut('one two three', 'line', 7)).toEqual(['one two', ' three']);
    expect(cut('one two three', 'line', 6)).toEqual(['one', ' two', ' three']);
    expect(cut('one \n two', 'file', 7)).toEqual(['one \n', ' two']);
  });
  test('are cut anywhere where there is no white space, but not inside a character', () => {
    expect(cut('abcdefgh', 'file', 3)).toEqual(['abc', 'def', 'gh']);
    expect(cut('a😀😀b', 'file', 2)).toEqual(['a', '😀', '😀', 'b']);
  });
  test('are counted', () => {
    const cutter = new DocumentCutter('line', 3);
    expect([...cutter.push('abcdefgh\nabc\n'), ...cutter.end()]).toEqual(['abc', 'def', 'gh', 'abc']);
    expect(cutter.cuts).toBe(2);
  });
  test('a text at hand is cut in the same way', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 20 }), (text, maxLength) => {
        const pieces = cutText(text, maxLength);
        expect(pieces.join('')).toBe(text);
        expect(pieces.filter((piece) => /\S/.test(piece))).toEqual(cut(text, 'file', maxLength));
        for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(maxLength);
      }),
    );
  });
});

const text = fc
  .array(fc.constantFrom('a', 'b', ' ', '\n', '\n\n', '\t', '😀', '\u3000', 'word'), { maxLength: 40 })
  .map((parts) => parts.join(''));

test('where the pieces of the text are parted makes no difference', () => {
  fc.assert(
    fc.property(
      text,
      fc.constantFrom('file', 'line', 'paragraph'),
      fc.integer({ min: 2, max: 30 }),
      fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 }),
      (text, unit, maxLength, lengths) => {
        expect(cut(text, unit, maxLength, lengths)).toEqual(cut(text, unit, maxLength));
      },
    ),
    { numRuns: 1000 },
  );
});

test('nothing but white space gets lost', () => {
  const filled = (text: string) => text.replace(/\s/g, '');
  fc.assert(
    fc.property(
      text,
      fc.constantFrom('file', 'line', 'paragraph'),
      fc.integer({ min: 2, max: 30 }),
      (text, unit, max) => {
        expect(filled(cut(text, unit, max).join(''))).toBe(filled(text));
      },
    ),
  );
});
