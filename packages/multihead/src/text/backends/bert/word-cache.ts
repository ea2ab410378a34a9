/**
 * @file BERT's tokens by the word: a text's tokens are those of its words, and most words have come before. With the words
 * remembered, the engine sees new ones only: 100,000 lines of English take a quarter of the processor time that the Rust
 * library takes for whole texts. Text whose words are nearly all new takes twice its time.
 *
 * White space, punctuation and Chinese characters part words before anything else is done to them, and BERT's normalizer
 * looks at no character beyond them (Hugging Face's BertNormalizer and BertPreTokenizer), so the tokens are the same.
 */
import { flattenString } from '../../../platform/flatten-string.js';
import type { RawTokens, Span, TokenizerBackend, TokenizerJson } from '../backend.js';
import { isBert } from './bert-encoder.js';
import { isIdeograph } from './unicode.js';

/** How texts come to their tokens. */
export type Encoders = Pick<TokenizerBackend, 'encode' | 'encodeIds'>;

/** At most twice as many words are remembered. Of 800,000 words of English, 3 in 100 were then new. */
const generation = 1 << 15;
/** Longer words are not remembered. In UTF-16 units. */
const longest = 64;

/**
 * Remembers the tokens of words in front of an engine. Engines of tokenizers other than BERT's are given back as they are,
 * as are those with added tokens that are looked for in the normalized text: such a token may go over the end of a word.
 *
 * @param json   the tokenizer.json that the engine was made of
 * @param engine what the result equals
 * @example
 * const { encode, encodeIds } = rememberWords(json, engine);
 * await encodeIds(['hello world']);   // [[7592, 2088]]
 */
export function rememberWords(json: TokenizerJson, engine: Encoders): Encoders {
  const added = json.added_tokens ?? [];
  if (!isBert(json) || added.some((token) => token.normalized)) return engine;
  const parts = partsBy(json.normalizer?.handle_chinese_chars !== false);
  const contents = added.map((token) => token.content);
  const memory = new WordMemory();

  /** The words of each text, with their tokens. */
  const lookUp = async (texts: readonly string[]): Promise<Words[]> => {
    const lacking = new Map<string, number>();
    const found = texts.map((text): FoundWords => {
      const starts: number[] = [];
      const words: (RawTokens | number)[] = [];
      const add = (word: string, start: number) => {
        let tokens: RawTokens | number | undefined = memory.get(word) ?? lacking.get(word);
        if (tokens === undefined) {
          tokens = lacking.size;
          lacking.set(word, tokens);
        }
        words.push(tokens);
        starts.push(start);
      };
      // An added token may be of several words, and takes white space around it: the engine gets the text whole.
      if (contents.some((content) => text.includes(content))) add(text, 0);
      else parts(text, add);
      return { starts, words };
    });
    if (lacking.size === 0) return found as Words[];
    const encoded = await engine.encode([...lacking.keys()]);
    for (const [word, index] of lacking) memory.set(word, encoded[index] as RawTokens);
    return found.map(({ starts, words }) => ({
      starts,
      words: words.map((tokens) => (typeof tokens === 'number' ? (encoded[tokens] as RawTokens) : tokens)),
    }));
  };
  return {
    encode: async (texts) => (await lookUp(texts)).map(tokensOf),
    encodeIds: async (texts) => (await lookUp(texts)).map(({ words }) => words.flatMap(({ ids }) => ids)),
  };
}

/** The words of a text: their tokens, placed as if each word stood alone, and where each begins. */
interface Words {
  readonly starts: readonly number[];
  readonly words: readonly RawTokens[];
}

/** The same, with a number for each word whose tokens are not known yet. */
interface FoundWords {
  readonly starts: number[];
  readonly words: (RawTokens | number)[];
}

/** Tokens and places are put together where they are asked for: most who encode want the numbers alone. */
function tokensOf({ starts, words }: Words): RawTokens {
  let tokens: readonly string[] | undefined;
  let offsets: readonly Span[] | undefined;
  return {
    ids: joined(words.map((word) => word.ids)),
    get tokens() {
      tokens ??= joined(words.map((word) => word.tokens));
      return tokens;
    },
    get offsets() {
      offsets ??= joined(words.map((word, i) => moved(word.offsets as readonly Span[], starts[i] as number)));
      return offsets;
    },
  };
}

const moved = (spans: readonly Span[], by: number) => spans.map(([start, end]): Span => [start + by, end + by]);

/** The lists in one: what flat() does, in a tenth of its time for the many short lists of a text. */
function joined<T>(lists: readonly (readonly T[])[]): T[] {
  const all: T[] = [];
  for (const list of lists) for (const item of list) all.push(item);
  return all;
}

/** Tokens of the words that came last: a word stays while it comes again before as many others as a generation has. */
class WordMemory {
  private young = new Map<string, RawTokens>();
  private old = new Map<string, RawTokens>();

  get(word: string): RawTokens | undefined {
    const young = this.young.get(word);
    if (young) return young;
    const old = this.old.get(word);
    if (old) this.set(word, old);
    return old;
  }

  set(word: string, tokens: RawTokens): void {
    if (word.length > longest) return;
    if (this.young.size >= generation) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(flattenString(word), { ...tokens }); // all of it is read: the engine's own holds more
  }
}

/** The role of a UTF-16 unit: part of a word, separator, or a word alone. */
const [inside, between, alone] = [0, 1, 2];

/** Makes what parts a text into words. Other white space than this is left inside: there, the engine parts them. */
function partsBy(partsIdeographs: boolean): (text: string, add: (word: string, start: number) => void) => void {
  const kinds = new Uint8Array(1 << 16).fill(inside);
  for (const space of ' \t\r\n') kinds[space.charCodeAt(0)] = between;
  for (const punctuation of '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~') kinds[punctuation.charCodeAt(0)] = alone;
  for (let unit = 0x3400; partsIdeographs && unit < 0xfb00; unit++) {
    if (isIdeograph(String.fromCharCode(unit))) kinds[unit] = alone;
  }
  return (text, add) => {
    let start = 0;
    for (let at = 0; at < text.length; at++) {
      const kind = kinds[text.charCodeAt(at)];
      if (kind === inside) continue;
      if (at > start) add(text.slice(start, at), start);
      if (kind === alone) add(text.charAt(at), at);
      start = at + 1;
    }
    if (text.length > start) add(text.slice(start), start);
  };
}
