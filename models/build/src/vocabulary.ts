/**
 * @file The student's vocabulary: the tokens of its teacher that matter most, and the Chinese characters of the corpus. A
 * token that both have begins as the teacher's, and the teacher can read what the student reads.
 */
import type { Tokenizer } from 'multihead';
import type { Unit } from './units.js';

/** How many tokens of each kind. */
export interface VocabularySize {
  /** Words, pieces of words, digits and signs. */
  readonly english: number;
  /** Chinese characters. */
  readonly chinese: number;
}

/** Han characters, and the signs that go with them. Full-width letters are Latin ones after normalization. */
const chineseCharacters = /[\p{Script=Han}\u3001-\u301f\uff01-\uff0f\uff1a-\uff20]/gu;

/** The first of BERT's tokens that is a whole word; from here on they stand in the order of how frequent they are. */
const firstWord = 'the';

/**
 * Chooses a vocabulary. English tokens are ranked by the mean root of their shares in the sources, so that a token of many
 * sources comes before one that is frequent in a few; and, since the corpus knows more of Debian and the Bible than of what
 * people write, for another half by the root of what Zipf's law says of the teacher's own order (a word's share falls with
 * its rank). Letters, digits and signs are always there, so that no English word is unknown.
 *
 * @param sources the texts of each source
 * @returns tokens in the order of their numbers: special ones first, then in the teacher's order, then Chinese characters
 */
export async function chooseVocabulary(
  teacher: Tokenizer,
  sources: readonly (readonly Unit[])[],
  size: VocabularySize,
): Promise<string[]> {
  const tokens = [...teacher.vocabulary].sort(([, a], [, b]) => a - b).map(([token]) => token);
  const roots = await rootShares(teacher, sources);
  const zipf = zipfShares(tokens);
  const special = new Set(teacher.specialIds);
  const isCandidate = (token: string, id: number) =>
    !special.has(id) && !/^\[unused\d+\]$/.test(token) && /^([\x20-\x7e]|[’‘“”–—…£€°]|(##)?[a-z0-9]+)$/u.test(token);
  const score = (id: number) => (roots[id] as number) + Math.sqrt(zipf[id] as number);
  const isLetter = (token: string) => [...token.replace(/^##/, '')].length === 1;
  const candidates = tokens.map((token, id) => ({ token, id })).filter(({ token, id }) => isCandidate(token, id));
  const always = candidates.filter(({ token }) => isLetter(token));
  const ranked = candidates
    .filter(({ token }) => !isLetter(token))
    .sort((a, b) => score(b.id) - score(a.id) || a.id - b.id);
  const chosen = [...always, ...ranked.slice(0, Math.max(0, size.english - always.length))].sort((a, b) => a.id - b.id);
  return [
    ...[...special].sort((a, b) => a - b).map((id) => tokens[id] as string),
    ...chosen.map(({ token }) => token),
    ...frequentCharacters(sources, size.chinese),
  ];
}

/** The root of each token's share of a source's tokens, as a mean over the sources. */
async function rootShares(teacher: Tokenizer, sources: readonly (readonly Unit[])[]): Promise<Float64Array> {
  const means = new Float64Array(teacher.vocabSize);
  const english = sources.map((units) => units.filter(({ isTaught }) => isTaught)).filter(({ length }) => length > 0);
  for (const units of english) {
    const encodings = await teacher.encodeBatch(
      units.map(({ text }) => text),
      { addSpecialTokens: false },
    );
    const counts = new Float64Array(teacher.vocabSize);
    for (const id of encodings.flatMap(({ inputIds: ids }) => ids)) counts[id] = (counts[id] as number) + 1;
    const total = counts.reduce((a, b) => a + b, 0);
    for (const [id, count] of counts.entries()) {
      means[id] = (means[id] as number) + Math.sqrt(count / total) / english.length;
    }
  }
  return means;
}

/** Shares by rank alone, 1 / rank, of the tokens from the first word on; the sum is 1. */
function zipfShares(tokens: readonly string[]): Float64Array {
  const start = tokens.indexOf(firstWord);
  const shares = Float64Array.from(tokens, (_, id) => (id < start ? 0 : 1 / (id - start + 1)));
  const total = shares.reduce((a, b) => a + b, 0);
  return shares.map((share) => share / total);
}

/** The most frequent characters of Chinese text, its signs included, each source counting the same. */
function frequentCharacters(sources: readonly (readonly Unit[])[], count: number): string[] {
  const shares = new Map<string, number>();
  for (const units of sources) {
    const characters = units.flatMap(({ text, isTaught }) => (isTaught ? [] : (text.match(chineseCharacters) ?? [])));
    for (const character of characters) shares.set(character, (shares.get(character) ?? 0) + 1 / characters.length);
  }
  const codePoint = (character: string) => character.codePointAt(0) as number;
  return [...shares]
    .sort(([a, n], [b, m]) => m - n || codePoint(a) - codePoint(b))
    .slice(0, count)
    .map(([character]) => character);
}
