/** @file Tokenizes a corpus into token files once; later runs with the same texts, tokenizer and options reuse them. */
import { fileStamp, isInside } from '#files';
import { defaultWorkers } from '#tokenize-workers';
import { findCorpusFiles } from '../../data/corpus/corpus-files.js';
import { type CorpusOptions, corpusSettings } from '../../data/corpus/read-corpus.js';
import {
  type CorpusOrigin,
  corpusVersion,
  openCorpus,
  type SourceStamp,
  type TokenizedCorpus,
} from '../../data/pretraining/corpus-folder.js';
import type { TokenType } from '../../data/pretraining/token-files.js';
import { UserError } from '../../platform/errors.js';
import { fingerprintOf } from '../../platform/hash.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import { AutoTokenizer } from '../tokenizer/auto-tokenizer.js';
import type { Tokenizer } from '../tokenizer/tokenizer.js';
import { CorpusWriter } from './corpus-writer.js';

/** What a corpus is made of, and how. */
export interface TokenizeCorpusOptions extends Omit<CorpusOptions, 'onBytes'> {
  /** Files, folders and patterns; see `readCorpus`. */
  readonly sources: string | readonly string[];
  /** Text for validation, instead of a share of `sources`. */
  readonly validationSources?: string | readonly string[] | undefined;
  /** The folder of the tokenizer. */
  readonly tokenizer: string;
  /** The folder that the token files go to. Of sources that hold it, it is left out. */
  readonly output: string;
  /** The share of documents that is set aside for validation. Default: 0.05, or 0 where `validationSources` are given. */
  readonly validationShare?: number | undefined;
  /** Which documents are set aside depends on it. Default: 42. */
  readonly seed?: number | undefined;
  /** Whether sentences are separated, for next-sentence prediction; each is then encoded alone. Default: false. */
  readonly sentences?: boolean | undefined;
  /** Worker threads; the result does not depend on it. Default: the machine's processors. */
  readonly workers?: number | undefined;
  /** Ends the work; the folder is then as it was. */
  readonly signal?: AbortSignal | undefined;
  /** Called as documents are tokenized. */
  readonly onProgress?: ((progress: TokenizingProgress) => void) | undefined;
}

const optionNames = namesOf<TokenizeCorpusOptions>({
  sources: true,
  validationSources: true,
  tokenizer: true,
  output: true,
  validationShare: true,
  seed: true,
  sentences: true,
  workers: true,
  signal: true,
  onProgress: true,
  format: true,
  documents: true,
  textField: true,
  maxDocumentLength: true,
  onNote: true,
});

/** How far the work is. */
export interface TokenizingProgress {
  /** Bytes read, of all files' `totalBytes`. */
  readonly bytes: number;
  readonly totalBytes: number;
  /** Written, of both parts. */
  readonly documents: number;
  readonly tokens: number;
}

/**
 * Tokenizes a corpus into `train.tokens`, `validation.tokens`, their indices, and `corpus.json`, which says what they were
 * made of. Where the folder holds a corpus of the same sources (by name, size and time of change), tokenizer and options,
 * it is taken as it is.
 *
 * Documents are stored without special tokens, one behind the other, in the order in which they are read: the same bytes
 * for any number of workers. White space in them, line ends too, is left to the tokenizer: byte-level and character-level
 * ones keep it, WordPiece does not. Which documents are for validation is decided by a hash of each one's text and the
 * seed, so that equal documents fall on one side. Files are written beside their names and renamed at the end,
 * corpus.json last; one process at a time may write a folder.
 *
 * @throws UserError for sources without text (see `readCorpus`), options out of range, and where no document falls
 *   to training, or to validation although some should
 * @example
 * const { train, validation } = await tokenizeCorpus({ sources: 'corpus/*.txt', tokenizer: 'tok', output: 'runs/corpus' });
 * const blocks = packedBlocks(train, { size: 512 });
 */
export async function tokenizeCorpus(options: TokenizeCorpusOptions): Promise<TokenizedCorpus & { reused: boolean }> {
  checkOptionNames(options, optionNames, 'tokenizeCorpus');
  const { output, workers = defaultWorkers() } = options;
  checkOptions(options, workers);
  const { tokenizer, origin } = await originOf(options);
  const known = await openKnown(output, origin);
  if (known) return { ...known, reused: true };
  await new CorpusWriter(options, origin, tokenTypeOf(tokenizer), workers).write();
  return { ...(await openCorpus(output)), reused: false };
}

/** The corpus that `tokenizeCorpus` would take as it is; undefined where it would have to tokenize. */
export async function openTokenized(options: TokenizeCorpusOptions): Promise<TokenizedCorpus | undefined> {
  return openKnown(options.output, (await originOf(options)).origin);
}

function checkOptions({ validationShare = 0, validationSources }: TokenizeCorpusOptions, workers: number): void {
  if (!(validationShare >= 0 && validationShare < 1)) {
    throw new UserError(`validationShare is ${validationShare}; 0 to below 1 was expected`);
  }
  if (validationSources && validationShare > 0) {
    throw new UserError('validationShare and validationSources are both given; one of them says what validation is');
  }
  if (!Number.isInteger(workers) || workers < 1) {
    throw new UserError(`workers is ${workers}; a whole number from 1 was expected`);
  }
}

/** The files that sources stand for, but for those of the output's folder. */
async function stampsOf(
  sources: string | readonly string[],
  { format, output }: TokenizeCorpusOptions,
): Promise<SourceStamp[]> {
  const found = await findCorpusFiles(sources, format);
  const stamps: SourceStamp[] = [];
  for (const { path } of found) if (!isInside(path, output)) stamps.push({ path, ...(await fileStamp(path)) });
  if (stamps.length > 0) return stamps;
  throw new UserError(`${output}: all sources lie in the output's folder; take another folder for the output`);
}

/** What a corpus is made of and how, and the tokenizer that it is made with. */
async function originOf(
  options: TokenizeCorpusOptions,
): Promise<{ readonly tokenizer: Tokenizer; readonly origin: CorpusOrigin }> {
  const { format = 'by name', seed = 42, sentences = false } = options;
  const tokenizer = await AutoTokenizer.fromPretrained(options.tokenizer);
  const sources = await stampsOf(options.sources, options);
  const validationSources = options.validationSources ? await stampsOf(options.validationSources, options) : [];
  const validationShare = options.validationShare ?? (options.validationSources ? 0 : 0.05);
  const fingerprint = fingerprintOf(...Object.entries(tokenizer.files()).flat());
  const origin = {
    version: corpusVersion,
    tokenizer: { fingerprint, vocabSize: tokenizer.vocabSize },
    sources,
    validationSources,
    settings: { ...corpusSettings(options), format, validationShare, seed, sentences },
  };
  return { tokenizer, origin };
}

function tokenTypeOf(tokenizer: Tokenizer): TokenType {
  let highest = 0;
  for (const id of tokenizer.vocabulary.values()) highest = Math.max(highest, id);
  return highest < 65536 ? 'uint16' : 'uint32';
}

/** The corpus that is in the folder; undefined where there is none, it is of another origin, or damaged. */
async function openKnown(folder: string, origin: CorpusOrigin): Promise<TokenizedCorpus | undefined> {
  const known = await openCorpus(folder).catch((error: unknown) => {
    if (error instanceof UserError) return undefined;
    throw error;
  });
  return known && JSON.stringify(known.summary.origin) === JSON.stringify(origin) ? known : undefined;
}
