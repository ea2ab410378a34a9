/** @file Where sentences end: by line ends and punctuation, the same on every machine. */

/**
 * Parts a text into sentences: at line ends; behind . ! ? … and the quotes and brackets that close, where white space
 * and no small letter follows; and behind the full stops of Chinese and Japanese. Abbreviations are not known: "Mr.
 * Smith" is parted, which does no harm where sentences only say at which places a text may be parted.
 *
 * @returns the sentences without white space around them
 * @example
 * splitSentences('It rains. "Does it?" he asked.\n好。走吧！')   // ['It rains.', '"Does it?" he asked.', '好。', '走吧！']
 */
export function splitSentences(text: string): string[] {
  return text
    .split(boundary)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}

// What follows is looked at first: a lookbehind at each place of a long run of quotes would take quadratic time.
const boundary = /\n+|(?=\s)(?<=[.!?…]["'”’)\]»]*)\s+(?!\p{Ll})|(?![。！？”’」』）】])(?<=[。！？][”’」』）】]*)/u;
