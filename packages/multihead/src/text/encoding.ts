/** @file What a model reads of a text or a pair of texts: stretches of tokens with the special ones around them. */
import { UserError } from '../errors.js';
import type { RawTokens, Span } from './backend.js';
import type { TemplatePiece } from './template.js';

/** A text, or a pair of texts, as a model reads it. All lists have one element a token. */
export interface Encoding {
  readonly ids: number[];
  /** Segment: 0 for the first text, 1 for the second. */
  readonly typeIds: number[];
  /** 1 for every token: there is no padding yet. */
  readonly attentionMask: number[];
  /** 1 for tokens that no text has, such as [CLS]. */
  readonly specialTokensMask: number[];
  readonly tokens: string[];
  /**
   * UTF-16 indices into the text that the token is of: `text.slice(start, end)`. [0, 0] for special tokens. Reading them
   * throws a UserError in browsers for tokenizers other than BERT's (byte-level BPE, Unigram), where they are not known.
   */
  readonly offsets: Span[];
  /** Which text a token is of, 0 or 1; null for special tokens. */
  readonly sequenceIds: (0 | 1 | null)[];
}

/** A stretch of a tokenized text: its tokens [start, end). */
export interface Stretch {
  readonly raw: RawTokens;
  readonly start: number;
  readonly end: number;
}

/**
 * Puts stretches of one or two texts together. Tokens and their places, which few readers need and which take more time than
 * all else, are put together when they are read.
 *
 * @param pieces            the arrangement, by the template
 * @param texts             the first text and, where the arrangement has one, the second
 * @param addSpecialTokens  whether the arrangement's special tokens are written
 */
export function assemble(
  pieces: readonly TemplatePiece[],
  texts: { readonly A: Stretch; readonly B: Stretch | undefined },
  addSpecialTokens: boolean,
): Encoding {
  const written = addSpecialTokens ? pieces : pieces.filter((piece) => !('special' in piece));
  /** One value a token: of a special token, or of the one at a place of a text. */
  function list<T>(
    ofSpecial: (piece: SpecialPiece) => T,
    ofText: (raw: RawTokens, piece: TextPiece) => (i: number) => T,
  ) {
    const values: T[] = [];
    for (const piece of written) {
      if ('special' in piece) {
        values.push(ofSpecial(piece));
        continue;
      }
      const { raw, start, end } = texts[piece.sequence] as Stretch;
      const valueAt = ofText(raw, piece);
      for (let i = start; i < end; i++) values.push(valueAt(i));
    }
    return values;
  }
  const always =
    <T>(value: T) =>
    () =>
      value;
  let tokens: string[] | undefined;
  let offsets: Span[] | undefined;
  return {
    ids: list(
      ({ special }) => special.id,
      ({ ids }) =>
        (i) =>
          ids[i] as number,
    ),
    typeIds: list(
      ({ typeId }) => typeId,
      (_, { typeId }) => always(typeId),
    ),
    attentionMask: list(
      () => 1,
      () => always(1),
    ),
    specialTokensMask: list(
      () => 1,
      () => always(0),
    ),
    get tokens() {
      tokens ??= list(
        ({ special }) => special.token,
        (raw) => (i) => raw.tokens[i] as string,
      );
      return tokens;
    },
    get offsets() {
      offsets ??= list(
        (): Span => [0, 0],
        (raw) => placesIn(raw),
      );
      return offsets;
    },
    sequenceIds: list<0 | 1 | null>(
      () => null,
      (_, { sequence }) => always(sequence === 'A' ? 0 : 1),
    ),
  };
}

type SpecialPiece = Extract<TemplatePiece, { special: unknown }>;
type TextPiece = Extract<TemplatePiece, { sequence: unknown }>;

function placesIn({ offsets }: RawTokens): (i: number) => Span {
  if (offsets) return (i) => offsets[i] as Span;
  throw new UserError(
    'Places of tokens in the text are known in browsers for BERT tokenizers only (BertNormalizer, BertPreTokenizer ' +
      'and WordPiece in tokenizer.json). Use such a model, or Node.',
  );
}
