/** @file Concatenated documents, cut into blocks of equal size, without padding. */
import { UserError } from '../../platform/errors.js';
import { fingerprintOf } from '../../platform/hash.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import { lastWhere, readItems, type TokenBlocks } from './blocks.js';
import type { TokenSource } from './token-source.js';

/** Options of `packedBlocks`. */
export interface PackingOptions {
  /** Tokens of a block. */
  readonly size: number;
  /**
   * The token behind each document, such as <|endoftext|> or [SEP]. Default: none; documents follow each other directly,
   * without the blank lines between paragraphs. (For a text as it stands, read it with `documents: 'file'`.)
   */
  readonly separatorId?: number | undefined;
  /** Offset of the first block, from 0 to below `size`, which may differ between epochs. Default: 0. */
  readonly shift?: number | undefined;
}

const packingOptionNames = namesOf<PackingOptions>({ size: true, separatorId: true, shift: true });

/**
 * Packs documents into blocks (GPT-2; RoBERTa's FULL-SENTENCES, Liu et al. 2019, section 4.2).
 *
 * The stream is document 0, separator, document 1, separator, ...; block `i` is its tokens
 * `[shift + i * size, shift + (i + 1) * size)`. What the last block leaves over, and the `shift` tokens before the first,
 * are in no block. The shift does not count in the fingerprint: it changes with the epoch.
 *
 * @throws UserError where size or shift is out of range, and where there is not one block
 * @example
 * const blocks = packedBlocks(corpus.train, { size: 1024, separatorId: tokenizer.tokenToId('<|endoftext|>') });
 * const [ids] = await blocks.read([0]);   // Int32Array [1024]
 */
export function packedBlocks(source: TokenSource, options: PackingOptions): TokenBlocks {
  checkOptionNames(options, packingOptionNames, 'packedBlocks');
  const { size, separatorId, shift = 0 } = options;
  checkSize(size);
  if (!Number.isInteger(shift) || shift < 0 || shift >= size) {
    throw new UserError(`shift is ${shift}; a whole number from 0 to below the size, ${size}, was expected`);
  }
  const { documentStarts } = source;
  const documents = documentStarts.length - 1;
  const separators = separatorId === undefined ? 0 : documents;
  const length = Math.max(0, Math.floor((source.length + separators - shift) / size));
  if (length === 0) throw tooFewTokens(source.length + separators - shift, size);

  /** The document in which a place of the stream is, its separator included; at the end, their number. */
  const documentAt = (place: number) =>
    lastWhere(documentStarts.length, (index) => (documentStarts[index] as number) + index <= place);

  async function readPacked(start: number, id: number): Promise<Int32Array> {
    const first = documentAt(start);
    // Before a place of the stream stand as many separators as documents end before it.
    const tokenStart = start - first;
    const ids = await source.read(tokenStart, start + size - documentAt(start + size));
    const block = new Int32Array(size);
    let filled = 0;
    for (let document = first, taken = 0; filled < size; document++) {
      const end = Math.min((documentStarts[document + 1] as number) - tokenStart, ids.length);
      block.set(ids.subarray(taken, end), filled);
      filled += end - taken;
      taken = end;
      if (filled < size) block[filled++] = id;
    }
    return block;
  }

  const read = (block: number) => {
    const start = shift + block * size;
    return separatorId === undefined ? source.read(start, start + size) : readPacked(start, separatorId);
  };
  return {
    length,
    lengthOf: () => size,
    read: (blocks) => readItems(blocks, length, read),
    fingerprint: fingerprintOf('packed', source.fingerprint, size, separatorId ?? 'none'),
  };
}

/** @throws UserError where a block's size is no whole number from 1 */
export function checkSize(size: number): void {
  if (Number.isInteger(size) && size >= 1) return;
  throw new UserError(`the size of a block is ${size}; a whole number of tokens from 1 was expected`);
}

/** The error for a text that is shorter than a block. */
export const tooFewTokens = (tokens: number, size: number): UserError =>
  new UserError(`${tokens} tokens make no block of ${size}; take smaller blocks or more text`);
