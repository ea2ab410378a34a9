/** @file Reads, encodes and writes a corpus: texts go to workers in batches, and come back in their order. */
import { joinPath, remove, writeAtomically } from '#files';
import { createEncoderPool } from '#tokenize-workers';
import type { CorpusNote } from '../../data/corpus/corpus-warnings.js';
import { type CorpusDocument, readCorpus } from '../../data/corpus/read-corpus.js';
import {
  type CorpusOrigin,
  type CorpusSummary,
  type SourceStamp,
  summaryPath,
} from '../../data/pretraining/corpus-folder.js';
import { SplitWriter } from '../../data/pretraining/split-writer.js';
import { type CorpusSplit, splitFiles, type TokenType } from '../../data/pretraining/token-files.js';
import { UserError } from '../../platform/errors.js';
import type { EncodedBatch } from './encode-documents.js';
import type { TokenizeCorpusOptions } from './tokenize-corpus.js';
import type { EncoderPool } from './workers/pool.js';

/** UTF-16 units of text that go to a worker together. */
const batchLength = 1 << 18;

/** Where documents go, by the side that they fell to. */
type Sides = Record<CorpusSplit, SplitWriter>;

/** Writes one corpus. */
export class CorpusWriter {
  private readonly notes: CorpusNote[] = [];
  private documentsWithoutTokens = 0;
  private bytes = 0;

  constructor(
    private readonly options: TokenizeCorpusOptions,
    private readonly origin: CorpusOrigin,
    private readonly tokenType: TokenType,
    private readonly workers: number,
  ) {}

  /** @throws UserError where no document falls to training, or to validation although some should */
  async write(): Promise<void> {
    const { output, tokenizer } = this.options;
    const { sources, validationSources, settings } = this.origin;
    const writers: SplitWriter[] = [];
    const create = async (split: CorpusSplit) => {
      const writer = await SplitWriter.create(output, split, settings.sentences);
      writers.push(writer);
      return writer;
    };
    let pool: EncoderPool | undefined;
    try {
      const sides: Sides = { train: await create('train'), validation: await create('validation') };
      pool = createEncoderPool({ tokenizer, encoder: { ...settings, tokenType: this.tokenType } }, this.workers);
      await this.encode(sources, pool, sides);
      // Where validation has sources of its own, its share of the others is 0: all of a batch is on the side "train".
      if (validationSources.length > 0) {
        await this.encode(validationSources, pool, { ...sides, train: sides.validation });
      }
      await this.commit(sides);
    } finally {
      await pool?.close();
      for (const writer of writers) await writer.abandon();
    }
  }

  private async encode(sources: readonly SourceStamp[], pool: EncoderPool, sides: Sides): Promise<void> {
    const { format, documents: unit, textField, maxDocumentLength } = this.options;
    const documents = readCorpus(
      sources.map(({ path }) => path),
      {
        format,
        documents: unit,
        textField,
        maxDocumentLength,
        onNote: (note) => {
          this.notes.push(note);
          this.options.onNote?.(note);
        },
        onBytes: (bytes) => {
          this.bytes += bytes;
        },
      },
    );
    const waiting: Promise<EncodedBatch>[] = [];
    const writeFirst = async () => this.add((await waiting.shift()) as EncodedBatch, sides);
    for await (const texts of batches(documents)) {
      this.options.signal?.throwIfAborted();
      const encoded = pool.encode(texts);
      encoded.catch(() => undefined); // a failure is met when its turn comes
      waiting.push(encoded);
      if (waiting.length > 2 * this.workers) await writeFirst();
    }
    while (waiting.length > 0) await writeFirst();
  }

  private async add(batch: EncodedBatch, sides: Sides): Promise<void> {
    await sides.train.add(batch.train);
    await sides.validation.add(batch.validation);
    this.documentsWithoutTokens += batch.documentsWithoutTokens;
    const { sources, validationSources } = this.origin;
    const [train, validation] = [sides.train.summary, sides.validation.summary];
    this.options.onProgress?.({
      bytes: this.bytes,
      totalBytes: [...sources, ...validationSources].reduce((sum, { size }) => sum + size, 0),
      documents: train.documents + validation.documents,
      tokens: train.tokens + validation.tokens,
    });
  }

  private async commit({ train, validation }: Sides): Promise<void> {
    const { output } = this.options;
    const summary: CorpusSummary = {
      origin: this.origin,
      tokenType: this.tokenType,
      train: train.summary,
      validation: validation.summary,
      documentsWithoutTokens: this.documentsWithoutTokens,
      notes: this.notes,
    };
    this.checkSides(summary);
    // Without corpus.json there is no corpus: it goes first and comes last.
    await remove(summaryPath(output));
    for (const split of ['train', 'validation'] as const) await remove(joinPath(output, splitFiles(split).sentences));
    await train.commit();
    await validation.commit();
    await writeAtomically(summaryPath(output), `${JSON.stringify(summary, null, 2)}\n`);
  }

  private checkSides({ train, validation, documentsWithoutTokens }: CorpusSummary): void {
    const { settings, validationSources } = this.origin;
    if (train.documents === 0) {
      const lost = documentsWithoutTokens > 0 ? `; of ${documentsWithoutTokens} the tokenizer left nothing` : '';
      throw new UserError(`no document is left for training (${validation.documents} are for validation${lost})`);
    }
    const wantsValidation = settings.validationShare > 0 || validationSources.length > 0;
    if (!wantsValidation || validation.documents > 0) return;
    throw new UserError(
      `none of the ${train.documents} documents falls to validation at a share of ${settings.validationShare}. Take a ` +
        'larger share, other documents (file, line, paragraph) or `validationSources`; or a ' +
        'share of 0 for no validation.',
    );
  }
}

async function* batches(documents: AsyncIterable<CorpusDocument>): AsyncGenerator<string[]> {
  let texts: string[] = [];
  let length = 0;
  for await (const { text } of documents) {
    texts.push(text);
    length += text.length;
    if (length < batchLength) continue;
    yield texts;
    texts = [];
    length = 0;
  }
  if (texts.length > 0) yield texts;
}
