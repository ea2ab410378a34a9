/** @file The Brown Corpus: lines of `word/tag`, one a sentence, paragraphs indented by a tab. */
import { detokenize } from './detokenize.js';

/** Paragraphs of running text. */
export function brownToParagraphs(text: string): string[] {
  return text
    .split(/\n\s*\n+(?=\t)/)
    .map((paragraph) =>
      detokenize(
        paragraph
          .replace(/\s+/g, ' ')
          .trim()
          .split(' ')
          .map((token) => token.slice(0, token.lastIndexOf('/')))
          .join(' ')
          .replace(/``|''/g, '"')
          .replace(/([?!;:.]) \1/g, '$1'),
      ),
    )
    .filter((paragraph) => paragraph !== '');
}
