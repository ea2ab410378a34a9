/** @file WordNet's data files: each synset's words, gloss and examples as one paragraph. */

/**
 * The paragraphs of a `data.noun`-like file (format: wndb(5WN)): the words, a colon, the definition, the examples.
 *
 * @example
 * wordNetToParagraphs('00001740 00 a 01 able 0 000 | having the means; "able to swim"');   // ['able: having the means. able to swim.']
 */
export function wordNetToParagraphs(data: string): string[] {
  const result: string[] = [];
  for (const line of data.split('\n')) {
    const bar = line.indexOf(' | ');
    if (bar < 0 || !/^\d{8} /.test(line)) continue;
    const fields = line.slice(0, bar).split(' ');
    const count = Number.parseInt(fields[3] ?? '0', 16); // two hexadecimal digits
    const words = Array.from({ length: count }, (_, word) => fields[4 + 2 * word] ?? '').map((word) =>
      word.replace(/\((?:a|p|ip)\)$/, '').replaceAll('_', ' '),
    );
    const gloss = line.slice(bar + 3);
    const examples = [...gloss.matchAll(/"([^"]+)"/g)].map(([, example = '']) => sentence(example));
    const definition = sentence(gloss.replace(/;?\s*"[^"]*"?(\s*-\s*[A-Z][^;"]*)?/g, '').replace(/`([^']*)'/g, '"$1"'));
    result.push([`${words.join(', ')}: ${definition}`, ...examples].join(' '));
  }
  return result;
}

function sentence(text: string): string {
  const trimmed = text.trim().replace(/[;,:]$/, '');
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
