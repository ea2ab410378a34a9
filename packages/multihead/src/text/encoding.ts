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
 * Puts stretches of one or two texts together.
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
  const encoding: Encoding = {
    ids: [],
    typeIds: [],
    attentionMask: [],
    specialTokensMask: [],
    tokens: [],
    offsets: [],
    sequenceIds: [],
  };
  const push = (id: number, token: string, typeId: number, offset: Span, sequenceId: 0 | 1 | null) => {
    encoding.ids.push(id);
    encoding.typeIds.push(typeId);
    encoding.attentionMask.push(1);
    encoding.specialTokensMask.push(sequenceId === null ? 1 : 0);
    encoding.tokens.push(token);
    encoding.offsets.push(offset);
    encoding.sequenceIds.push(sequenceId);
  };
  for (const piece of pieces) {
    if ('special' in piece) {
      if (addSpecialTokens) push(piece.special.id, piece.special.token, piece.typeId, [0, 0], null);
      continue;
    }
    const { raw, start, end } = texts[piece.sequence] as Stretch;
    const sequenceId = piece.sequence === 'A' ? 0 : 1;
    for (let i = start; i < end; i++) {
      push(raw.ids[i] as number, raw.tokens[i] as string, piece.typeId, raw.offsets?.[i] ?? [0, 0], sequenceId);
    }
  }
  return texts.A.raw.offsets ? encoding : withoutOffsets(encoding);
}

/** An encoding that says so where its offsets are asked for and not known. */
function withoutOffsets(encoding: Encoding): Encoding {
  return Object.defineProperty(encoding, 'offsets', {
    get(): never {
      throw new UserError(
        'Places of tokens in the text are known in browsers for BERT tokenizers only (BertNormalizer, BertPreTokenizer ' +
          'and WordPiece in tokenizer.json). Use such a model, or Node.',
      );
    },
  });
}
