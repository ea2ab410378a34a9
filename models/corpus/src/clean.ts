/** @file What of a source's paragraphs is kept: natural language of the source's language, in one normal form. */

/** The languages of the corpus; `zh` is Chinese in either script. */
export type Language = 'en' | 'zh';

/** Least length of a paragraph: words of English, characters of Chinese. */
export const LEAST_LENGTH: Record<Language, number> = { en: 8, zh: 12 };

/** The commonest words of English that carry no topic: prose holds one in every few words, a list of options does not. */
const FUNCTION_WORDS = new Set(
  (
    'a about after all also an and any are as at be been but by can could did do does for from had has have he her him ' +
    "his how i if in into is it it's its may me more most my no not of on one or other our out over shall she should so " +
    'some such than that the thee their them then there these they this thou those thy to under unto up upon us was we ' +
    'were what when where which who will with would ye you your'
  ).split(' '),
);

/** Notices and generated lines that stand in many files. */
const BOILERPLATE =
  /copyright|all rights reserved|permission is (hereby )?granted|free software foundation|general public license|creative commons|isbn[ :]|https?:\/\/\S+$|版权所有|自由文档许可|保留所有权利|^(next|previous|up|note|warning|tip|caution|注意|警告)\b[:：]?$/i;

/** A Chinese character, or a punctuation mark as wide as one. */
const WIDE = '[\\p{Script=Han}\\u3000-\\u303f\\uff00-\\uffef]';
const SPACE_IN_CHINESE = new RegExp(`(?<=${WIDE}) (?=${WIDE})`, 'gu');

/**
 * Unicode NFC, one space for any white space and none inside of Chinese; without control and zero-width characters, soft
 * hyphens, a leading bullet, pilcrow or number of section or list.
 */
export function normalize(text: string): string {
  return text
    .normalize('NFC')
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff\ufffd]/gu, '')
    .replace(/^(?: ?[¶•*·]| ?\d+(?:\.\d+)*\.(?= )| ?\(?\d+\))+/, '')
    .replace(/ ?\([\s,;:–-]*\)/g, '') // what is left of references
    .replace(/(?<=\w) (?=[.,;:](?:\s|$))/g, '')
    .replace(SPACE_IN_CHINESE, '')
    .trim();
}

/** Is a normalized paragraph natural language of this language, and at least this long? */
export function isProse(text: string, language: Language, least = LEAST_LENGTH[language]): boolean {
  if (BOILERPLATE.test(text)) return false;
  return language === 'zh' ? isChinese(text, least) : isEnglish(text, least);
}

function isEnglish(text: string, least: number): boolean {
  const words = text.split(' ');
  if (words.length < least) return false;
  const visible = text.replaceAll(' ', '').length;
  const letters = count(text, /[a-z]/gi);
  const lower = count(text, /[a-z]/g);
  if (letters < 0.8 * visible || lower < 0.7 * letters || letters > 9 * words.length) return false;
  const functional = words.filter((word) => FUNCTION_WORDS.has(word.toLowerCase().replace(/^\W+|[.,;:!?)"”’]+$/g, '')));
  return functional.length >= words.length / 8;
}

function isChinese(text: string, least: number): boolean {
  const han = count(text, /\p{Script=Han}/gu);
  const letters = count(text, /[a-z]/gi);
  const kana = count(text, /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu);
  const visible = text.replaceAll(' ', '').length;
  return han >= least && han >= 0.4 * visible && letters <= 0.5 * visible && kana === 0;
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
