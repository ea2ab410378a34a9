import { describe, expect, it } from 'vitest';
import { manPageToParagraphs } from './man-page.js';

const PAGE = String.raw`.\" A comment
.TH HOSTS 5
.SH NAME
hosts \- lookup
.SH DESCRIPTION
The
.I /etc/hosts
file is \fBplain\fP text\(emno more.
A default is
.IR localhost ,
or "none".
.PP
Options:
.TP
.B \-v
Be verbose
or not.
.nf
code here
.fi
.TS
l l.
a	b
.TE
.SS Notes
C:\e and it\(aqs \s-1UNIX\s0.
.SH SEE ALSO
.BR cp (1)
`;

describe('manPageToParagraphs', () => {
  it('gives running text without macros, escapes, code, tables and unwanted sections', () => {
    expect(manPageToParagraphs(PAGE)).toEqual([
      '/etc/hosts file is plain text—no more. A default is localhost, or "none".'.replace(/^/, 'The '),
      'Options:',
      '-v',
      'Be verbose or not.',
      "C:\\ and it's UNIX.",
    ]);
  });

  it('knows the Chinese names of unwanted sections', () => {
    expect(manPageToParagraphs('.SH 概述\ncp 来源\n.SH 描述\n复制文件。\n.SH 作者\n某人')).toEqual(['复制文件。']);
  });

  it('passes over pages in the mdoc macros', () => {
    expect(manPageToParagraphs('.Dd May 1\n.Sh DESCRIPTION\nText.')).toEqual([]);
  });
});
