/** @file What a model reads of a text or a pair of texts: stretches of tokens with the special ones around them. */
import { UserError } from '../../platform/errors.js';
import type { RawTokens, Span } from '../backends/backend.js';
import type { TemplatePiece } from './post-processor.js';
import type { Side } from './truncation.js';

/** An encoded text or pair of texts. All lists have one element per token. */
export interface Encoding {
  /** Token ids. */
  readonly inputIds: number[];
  /** 0 for the first text of a pair, 1 for the second. */
  readonly tokenTypeIds: number[];
  /** 1 for every token, since there is no padding. */
  readonly attentionMask: number[];
  /** 1 for special tokens such as [CLS], 0 for others. */
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

/** So many tokens of a text, those at the cut side left out. */
export function cutTo(raw: RawTokens, count: number, side: Side): Stretch {
  const start = side === 'left' ? raw.ids.length - count : 0;
  return { raw, start, end: start + count };
}

/**
 * Puts stretches of one or two texts together. Tokens and their places are looked up when they are first asked for: who
 * trains a classifier never does.
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
  const written = addSpecialTokens ? pieces : pieces.filter((piece) => 'sequence' in piece);
  const stretchOf = (sequence: 'A' | 'B') => texts[sequence] as Stretch;
  /** One list of the encoding: an element a special token, and those of the texts' tokens. */
  const list = <T>(
    ofSpecial: (special: { readonly id: number; readonly token: string }) => T,
    ofText: (raw: RawTokens) => readonly T[],
  ): T[] => {
    const lists = written.map((piece) => {
      if ('special' in piece) return [ofSpecial(piece.special)];
      const { raw, start, end } = stretchOf(piece.sequence);
      return ofText(raw).slice(start, end);
    });
    return ([] as T[]).concat(...lists);
  };
  /** The same, where all tokens of a piece have one value. */
  const fill = <T>(value: (piece: TemplatePiece) => T): T[] => {
    const lists = written.map((piece) => {
      const { start, end } = 'special' in piece ? { start: 0, end: 1 } : stretchOf(piece.sequence);
      return new Array<T>(end - start).fill(value(piece));
    });
    return ([] as T[]).concat(...lists);
  };
  let tokens: string[] | undefined;
  let offsets: Span[] | undefined;
  return {
    inputIds: list(
      ({ id }) => id,
      ({ ids }) => ids,
    ),
    tokenTypeIds: fill(({ typeId }) => typeId),
    attentionMask: fill(() => 1),
    specialTokensMask: fill((piece) => ('special' in piece ? 1 : 0)),
    get tokens() {
      tokens ??= list(
        ({ token }) => token,
        (raw) => raw.tokens,
      );
      return tokens;
    },
    get offsets() {
      offsets ??= list((): Span => [0, 0], knownOffsets);
      return offsets;
    },
    sequenceIds: fill((piece) => ('special' in piece ? null : piece.sequence === 'A' ? 0 : 1)),
  };
}

function knownOffsets({ offsets }: RawTokens): readonly Span[] {
  if (offsets) return offsets;
  throw new UserError(
    'Places of tokens in the text are known in browsers for BERT tokenizers only (BertNormalizer, BertPreTokenizer ' +
      'and WordPiece in tokenizer.json). Use such a model, or Node.',
  );
}
