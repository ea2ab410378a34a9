/** @file From the folder of an unpacked package to its documents: one function for each kind of package. */
import { readFileSync } from 'node:fs';
import { type Document, paragraphs } from './document.js';
import { filesUnder, readText } from './files.js';
import { type DictionaryEntry, definitions, readDictd } from './formats/dictd.js';
import { readCatalogue } from './formats/gettext.js';
import { manPageToParagraphs } from './formats/man-page.js';
import { type MarkupOptions, markupToParagraphs } from './formats/markup.js';
import { swordToDocuments } from './formats/sword.js';
import { wmlMessages } from './formats/wml.js';

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

/** A dictionary of dictd: an entry is a document, its definitions are the paragraphs. */
export const dictionary: Reader = (folder) => dictionaryEntries(folder).map(definitions);

/** A dictionary of dictd whose entries read as they stand. */
export const dictionaryText: Reader = (folder) => dictionaryEntries(folder).map(({ text }) => paragraphs(text));

function dictionaryEntries(folder: string): DictionaryEntry[] {
  return filesUnder(folder, /\.index$/).flatMap((path) =>
    readDictd(readText(path), readFileSync(path.replace(/\.index$/, '.dict.dz'))),
  );
}

/** A SWORD module: a block (chapter or book) is a document. */
export const sword: Reader = (folder) => {
  const wide = /^ModDrv=\w+4$/m.test(
    filesUnder(folder, /\.conf$/)
      .map(readText)
      .join('\n'),
  );
  return filesUnder(folder, /\.[bc]zs$/).flatMap((path) => {
    const sibling = (letter: string) => readFileSync(path.replace(/s$/, letter));
    const verses = sibling('v');
    // Matthew Henry's module says zCom4, but its rows are 10 bytes.
    const rows = wide && verses.byteLength % 12 === 0;
    return swordToDocuments({ blocks: sibling('s'), verses, data: sibling('z') }, rows);
  });
};

/** Wesnoth's messages in the order of its files, a file a document; in Chinese by the catalogues beside them. */
export function wesnoth(language: 'en' | 'zh_CN'): Reader {
  return (folder) => {
    const messages = filesUnder(folder, /\/zh_CN\/LC_MESSAGES\/.*\.mo$/).flatMap((path) =>
      readCatalogue(readFileSync(path)),
    );
    const translations = new Map(messages.map(({ source, translation }) => [source, translation]));
    const translated = (message: string) => (language === 'en' ? message : (translations.get(message) ?? ''));
    return filesUnder(folder, /\/data\/.*\.cfg$/).map((path) =>
      wmlMessages(readText(path)).flatMap((message) =>
        translated(message)
          .replace(/<[^>]*>/g, '')
          .split('\n'),
      ),
    );
  };
}
