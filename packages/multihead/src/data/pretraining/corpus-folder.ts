/** @file The folder of a tokenized corpus: token files, and corpus.json, which describes their origin. */
import { exists, joinPath } from '#files';
import { UserError } from '../../platform/errors.js';
import { readJson } from '../../platform/json/json.js';
import { checkOptionNames } from '../../platform/option-names.js';
import type { CorpusNote } from '../corpus/corpus-warnings.js';
import type { CorpusSettings } from '../corpus/read-corpus.js';
import {
  type OpenCorpusOptions,
  openCorpusOptionNames,
  openTokenFiles,
  type SplitSummary,
  type TokenType,
} from './token-files.js';
import type { TokenSource } from './token-source.js';

/** The version of the files' format. */
export const corpusVersion = 1;

/** A file that a corpus was made of. */
export interface SourceStamp {
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** When it was last changed, in milliseconds since 1970. */
  readonly modified: number;
}

/** The origin of a tokenized corpus, which determines the token files. */
export interface CorpusOrigin {
  readonly version: number;
  readonly tokenizer: { readonly fingerprint: string; readonly vocabSize: number };
  readonly sources: readonly SourceStamp[];
  /** Empty where validation takes a share of `sources`. */
  readonly validationSources: readonly SourceStamp[];
  readonly settings: CorpusSettings & {
    readonly format: string;
    readonly validationShare: number;
    readonly seed: number;
    readonly sentences: boolean;
  };
}

/** The contents of corpus.json. */
export interface CorpusSummary {
  readonly origin: CorpusOrigin;
  readonly tokenType: TokenType;
  readonly train: SplitSummary;
  readonly validation: SplitSummary;
  /** Documents of which the tokenizer left nothing; they are in no file. */
  readonly documentsWithoutTokens: number;
  readonly notes: readonly CorpusNote[];
}

/** A tokenized corpus. */
export interface TokenizedCorpus {
  readonly folder: string;
  readonly summary: CorpusSummary;
  readonly train: TokenSource;
  /** Validation tokens; undefined if no text was held out. */
  readonly validation: TokenSource | undefined;
}

/** Where a corpus's summary is. */
export const summaryPath = (folder: string): string => joinPath(folder, 'corpus.json');

/**
 * Opens a corpus that `tokenizeCorpus` made. The indices are held in memory, 8 bytes a document; of token files that are
 * larger than `heldInMemory`, only what is asked for is read.
 *
 * @throws UserError where the folder holds none, it is of another version, or a file is missing or has not its size
 * @example
 * const { train, validation } = await openCorpus('runs/corpus');
 * const blocks = packedBlocks(train, { size: 512, separatorId: 0 });
 */
export async function openCorpus(folder: string, options: OpenCorpusOptions = {}): Promise<TokenizedCorpus> {
  checkOptionNames(options, openCorpusOptionNames, 'openCorpus');
  const path = summaryPath(folder);
  if (!(await exists(path))) throw new UserError(`${folder}: holds no tokenized corpus (there is no corpus.json)`);
  const summary = await readSummary(path);
  if (!summary) throw new UserError(`${path}: is no corpus of version ${corpusVersion}. Tokenize the corpus anew.`);
  const { train, validation, tokenType } = summary;
  return {
    folder,
    summary,
    train: await openTokenFiles(folder, 'train', train, tokenType, options),
    validation:
      validation.tokens > 0 ? await openTokenFiles(folder, 'validation', validation, tokenType, options) : undefined,
  };
}

/** What corpus.json says; undefined where it is of another version, or something else altogether. */
async function readSummary(path: string): Promise<CorpusSummary | undefined> {
  const summary = (await readJson(path)) as Partial<CorpusSummary> | null;
  const { origin, train, validation, tokenType } = summary ?? {};
  const isWhole = isSplit(train) && isSplit(validation) && (tokenType === 'uint16' || tokenType === 'uint32');
  return origin?.version === corpusVersion && isWhole ? (summary as CorpusSummary) : undefined;
}

const isSplit = (split?: Partial<SplitSummary>): boolean =>
  [split?.documents, split?.tokens, split?.sentences].every((count) => Number.isSafeInteger(count)) &&
  typeof split?.fingerprint === 'string';
