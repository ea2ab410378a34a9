/** @file Manual pages (troff with the man macros) to paragraphs of plain text. */

/** Sections that are no prose, in English and Chinese. */
const SKIPPED_SECTION =
  /^"?(synopsis|see also|colophon|authors?|copyright|copying|reporting bugs|bugs reports?|history|versions?|conforming to|standards|attributes|name|名称|名稱|名字|概述|概要|总览|總覽|参见|參見|参阅|參閱|另见|另見|又见|版权|版權|著作权|作者|报告错误|报告程序缺陷|中文版维护人|中文版最新更新|《.*|跋|译者|翻译.*|中文手册.*|.*手册页.*)"?$/i;
const FONT_MACRO = /^(B|I|SM|SB|R)$/;
const ALTERNATING_MACRO = /^(BR|BI|IB|IR|RB|RI)$/;
const BREAK_MACRO = /^(PP|P|LP|IP|HP|RS|RE|br|sp|SS|SH|UR|UE|TQ)$/;
// biome-ignore format: a table
const SPECIAL: Record<string, string> = {
  aq: "'", dq: '"', lq: '“', rq: '”', oq: '‘', cq: '’', em: '—', en: '–', hy: '-', bu: '•', co: '©', rg: '®', tm: '™',
  ti: '~', ha: '^', rs: '\\', ga: '`', mu: '×', '+-': '±', '->': '→', '<=': '≤', '>=': '≥', '!=': '≠', de: '°', mc: 'µ',
};

/**
 * The paragraphs of a manual page, without its synopsis, tables, code and credits. A page in the mdoc macros gives none.
 *
 * @example
 * manPageToParagraphs('.SH DESCRIPTION\nThe\n.I file\nis read.');   // ['The file is read.']
 */
export function manPageToParagraphs(source: string): string[] {
  if (/^\.Dd\b/m.test(source)) return [];
  const result: string[] = [];
  let words: string[] = [];
  let hiddenUntil: RegExp | undefined; // code, a table or a macro's definition
  let sectionHidden = false;
  let tag = false; // the line after .TP is the tag of the item

  const flush = () => {
    const paragraph = words.join(' ').replace(/\s+/g, ' ').trim();
    if (paragraph !== '' && !sectionHidden) result.push(paragraph);
    words = [];
  };
  const add = (text: string) => {
    words.push(text);
    if (tag) flush();
    tag = false;
  };

  for (const line of source.split('\n')) {
    if (hiddenUntil) {
      if (hiddenUntil.test(line)) hiddenUntil = undefined;
      continue;
    }
    const request = /^[.']\s*([A-Za-z]+|\\")?\s*(.*)$/.exec(line);
    if (!request) {
      if (line.trim() === '') flush();
      else add(plain(line));
      continue;
    }
    const [, name = '', rest = ''] = request;
    if (name === 'nf' || name === 'EX') hiddenUntil = /^\.\s*(fi|EE)\b/;
    else if (name === 'TS') hiddenUntil = /^\.TE\b/;
    else if (name === 'de' || name === 'ig') hiddenUntil = /^\.\.\s*$/;
    else if (FONT_MACRO.test(name)) add(plain(arguments_(rest).join(' ')));
    else if (ALTERNATING_MACRO.test(name)) add(plain(arguments_(rest).join('')));
    else if (name === 'TP') {
      flush();
      tag = true;
    } else if (BREAK_MACRO.test(name)) {
      flush();
      tag = false;
      if (name === 'SH') sectionHidden = SKIPPED_SECTION.test(plain(rest).trim());
    }
  }
  flush();
  return result;
}

/** The arguments of a macro: words, or parts between double quotes. */
function arguments_(text: string): string[] {
  return [...text.matchAll(/"((?:[^"]|"")*)"?|(\\.|[^\s"])+/g)].map((match) => match[1] ?? match[0]);
}

/** A line without troff's escapes. */
function plain(line: string): string {
  return line
    .replace(/\\".*$/, '')
    .replace(/\\[(]([\s\S]{2})|\\\[([^\]]*)\]/g, (_, two?: string, long?: string) => SPECIAL[two ?? long ?? ''] ?? '')
    .replace(/\\f(\[[^\]]*\]|\(..|.)/g, '')
    .replace(/\\\*(\[[^\]]*\]|\(..|.)/g, '')
    .replace(/\\s[-+]?\d+/g, '')
    .replace(/\\[mnhv](\[[^\]]*\]|\(..|'[^']*'|.)/g, '')
    .replace(/\\[ ~0]/g, ' ')
    .replace(/\\e/g, '\u0000')
    .replace(/\\([-'`.])/g, '$1')
    .replace(/\\./g, '')
    .replaceAll('\u0000', '\\');
}
