import { deflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { swordToDocuments } from './sword.js';

/** A testament of one block for each list of verses. */
function testament(books: readonly (readonly string[])[], wide: boolean) {
  const blocks: Buffer[] = [];
  const data: Buffer[] = [];
  const verses: Buffer[] = [];
  let offset = 0;
  books.forEach((texts, number) => {
    const plain = Buffer.from(texts.join(''));
    const packed = deflateSync(plain);
    const row = Buffer.alloc(12);
    row.writeUInt32LE(offset, 0);
    row.writeUInt32LE(packed.length, 4);
    row.writeUInt32LE(plain.length, 8);
    blocks.push(row);
    data.push(packed);
    offset += packed.length;
    let start = 0;
    for (const text of texts) {
      const size = Buffer.byteLength(text);
      const verse = Buffer.alloc(wide ? 12 : 10);
      verse.writeUInt32LE(number, 0);
      verse.writeUInt32LE(start, 4);
      if (wide) verse.writeUInt32LE(size, 8);
      else verse.writeUInt16LE(size, 8);
      verses.push(verse, verse, Buffer.alloc(verse.length)); // a second verse with this text, and one without any
      start += size;
    }
  });
  return { blocks: Buffer.concat(blocks), verses: Buffer.concat(verses), data: Buffer.concat(data) };
}

it.each([true, false])('gives each block as paragraphs, its verses apart and each text once (wide: %s)', (wide) => {
  const files = testament(
    [
      ['<div type="x-p" sID="a"/><title>Title</title><w lemma="1">Go</w><note>out</note>.”', 'He went.<div eID="a"/>'],
      ['“Come,” <q who="Him">he said</q>.<div type="x-p" sID="b"/>Second.'],
    ],
    wide,
  );
  expect(swordToDocuments(files, wide)).toEqual([['Go.” He went.'], ['“Come,” he said.', 'Second.']]);
});
