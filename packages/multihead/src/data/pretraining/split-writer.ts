/** @file Writes the token numbers of one part of a corpus as they come. Read by `token-files.ts`. */
import { createFile, type FileWriter, joinPath } from '#files';
import { packUint64 } from '../../platform/bytes/uint64.js';
import { Hash } from '../../platform/hash.js';
import { type CorpusSplit, type EncodedDocuments, type SplitSummary, splitFiles } from './token-files.js';
import { addDocument } from './token-source.js';

/**
 * Writes one part of a corpus, beside the files' names until `commit`:
 *
 * - `train.tokens`: the token numbers, uint16 or uint32
 * - `train.index`: where each document begins, and the end, in tokens: uint64 [documents + 1]
 * - `train.sentences`: the same of sentences, where they are separated
 *
 * All are little endian, without headers.
 */
export class SplitWriter {
  private readonly mark = new Hash();
  private unknownTokens = 0;

  private constructor(
    private readonly tokens: FileWriter,
    private readonly documents: StartsWriter,
    private readonly sentences: StartsWriter | undefined,
  ) {}

  static async create(folder: string, split: CorpusSplit, hasSentences: boolean): Promise<SplitWriter> {
    const file = splitFiles(split);
    return new SplitWriter(
      await createFile(joinPath(folder, file.tokens)),
      await StartsWriter.create(joinPath(folder, file.documents)),
      hasSentences ? await StartsWriter.create(joinPath(folder, file.sentences)) : undefined,
    );
  }

  async add({ ids, documentLengths, sentenceLengths = [], unknownTokens }: EncodedDocuments): Promise<void> {
    let start = 0;
    for (const length of documentLengths) {
      addDocument(this.mark, ids.subarray(start, start + length));
      start += length;
    }
    this.unknownTokens += unknownTokens;
    await this.tokens.write(new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength));
    await this.documents.add(documentLengths);
    await this.sentences?.add(sentenceLengths);
  }

  get summary(): SplitSummary {
    return {
      documents: this.documents.count,
      tokens: this.documents.end,
      sentences: this.sentences?.count ?? 0,
      unknownTokens: this.unknownTokens,
      fingerprint: this.mark.toString(),
    };
  }

  async commit(): Promise<void> {
    await this.tokens.commit();
    await this.documents.commit();
    await this.sentences?.commit();
  }

  async abandon(): Promise<void> {
    await this.tokens.abandon();
    await this.documents.abandon();
    await this.sentences?.abandon();
  }
}

/** Writes where stretches begin, out of how long they are. */
class StartsWriter {
  /** Number of stretches. */
  count = 0;
  /** Where the next begins. */
  end = 0;

  private constructor(private readonly file: FileWriter) {}

  static async create(path: string): Promise<StartsWriter> {
    return new StartsWriter(await createFile(path));
  }

  async add(lengths: readonly number[]): Promise<void> {
    const starts = lengths.map((length) => {
      this.end += length;
      return this.end - length;
    });
    this.count += lengths.length;
    await this.file.write(packUint64(starts));
  }

  async commit(): Promise<void> {
    await this.file.write(packUint64([this.end]));
    await this.file.commit();
  }

  abandon(): Promise<void> {
    return this.file.abandon();
  }
}
