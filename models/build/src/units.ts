/** @file A corpus as short texts: paragraphs cut between sentences, so that a teacher can give each a vector. */
import { readFileSync } from 'node:fs';

/** A short text to learn from. */
export interface Unit {
  readonly text: string;
  /** Whether the teacher knows its language. */
  readonly isTaught: boolean;
}

/** The most characters of a unit: some fifty tokens of English, or of Chinese, where a character is one. */
const longest = { english: 240, chinese: 60 } as const;

/** Fewer characters are no sentence. */
const shortest = 12;

const isChinese = (text: string): boolean => (text.match(/\p{Script=Han}/gu)?.length ?? 0) > text.length / 4;

/** Sentences with what ends them. */
const sentences = (paragraph: string): string[] =>
  paragraph.match(/.+?(?:[.!?]["')\]]*(?=\s)|[。！？；]["”’）]*|$)/gsu) ?? [];

/**
 * Cuts a paragraph into units. The teacher knows English, and no Chinese.
 *
 * @example
 * unitsOf('Good day. It rains.')   // [{ text: 'Good day. It rains.', isTaught: true }]
 */
export function unitsOf(paragraph: string): Unit[] {
  const chinese = isChinese(paragraph);
  const limit = chinese ? longest.chinese : longest.english;
  const texts: string[] = [];
  for (const sentence of sentences(paragraph).flatMap((s) => pieces(s, limit))) {
    const last = texts.at(-1);
    if (last !== undefined && last.length + sentence.length <= limit) texts[texts.length - 1] = last + sentence;
    else texts.push(sentence);
  }
  return texts
    .map((text) => text.trim())
    .filter((text) => text.length >= (chinese ? 4 : shortest))
    .map((text) => ({ text, isTaught: !chinese }));
}

function pieces(sentence: string, limit: number): string[] {
  return Array.from({ length: Math.ceil(sentence.length / limit) }, (_, i) =>
    sentence.slice(i * limit, (i + 1) * limit),
  );
}

/** The units of a text file: a paragraph a line. */
export const readUnits = (path: string): Unit[] => readFileSync(path, 'utf8').split('\n').flatMap(unitsOf);
