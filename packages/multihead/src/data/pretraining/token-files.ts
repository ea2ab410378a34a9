/**
 * @file Files of token ids with random access: the format of a tokenized corpus on disk. Written by `split-writer.ts`.
 */
import { exists, fileSize, joinPath, readBytes, readRange } from '#files';
import { unpackUint64 } from '../../platform/bytes/uint64.js';
import { UserError } from '../../platform/errors.js';
import { namesOf } from '../../platform/option-names.js';
import type { TokenSource } from './token-source.js';

/** A split of a corpus. */
export type CorpusSplit = 'train' | 'validation';

/** The type of a token number in a file, little endian; uint16 where the vocabulary has at most 65,536 tokens. */
export type TokenType = 'uint16' | 'uint32';

/** What corpus.json says of one part of a corpus. */
export interface SplitSummary {
  readonly documents: number;
  readonly tokens: number;
  /** 0 where sentences were not told apart. */
  readonly sentences: number;
  /** Tokens that stand for what the vocabulary lacks. */
  readonly unknownTokens: number;
  /** See {@link TokenSource.fingerprint}. */
  readonly fingerprint: string;
}

/** Options for opening a tokenized corpus. */
export interface OpenCorpusOptions {
  /** Maximum size in bytes of token files that are held in memory. Default: 256 MB. */
  readonly heldInMemory?: number | undefined;
}

export const openCorpusOptionNames = namesOf<OpenCorpusOptions>({ heldInMemory: true });

/** Documents of one part of a corpus, as tokens. */
export interface EncodedDocuments {
  /** All documents' tokens, one document behind the other. */
  readonly ids: Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;
  /** Tokens of each document; each has some. */
  readonly documentLengths: readonly number[];
  /** Tokens of each sentence, where sentences are separated; none is empty. */
  readonly sentenceLengths: readonly number[] | undefined;
  /** Tokens that stand for what the vocabulary lacks. */
  readonly unknownTokens: number;
}

/** The files of one part. */
export const splitFiles = (split: CorpusSplit) => ({
  tokens: `${split}.tokens`,
  documents: `${split}.index`,
  sentences: `${split}.sentences`,
});

/**
 * Opens one part of a corpus. The index is held in memory, and so are the tokens of a file that is small enough, once
 * they are read from; of a larger file, only what is asked for is read.
 *
 * @throws UserError where a file is missing or has not the size that corpus.json says
 */
export async function openTokenFiles(
  folder: string,
  split: CorpusSplit,
  summary: SplitSummary,
  type: TokenType,
  { heldInMemory = 256 * 2 ** 20 }: OpenCorpusOptions = {},
): Promise<TokenSource> {
  const file = splitFiles(split);
  const path = joinPath(folder, file.tokens);
  const width = type === 'uint16' ? 2 : 4;
  await checkBytes(path, summary.tokens * width);
  const isHeld = summary.tokens * width <= heldInMemory;
  let held: Promise<Uint8Array<ArrayBuffer>> | undefined;
  const bytesOf = async (start: number, end: number) => {
    if (!isHeld) return readRange(path, start, end);
    held ??= readBytes(path);
    return (await held).subarray(start, end);
  };
  return {
    length: summary.tokens,
    documentStarts: await readStarts(joinPath(folder, file.documents), summary.documents),
    sentenceStarts:
      summary.sentences > 0 ? await readStarts(joinPath(folder, file.sentences), summary.sentences) : undefined,
    fingerprint: summary.fingerprint,
    async read(start, end) {
      const bytes = (await bytesOf(start * width, end * width)).slice();
      return new Int32Array(type === 'uint16' ? new Uint16Array(bytes.buffer) : new Uint32Array(bytes.buffer));
    },
  };
}

async function readStarts(path: string, count: number): Promise<Float64Array> {
  await checkBytes(path, (count + 1) * 8);
  return unpackUint64(await readBytes(path));
}

async function checkBytes(path: string, expected: number): Promise<void> {
  const size = (await exists(path)) ? await fileSize(path) : undefined;
  if (size === expected) return;
  const found = size === undefined ? 'is missing' : `has ${size} bytes; corpus.json says ${expected}`;
  throw new UserError(`${path}: ${found}. Tokenize the corpus anew.`);
}
