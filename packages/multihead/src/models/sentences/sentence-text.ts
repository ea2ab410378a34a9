/** @file Texts as the tokenizer gets them, where sentence-transformers' files say how. */

/** What is done to a text before the tokenizer sees it. */
export interface SentenceTextOptions {
  /** What stands before it. */
  readonly prompt: string;
  /** Whether both are put in lower case. */
  readonly doLowerCase?: boolean | undefined;
}

/** A text behind its prompt. Lower case is by character, as Hugging Face's tokenizers have it. */
export function sentenceText(text: string, { prompt, doLowerCase = false }: SentenceTextOptions): string {
  const prompted = `${prompt}${text}`;
  return doLowerCase ? Array.from(prompted, (character) => character.toLowerCase()).join('') : prompted;
}
