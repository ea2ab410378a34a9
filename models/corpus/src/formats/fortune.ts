/** @file Fortune files: texts parted by a line `%`, with colours and a signed author at times. */
import { type Document, paragraphs } from '../document.js';

/** Each cookie as a document; colours, signatures (`-- Author`) and drawings' indentation are gone. */
export function fortuneToDocuments(text: string): Document[] {
  return text.split(/^%.*$/m).map((cookie) =>
    paragraphs(
      cookie
        .replace(/\u001b\[[\d;]*m/g, '') // biome-ignore lint/suspicious/noControlCharactersInRegex: ANSI colours
        .replace(/^\s*(--|——|作者：).*(\n\s{4,}.*)*$/gm, '')
        .replace(/.\u0008/g, '')
        .replace(/^《[^》]*》\s*$/gm, ''),
    ),
  );
}
