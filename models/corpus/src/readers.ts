/** @file From the folder of an unpacked package to its documents: one function for each kind of package. */
import { readFileSync } from 'node:fs';
import type { Document } from './document.js';
import { filesUnder, readText } from './files.js';
import { definitions, readDictd } from './formats/dictd.js';
import { readCatalogue } from './formats/gettext.js';
import { manPageToParagraphs } from './formats/man-page.js';
import { type MarkupOptions, markupToParagraphs } from './formats/markup.js';
import { swordToDocuments } from './formats/sword.js';

/** Reads the documents under a folder. */
export type Reader = (folder: string) => Document[];

/** Each matching text file is given to `parse`, whose documents follow each other. */
export function textFiles(pattern: RegExp, parse: (text: string) => Document[]): Reader {
  return (folder) => filesUnder(folder, pattern).flatMap((path) => parse(readText(path)));
}

/** HTML or XML: a file is a document. */
export function markupFiles(pattern: RegExp, options?: MarkupOptions): Reader {
  return textFiles(pattern, (text) => [markupToParagraphs(text, options)]);
}

/** Manual pages: a page is a document. */
export function manPages(pattern: RegExp): Reader {
  return textFiles(pattern, (text) => [manPageToParagraphs(text)]);
}

/** A dictionary of dictd: an entry is a document. */
export const dictionary: Reader = (folder) =>
  filesUnder(folder, /\.index$/).flatMap((path) =>
    readDictd(readText(path), readFileSync(path.replace(/\.index$/, '.dict.dz'))).map(definitions),
  );

/** A SWORD module: a block (chapter or book) is a document. */
export const sword: Reader = (folder) =>
  filesUnder(folder, /\.[bc]zs$/).flatMap((path) =>
    swordToDocuments(readFileSync(path), readFileSync(path.replace(/s$/, 'z'))),
  );

/** gettext catalogues: a message, or its translation, is a document; its lines are paragraphs. Markup is left out. */
export function catalogues(pattern: RegExp, side: 'source' | 'translation'): Reader {
  return (folder) =>
    filesUnder(folder, pattern)
      .flatMap((path) => readCatalogue(readFileSync(path)))
      .map((message) => message[side].replace(/<[^>]*>/g, '').split('\n'));
}
