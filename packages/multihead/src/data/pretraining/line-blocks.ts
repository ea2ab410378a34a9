/** @file Blocks of one document each, for line-by-line training. */
import { UserError } from '../../platform/errors.js';
import { fingerprintOf } from '../../platform/hash.js';
import { checkOptionNames } from '../../platform/option-names.js';
import { lastAtMost, readItems, type TokenBlocks } from './blocks.js';
import { checkSize } from './packed-blocks.js';
import type { TokenSource } from './token-source.js';

/**
 * Makes a block of each document. Documents longer than a block are cut into several, all of `size` tokens except the
 * last; those without tokens are skipped. Read the corpus with `documents: 'line'` for Hugging Face's `line_by_line`.
 *
 * @throws UserError where the size is out of range, and where there are no tokens
 * @example
 * const blocks = lineBlocks(corpus.train, { size: 126 });   // [CLS] and [SEP] make it 128
 * blocks.lengthOf(0);                                       // at most 126
 */
export function lineBlocks(source: TokenSource, options: { readonly size: number }): TokenBlocks {
  checkOptionNames(options, ['size'], 'lineBlocks');
  const { size } = options;
  checkSize(size);
  if (source.length === 0) throw new UserError('there are no tokens to make blocks of');
  const { documentStarts } = source;
  const documents = documentStarts.length - 1;
  const firstBlocks = new Float64Array(documents + 1); // of each document; the last: their number
  for (let i = 0; i < documents; i++) {
    const tokens = (documentStarts[i + 1] as number) - (documentStarts[i] as number);
    firstBlocks[i + 1] = (firstBlocks[i] as number) + Math.ceil(tokens / size);
  }
  const length = firstBlocks[documents] as number;

  /** Where a block stands among the tokens, [start, end). */
  const place = (block: number): [number, number] => {
    const document = lastAtMost(firstBlocks, block);
    const start = (documentStarts[document] as number) + (block - (firstBlocks[document] as number)) * size;
    return [start, Math.min(start + size, documentStarts[document + 1] as number)];
  };

  return {
    length,
    lengthOf(block) {
      const [start, end] = place(block);
      return end - start;
    },
    read: (blocks) => readItems(blocks, length, (block) => source.read(...place(block))),
    fingerprint: fingerprintOf('line', source.fingerprint, size),
  };
}
