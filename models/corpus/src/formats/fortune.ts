/** @file Fortune files: texts parted by a line `%`, with colours and a signed author at times. */
import { stripVTControlCharacters } from 'node:util';
import { type Document, paragraphs } from '../document.js';

/** Each cookie as a document; colours, signatures (`-- Author`) and drawings' indentation are gone. */
export function fortuneToDocuments(text: string): Document[] {
  return text.split(/^%.*$/m).map((cookie) =>
    paragraphs(
      stripVTControlCharacters(cookie)
        .replace(/^\s*(--|——|作者：).*(\n\s{4,}.*)*$/gm, '')
        .replace(/.[\b]/g, '')
        .replace(/^《[^》]*》\s*$/gm, ''),
    ),
  );
}
