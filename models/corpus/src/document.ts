/** @file What every format is turned into: documents of paragraphs. */

/** Paragraphs of plain text that belong together, in their order. */
export type Document = readonly string[];

/** Cuts plain text at its blank lines; the lines of a paragraph become one. Chinese lines join without a space. */
export function paragraphs(text: string): string[] {
  return text
    .split(/\n\s*\n/)
    .map(joinLines)
    .filter((paragraph) => paragraph !== '');
}

/** Undoes hard line breaks: a space for each, but nothing between two Chinese characters or punctuation marks. */
export function joinLines(text: string): string {
  return text
    .trim()
    .replace(
      /(?<=[\p{Script=Han}\u3000-\u303f\uff00-\uffef])\s*\n\s*(?=[\p{Script=Han}\u3000-\u303f\uff00-\uffef])/gu,
      '',
    )
    .replace(/\s+/g, ' ');
}
