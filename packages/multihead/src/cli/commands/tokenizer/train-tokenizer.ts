/** @file What `multihead tokenizer train` does: reads files as a stream, trains, saves, reports. */
import { exists, fileSize, joinPath, writeTogether } from '#files';
import { findCorpusFiles } from '../../../data/corpus/corpus-files.js';
import { readCorpus } from '../../../data/corpus/read-corpus.js';
import { UserError } from '../../../platform/errors.js';
import type { TokenizerType } from '../../../text/training/options.js';
import { trainTokenizer } from '../../../text/training/train-tokenizer.js';
import { tokenizerFileNames } from '../../../training/trainer/run-files.js';
import { type ReadingReport, tokenizerProgress } from './tokenizer-progress.js';

/** The command's options, as the command line gives them. */
export interface TrainTokenizerArguments {
  readonly type: TokenizerType;
  readonly output: string;
  readonly vocabSize?: number;
  readonly minFrequency?: number;
  readonly limitAlphabet?: number;
  readonly specialTokens?: string[];
  readonly lowercase: boolean;
  readonly stripAccents?: boolean;
  readonly tokenizeChineseChars: boolean;
  readonly textField: string;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

/** Runs the command. */
export async function trainTokenizerFromFiles(patterns: string[], options: TrainTokenizerArguments): Promise<void> {
  const { output, overwrite } = options;
  const present = await tokenizerFilesIn(output);
  if (present.length > 0 && !overwrite) {
    throw new UserError(
      `${output}: already holds ${present.join(', ')}. Give another --output, or --overwrite to replace it.`,
    );
  }
  const files = (await findCorpusFiles(patterns)).map(({ path }) => path);
  const sizes = await Promise.all(files.map(fileSize));
  const totalBytes = sizes.reduce((sum, size) => sum + size, 0);
  if (totalBytes === 0) throw new UserError(`${files.join(', ')}: empty; a tokenizer is learned from text`);
  const report = { bytes: 0, invalid: 0 };
  const progress = tokenizerProgress(files.length, totalBytes, report, options.json);
  const { type, vocabSize, minFrequency, limitAlphabet, specialTokens, stripAccents } = options;
  const tokenizer = await trainTokenizer({
    type,
    vocabSize,
    minFrequency,
    limitAlphabet,
    specialTokens,
    stripAccents,
    // Given as --no-..., or not at all.
    lowercase: options.lowercase ? undefined : false,
    tokenizeChineseChars: options.tokenizeChineseChars ? undefined : false,
    texts: textsOf(files, options.textField, report),
    onProgress: (event) => progress.listen(event),
  });
  const written = tokenizer.files();
  await writeTogether(output, written, 'tokenizer.json', present);
  progress.finished(output, tokenizer.vocabSize, vocabSize);
}

/** The files' texts, a file as one text; the report adds up what was met in them. */
async function* textsOf(files: readonly string[], textField: string, report: ReadingReport): AsyncGenerator<string> {
  const documents = readCorpus(files, {
    documents: 'file',
    textField,
    onBytes: (count) => {
      report.bytes += count;
    },
    onNote: ({ problem, count }) => {
      if (problem === 'invalid-utf8') report.invalid += count;
    },
  });
  for await (const { text } of documents) yield text;
}

/** Files of a tokenizer that a folder holds. */
async function tokenizerFilesIn(folder: string): Promise<string[]> {
  const found = await Promise.all(tokenizerFileNames.map((name) => exists(joinPath(folder, name))));
  return tokenizerFileNames.filter((_, index) => found[index]);
}
