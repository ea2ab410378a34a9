/** @file The concatenated token ids of documents, in a file or in memory. */
import { UserError } from '../../platform/errors.js';
import { Hash } from '../../platform/hash.js';

/** The tokens of documents, without special tokens, one document behind the other. */
export interface TokenSource {
  /** Number of tokens. */
  readonly length: number;
  /** Where each document begins; one element more for the end. [documents + 1] */
  readonly documentStarts: Float64Array;
  /** Where each sentence begins, if sentences were told apart; one element more for the end. [sentences + 1] */
  readonly sentenceStarts?: Float64Array | undefined;
  /** Fingerprint of the tokens and the documents' lengths. */
  readonly fingerprint: string;
  /** The tokens [start, end). */
  read(start: number, end: number): Promise<Int32Array>;
}

/**
 * Creates a source of tokens in memory, for browsers and small texts.
 *
 * @param documents token numbers of each document, or of each of its sentences
 * @throws UserError for what is no token number
 * @example
 * const blocks = packedBlocks(tokensInMemory([[5, 6, 7], [8, 9]]), { size: 2, separatorId: 0 });
 * await blocks.read([0, 1]);   // [[5, 6], [7, 0]]
 */
export function tokensInMemory(
  documents: readonly (readonly number[] | Int32Array | readonly (readonly number[])[])[],
): TokenSource {
  const documentStarts = [0];
  const sentenceStarts = [0];
  const ids: number[] = [];
  let hasSentences = false;
  for (const document of documents) {
    const isParted = Array.isArray(document[0]);
    hasSentences ||= isParted;
    for (const sentence of isParted ? (document as number[][]) : [document as number[]]) {
      for (const id of sentence) ids.push(id);
      if (sentence.length > 0) sentenceStarts.push(ids.length);
    }
    documentStarts.push(ids.length);
  }
  const wrong = ids.find((id) => !Number.isInteger(id) || id < 0 || id > 0x7fffffff);
  if (wrong !== undefined) throw new UserError(`${wrong} is no token number; whole numbers from 0 were expected`);
  const tokens = Int32Array.from(ids);
  return {
    length: tokens.length,
    documentStarts: Float64Array.from(documentStarts),
    sentenceStarts: hasSentences ? Float64Array.from(sentenceStarts) : undefined,
    fingerprint: fingerprintOfTokens(tokens, documentStarts),
    read: async (start, end) => tokens.slice(start, end),
  };
}

/** Computes the fingerprint of a source: each document's tokens and length, in order. */
function fingerprintOfTokens(tokens: Int32Array, documentStarts: readonly number[]): string {
  const mark = new Hash();
  for (let i = 1; i < documentStarts.length; i++) {
    const [start, end] = [documentStarts[i - 1] as number, documentStarts[i] as number];
    addDocument(mark, tokens.subarray(start, end));
  }
  return mark.toString();
}

/** Adds a document to the fingerprint of a source. */
export function addDocument(mark: Hash, ids: ArrayLike<number>): void {
  for (let i = 0; i < ids.length; i++) mark.add(ids[i] as number);
  mark.add(ids.length);
}
