/** @file Documents to token numbers, each on its side of the split: what a worker does to a batch of texts. */

import type { CorpusSplit, EncodedDocuments, TokenType } from '../../data/pretraining/token-files.js';
import { UserError } from '../../platform/errors.js';
import { Hash } from '../../platform/hash.js';
import type { Tokenizer } from '../tokenizer/tokenizer.js';
import { splitSentences } from './sentences.js';

/** How documents are encoded. */
export interface EncoderSettings {
  readonly tokenType: TokenType;
  /** The share of documents that go to validation, 0 to 1. */
  readonly validationShare: number;
  readonly seed: number;
  /** Whether sentences are separated, each encoded alone. */
  readonly sentences: boolean;
}

/** A batch of documents as tokens. */
export interface EncodedBatch extends Record<CorpusSplit, EncodedDocuments> {
  /** Documents of which the tokenizer left nothing. */
  readonly documentsWithoutTokens: number;
}

/**
 * Encodes documents without special tokens. Which side one falls to is a function of its text and the seed: equal
 * documents are on one side.
 *
 * @throws UserError where the tokenizer refuses a text, as some do that have no token for what they do not know
 */
export async function encodeDocuments(
  texts: readonly string[],
  tokenizer: Tokenizer,
  settings: EncoderSettings,
): Promise<EncodedBatch> {
  const parts = texts.map((text) => (settings.sentences ? splitSentences(text) : [text]));
  const encoded = await tokenizer.encodeIds(parts.flat()).catch((cause: unknown) => {
    throw new UserError(`the tokenizer cannot encode a text of the corpus: ${(cause as Error).message}`, { cause });
  });
  const sides = {
    train: new Side(settings, tokenizer.unkId),
    validation: new Side(settings, tokenizer.unkId),
  };
  let documentsWithoutTokens = 0;
  let next = 0;
  for (const [index, text] of texts.entries()) {
    const { length } = parts[index] as string[];
    const sentences = encoded.slice(next, next + length).filter((ids) => ids.length > 0);
    next += length;
    if (sentences.length === 0) documentsWithoutTokens++;
    else sides[sideOf(text, settings)].add(sentences);
  }
  return { train: sides.train.finish(), validation: sides.validation.finish(), documentsWithoutTokens };
}

function sideOf(text: string, { validationShare, seed }: EncoderSettings): CorpusSplit {
  if (validationShare === 0 || validationShare === 1) return validationShare === 0 ? 'train' : 'validation';
  return new Hash(seed).addText(text).toFraction() < validationShare ? 'validation' : 'train';
}

/** The documents of one side. */
class Side {
  private readonly sentences: (readonly number[])[] = [];
  private readonly documentLengths: number[] = [];
  private length = 0;

  constructor(
    private readonly settings: EncoderSettings,
    private readonly unkId: number | undefined,
  ) {}

  add(sentences: readonly (readonly number[])[]): void {
    const length = sentences.reduce((sum, { length }) => sum + length, 0);
    for (const sentence of sentences) this.sentences.push(sentence);
    this.documentLengths.push(length);
    this.length += length;
  }

  finish(): EncodedDocuments {
    const { tokenType, sentences: hasSentences } = this.settings;
    const ids = new (tokenType === 'uint16' ? Uint16Array : Uint32Array)(this.length);
    let filled = 0;
    let unknownTokens = 0;
    for (const sentence of this.sentences) {
      ids.set(sentence, filled);
      filled += sentence.length;
      for (const id of sentence) if (id === this.unkId) unknownTokens++;
    }
    return {
      ids,
      documentLengths: this.documentLengths,
      sentenceLengths: hasSentences ? this.sentences.map(({ length }) => length) : undefined,
      unknownTokens,
    };
  }
}
