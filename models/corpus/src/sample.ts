/** @file Cuts a large source down to a size, the same documents every time. */
import { createHash } from 'node:crypto';
import type { Document } from './document.js';

/**
 * About `characters` of text, chosen by a hash of each document and kept in their order.
 *
 * @param characters the size wanted; a smaller source is kept whole
 */
export function sampleDocuments(documents: readonly Document[], characters: number): Document[] {
  const total = documents.reduce((sum, document) => sum + length(document), 0);
  if (total <= characters) return [...documents];
  const share = (characters / total) * 2 ** 32;
  return documents.filter(
    (document) => createHash('sha1').update(document.join('\n')).digest().readUInt32BE(0) < share,
  );
}

function length(document: Document): number {
  return document.reduce((sum, paragraph) => sum + paragraph.length, 0);
}
