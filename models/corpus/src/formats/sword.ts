/** @file The compressed modules of the SWORD project (zText, zCom): verses of OSIS markup in compressed blocks. */
import { inflateSync } from 'node:zlib';
import { markupToParagraphs } from './markup.js';

/** The three files of one testament. */
export interface SwordFiles {
  /** `.bzs`: for each block its offset, its compressed and its plain size (uint32, little-endian). */
  readonly blocks: Uint8Array;
  /** `.bzv`: for each verse its block, its start there (uint32) and its size (uint16, in zCom4 and zText4 uint32). */
  readonly verses: Uint8Array;
  /** `.bzz`: the blocks, each compressed by zlib. */
  readonly data: Uint8Array;
}

/**
 * The blocks (books or chapters) of a testament, each as the paragraphs of its verses: headings and notes are left out,
 * and a text that several verses point to is taken once.
 *
 * @param wide are sizes of verses uint32? (drivers whose name ends in 4)
 */
export function swordToDocuments({ blocks, verses, data }: SwordFiles, wide: boolean): string[][] {
  const index = dataView(blocks);
  const rows = dataView(verses);
  const rowSize = wide ? 12 : 10;
  const markups = new Map<number, { plain: Buffer; texts: string[]; starts: Set<number> }>();
  for (let at = 0; at + rowSize <= verses.byteLength; at += rowSize) {
    const size = wide ? rows.getUint32(at + 8, true) : rows.getUint16(at + 8, true);
    if (size === 0) continue;
    const number = rows.getUint32(at, true);
    const start = rows.getUint32(at + 4, true);
    const block = markups.get(number) ?? { plain: inflated(index, number, data), texts: [], starts: new Set() };
    markups.set(number, block);
    if (block.starts.has(start)) continue;
    block.starts.add(start);
    block.texts.push(block.plain.toString('utf8', start, start + size));
  }
  return [...markups.values()].map(({ texts }) =>
    markupToParagraphs(texts.join(' '), { xml: true, skip: ['note', 'title', 'reference'] }),
  );
}

function inflated(index: DataView, block: number, data: Uint8Array): Buffer {
  const offset = index.getUint32(12 * block, true);
  return inflateSync(data.subarray(offset, offset + index.getUint32(12 * block + 4, true)));
}

function dataView(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
