import { describe, expect, it } from 'vitest';
import { markupToParagraphs } from './markup.js';

describe('markupToParagraphs', () => {
  it('gives a paragraph for each block, inline elements and entities resolved', () => {
    const html = '<h1>Title</h1><p>One &amp; <b>t</b>wo<br>three</p><ul><li>four</li><li>five</li></ul>';
    expect(markupToParagraphs(html)).toEqual(['Title', 'One & two', 'three', 'four', 'five']);
  });

  it('leaves out code, scripts, navigation and what their class says is none', () => {
    const html =
      '<head><title>x</title></head><nav>menu</nav><div class="big navheader">up <p>next</p></div><pre>a = 1</pre>' +
      '<script>if (a < b) c();</script><p>Kept <code>text</code>.</p><a class="headerlink">¶</a>';
    expect(markupToParagraphs(html)).toEqual(['Kept text.']);
  });

  it('survives markup that is not closed or closed too often', () => {
    expect(markupToParagraphs('<p>One<p>Two</b></p></div> three <pre>lost')).toEqual(['One', 'Two', 'three']);
  });

  it('reads XML, whose elements close themselves', () => {
    const mallard =
      '<page><info><desc>Credits</desc></info><title>Sound</title><p>Open the <gui xref="a">menu</gui>.</p><media/><p>Mute.</p></page>';
    expect(markupToParagraphs(mallard, { xml: true })).toEqual(['Sound', 'Open the menu.', 'Mute.']);
  });

  it('leaves out further elements on demand', () => {
    const osis = '<p>Jesus Christ,<note>Messiah <p>x</p></note>the son<note>y</note>. Go .local</p>';
    expect(markupToParagraphs(osis, { skip: ['note'] })).toEqual(['Jesus Christ, the son. Go .local']);
  });
});
