/** @file HTML and XML (Mallard, DocBook's HTML, Sphinx, OSIS) to paragraphs of plain text. */
import { Parser } from 'htmlparser2';

/** Elements whose start and end part two paragraphs. Every other element is taken as inline. */
const BLOCKS = new Set(
  (
    'address article blockquote body br caption center chapter dd desc div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr ' +
    'item l lb lg li main milestone note ol p page section steps table tbody td terms tfoot th thead title tr ul verse'
  ).split(' '),
);

/** Elements whose text is no prose: scripts, code blocks, navigation, credits. */
const SKIPPED = new Set(
  (
    'aside audio button code-block head header footer form info media nav noscript note-foot object pre screen script ' +
    'select style svg template video'
  ).split(' '),
);

/** Class names by which DocBook, Sphinx, LibreOffice and Texinfo mark navigation, code and notices. */
const SKIPPED_CLASSES = new Set(
  (
    'navheader navfooter toc related sphinxsidebar headerlink highlight footer navigation nav_panel header relatedtopics ' +
    'programlisting screen synopsis legalnotice copyright author index contents documentwrapper-nav example-code ' +
    'docnav translation-banner embedded howtoget bug-report'
  ).split(' '),
);

/** Stands where an element was left out: a space, but none before punctuation. */
const LEFT_OUT = '\ue000';
const BEFORE_PUNCTUATION = /\ue000+(?=[.,;:!?”’)\]])/g;

/** How a family of files is read. */
export interface MarkupOptions {
  /** Read as XML: names keep their case, and every element may close itself. */
  readonly xml?: boolean;
  /** Further elements to leave out. */
  readonly skip?: readonly string[];
}

/**
 * The paragraphs of an HTML or XML text, in their order, entities resolved.
 *
 * @example
 * markupToParagraphs('<p>One &amp; <b>two</b></p><pre>x = 1</pre>');   // ['One & two']
 */
export function markupToParagraphs(markup: string, { xml = false, skip = [] }: MarkupOptions = {}): string[] {
  const skipped = new Set([...SKIPPED, ...skip]);
  const result: string[] = [];
  const open: boolean[] = []; // of each open element: is its text left out?
  let hidden = 0;
  let text = '';

  const flush = () => {
    const paragraph = text.replace(BEFORE_PUNCTUATION, '').replaceAll(LEFT_OUT, ' ').replace(/\s+/g, ' ').trim();
    if (paragraph !== '') result.push(paragraph);
    text = '';
  };
  const parser = new Parser(
    {
      onopentag(name, { class: classes = '' }) {
        const hides = skipped.has(name) || classes.split(' ').some((one) => SKIPPED_CLASSES.has(one));
        open.push(hides);
        if (hides) hidden += 1;
        else if (hidden === 0 && BLOCKS.has(name)) flush();
      },
      onclosetag(name) {
        const hid = open.pop();
        if (hid) hidden -= 1;
        if (hidden > 0) return;
        if (hid) text += LEFT_OUT;
        else if (BLOCKS.has(name)) flush();
      },
      ontext(data) {
        if (hidden === 0) text += data;
      },
    },
    { xmlMode: xml, decodeEntities: true },
  );
  parser.end(markup);
  flush();
  return result;
}
