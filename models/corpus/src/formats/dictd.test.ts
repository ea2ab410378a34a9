import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { definitions, readDictd } from './dictd.js';

describe('readDictd', () => {
  it('reads entries by base-64 offsets, one for each text, in the order of the text', () => {
    const padding = 'x'.repeat(64);
    const text = gzipSync(`info${padding}beta\nalpha`);
    // "BF" is 1 * 64 + 5 = 69 and "BE" is 68: offsets; F and E are the lengths 5 and 4.
    const index = '00-database-info\tA\tE\nalpha\tBJ\tF\nbeta\tBE\tE\nbeta again\tBE\tE\n';
    expect(readDictd(index, text)).toEqual([
      { headword: 'beta', text: 'beta' },
      { headword: 'alpha', text: 'alpha' },
    ]);
  });
});

describe('definitions', () => {
  it("gives GCIDE's senses without pronunciation, etymology, source and authors", () => {
    const text = String.raw`Abdicate \Ab"di*cate\, v. t. [L. abdicatus, p. p. of
   {abdicare}; [=a]b + dicare.]
   1. To surrender or relinquish, as {power}. --Burke.
      [1913 Webster]

   2. To reject; to cast off. [Obs.]
      [1913 Webster]
`;
    expect(definitions({ headword: 'abdicate', text })).toEqual([
      'Abdicate: To surrender or relinquish, as power.',
      'To reject; to cast off.',
    ]);
  });

  it("gives FOLDOC's entries without subject, second headword and date", () => {
    const text = 'abstract data type\nADT\n\n   <programming> A kind of {data\n   abstraction}.\n\n   (2003-07-03)\n';
    expect(definitions({ headword: 'abstract data type', text })).toEqual([
      'Abstract data type: A kind of data abstraction.',
    ]);
  });

  it("gives the Jargon File's entries without pronunciation and part of speech", () => {
    const text = 'alt\n /awlt/\n\n    1. n. The shift key on a {clone} keyboard.\n';
    expect(definitions({ headword: 'alt', text })).toEqual(['Alt: n. The shift key on a clone keyboard.']);
  });
});
