/** @file The Chinese sources, in simplified and traditional script: stories, classics, then manuals. */
import { fortuneToDocuments } from './formats/fortune.js';
import { crawlToDocuments } from './formats/game-text.js';
import { poetryToDocuments } from './formats/poetry.js';
import { debian, npm, shared, WESNOTH } from './origins.js';
import { manPages, markupFiles, textFiles, wesnoth } from './readers.js';
import type { Source } from './sources.js';

const MILLION = 1_000_000;

export const CHINESE_SOURCES: readonly Source[] = [
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
    from: WESNOTH,
    language: 'zh',
    kind: 'narrative',
    licence: 'GPL-2.0-or-later',
    least: 5,
    read: wesnoth('zh_CN'),
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
    licence: 'verbatim and modified copies allowed under the same notice',
    read: markupFiles(/FAQ\/zh-cn\/[^/]*\.html$/),
  },
  {
    name: 'installation-guide-zh',
    from: debian('installation-guide-amd64'),
    language: 'zh',
    kind: 'manual',
    licence: 'GPL-2.0',
    read: markupFiles(/zh_CN\/.*\.html$/),
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
    read: manPages(/man\/zh_CN\/man[1-8]\/.*\.gz$/),
  },
];
