/**
 * @file Where words begin and end among tokens, which each kind of tokenizer writes in its own way: WordPiece before the
 * pieces that continue a word (`##ing`), byte-level BPE (`Ġgame`) and SentencePiece (`▁game`) before those that begin one,
 * older BPE behind those that end one (`game</w>`).
 */
import type { TokenizerJson } from '../backends/backend.js';

/** What a token says of the words around it. */
export interface WordBoundaries {
  /** Whether a token is the first of a word, whatever stands before it. */
  begins(token: string): boolean;
  /** Whether a token is the last of a word, whatever stands behind it. */
  ends(token: string): boolean;
}

type Fields = Readonly<Record<string, unknown>>;

const never = () => false;
const always = () => true;

/** Bytes of white space (tab, line feed, carriage return, space) as byte-level tokens write them. */
const whiteSpaceBytes = /^[ĉĊčĠ]/;

/** Pre-tokenizers that part a text at white space, none of which gets into a token. */
const splitters = ['Whitespace', 'WhitespaceSplit', 'BertPreTokenizer'];

/**
 * How a tokenizer writes where words begin; undefined where its tokens do not say.
 *
 * In byte-level BPE and SentencePiece, a word reaches from one white space to the next, with its punctuation, as in fairseq's
 * whole-word masking.
 *
 * @example
 * const boundaries = wordBoundaries({ model: { type: 'WordPiece', vocab: { '[UNK]': 0 }, unk_token: '[UNK]' } });
 * boundaries?.begins('##ing'); // false
 */
export function wordBoundaries(json: TokenizerJson): WordBoundaries | undefined {
  const { model, pre_tokenizer, normalizer, decoder } = json;
  const { type, continuing_subword_prefix: prefix, end_of_word_suffix: suffix } = model;
  if (type === 'WordPiece') return afterPrefix(isText(prefix) ? prefix : '##');
  const [splits, decoders] = [parts(pre_tokenizer), parts(decoder)];
  if ([...splits, ...decoders].some((part) => part.type === 'ByteLevel')) {
    return { begins: (token) => whiteSpaceBytes.test(token), ends: never };
  }
  const space = [...splits, ...decoders].find((part) => part.type === 'Metaspace')?.replacement ?? spaceOf(normalizer);
  if (isText(space)) return { begins: (token) => token.startsWith(space), ends: never };
  if (type === 'BPE' && isText(suffix)) return { begins: never, ends: (token) => token.endsWith(suffix) };
  if (type === 'BPE' && isText(prefix)) return afterPrefix(prefix);
  if (type === 'WordLevel' && splits.some((part) => splitters.includes(part.type as string))) {
    return { begins: always, ends: never };
  }
  return undefined;
}

const afterPrefix = (prefix: string): WordBoundaries => ({ begins: (token) => !token.startsWith(prefix), ends: never });

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** What a normalizer writes for a space. */
const spaceOf = (normalizer: unknown): unknown =>
  parts(normalizer).find(({ type, pattern }) => type === 'Replace' && (pattern as Fields | undefined)?.String === ' ')
    ?.content;

/** The steps of a component of tokenizer.json, which may be a sequence of others. */
function parts(component: unknown): Fields[] {
  if (typeof component !== 'object' || component === null) return [];
  const { pretokenizers, normalizers, decoders } = component as Fields;
  const steps = pretokenizers ?? normalizers ?? decoders;
  return Array.isArray(steps) ? steps.flatMap(parts) : [component as Fields];
}
