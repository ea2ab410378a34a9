/** @file Perl's documentation (POD) to paragraphs of plain text. */
import { joinLines } from '../document.js';

/** The running paragraphs: neither commands (`=head1`) nor verbatim (indented) text. Formatting codes give their text. */
export function podToParagraphs(source: string): string[] {
  const result: string[] = [];
  let documentation = false;
  let hidden = false;
  for (const paragraph of source.split(/\n\s*\n/)) {
    const command = /^\n*=(\w+)/.exec(paragraph)?.[1];
    if (command) {
      documentation = command !== 'cut';
      if (command === 'begin') hidden = true;
      if (command === 'end') hidden = false;
    } else if (documentation && !hidden && !/^\n*[ \t]/.test(paragraph)) {
      result.push(joinLines(withoutCodes(paragraph)));
    }
  }
  return result;
}

function withoutCodes(text: string): string {
  let plain = text.replace(/[BCFIS]<<+ (.*?) >>+/gs, '$1');
  for (let before = ''; before !== plain; ) {
    before = plain;
    plain = plain.replace(/([A-Z])<([^<>]*)>/g, (_, code: string, inner: string) => {
      if (code === 'E') return { lt: '\u0001', gt: '\u0002', verbar: '|', sol: '/' }[inner] ?? '';
      if (code === 'L') return (inner.split('|')[0] ?? '').replace(/^\/"?|"$/g, '');
      return code === 'X' || code === 'Z' ? '' : inner;
    });
  }
  return plain.replaceAll('\u0001', '<').replaceAll('\u0002', '>');
}
