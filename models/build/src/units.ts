/** @file A corpus as short texts: paragraphs cut between sentences, so that a teacher can give each a vector. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** A short text to learn from. */
export interface Unit {
  readonly text: string;
  /** The text whose teacher's vector is this one's too: itself, a translation, or none. */
  readonly taughtAs: string | undefined;
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
 * Cuts a paragraph into units. English ones are taught by their own vectors; the teacher knows no Chinese.
 *
 * @example
 * unitsOf('Good day. It rains.')   // [{ text: 'Good day. It rains.', taughtAs: 'Good day. It rains.' }]
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
    .map((text) => ({ text, taughtAs: chinese ? undefined : text }));
}

function pieces(sentence: string, limit: number): string[] {
  return Array.from({ length: Math.ceil(sentence.length / limit) }, (_, i) =>
    sentence.slice(i * limit, (i + 1) * limit),
  );
}

/** The units of a text file: a paragraph a line. Lines with a tab are translations: English, then Chinese. */
export function readUnits(path: string): Unit[] {
  const isPairs = basename(path).includes('tatoeba');
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [english, chinese] = line.split('\t');
      if (!isPairs || english === undefined || chinese === undefined) return unitsOf(line);
      return [
        { text: english, taughtAs: english },
        { text: chinese, taughtAs: english },
      ];
    });
}
