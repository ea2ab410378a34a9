/** @file Word-tokenised English back to running text. */

/**
 * WikiText's articles: each `= Title =` starts one. Sentences with an unknown word are left out.
 *
 * @example
 * wikiTextToDocuments(' = Cat = \n The cat sat @-@ still . \n');   // [['The cat sat-still.']]
 */
export function wikiTextToDocuments(text: string): string[][] {
  const documents: string[][] = [];
  for (const line of text.split('\n')) {
    if (/^\s*= [^=].* =\s*$/.test(line)) documents.push([]);
    else if (line.trim() !== '' && !/^\s*=/.test(line)) {
      const sentences = line
        .split(/(?<= [.!?](?: ["'])?) (?=["A-Z])/)
        .filter((sentence) => !sentence.includes('<unk>'));
      if (sentences.length > 0) documents.at(-1)?.push(detokenize(sentences.join(' ')));
    }
  }
  return documents.filter((document) => document.length > 0);
}

/** Tokens to text: punctuation, brackets, quotation marks and clitics join their words again. */
export function detokenize(text: string): string {
  let open = false;
  return text
    .replace(/ @(.)@ /g, '$1')
    .replace(/ ?" ?/g, (mark) => {
      open = !open;
      return open ? `${mark.startsWith(' ') ? ' ' : ''}"` : `"${mark.endsWith(' ') ? ' ' : ''}`;
    })
    .replace(/ ([,.;:!?%)\]])/g, '$1')
    .replace(/([([$£]) /g, '$1')
    .replace(/ ('(?:s|m|re|ve|ll|d)|n't)\b/g, '$1')
    .replace(/(s) ' (?=[a-z])(?![^']* ' )/g, "$1' ") // a possessive: no second mark follows
    .replace(/(^|\s)' ([^']+?) '(?=[\s,.;:!?)]|$)/g, "$1'$2'")
    .replace(/\s+/g, ' ')
    .trim();
}
