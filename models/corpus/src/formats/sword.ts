/** @file The compressed modules of the SWORD project (zText, zCom): blocks of OSIS markup. */
import { inflateSync } from 'node:zlib';
import { markupToParagraphs } from './markup.js';

/**
 * The blocks (books or chapters) of a module as paragraphs, one list for each block.
 *
 * @param index the `.bzs` or `.czs` file: for each block its offset, compressed and plain size (uint32, little-endian)
 * @param data  the `.bzz` or `.czz` file
 */
export function swordToDocuments(index: Uint8Array, data: Uint8Array): string[][] {
  const view = new DataView(index.buffer, index.byteOffset, index.byteLength);
  const documents: string[][] = [];
  for (let at = 0; at + 12 <= index.byteLength; at += 12) {
    const offset = view.getUint32(at, true);
    const size = view.getUint32(at + 4, true);
    if (size === 0) continue;
    const markup = inflateSync(data.subarray(offset, offset + size)).toString('utf8').replaceAll('\u0000', '');
    documents.push(markupToParagraphs(markup, { xml: true, skip: ['note', 'title', 'reference'] }));
  }
  return documents;
}
