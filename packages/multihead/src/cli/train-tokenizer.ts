/** @file What `multihead tokenizer train` does: reads files as a stream, trains, saves, reports. */
import { exists, fileSize, findFiles, joinPath, remove, writeAtomically } from '#files';
import { readJsonlTexts } from '../data/jsonl-texts.js';
import { readTextPieces, type TextPiecesReport } from '../data/text-pieces.js';
import { UserError } from '../errors.js';
import type { TokenizerType } from '../text/training/options.js';
import { trainTokenizer } from '../text/training/train-tokenizer.js';
import { tokenizerProgress } from './tokenizer-progress.js';

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
  const files = [...new Set((await Promise.all(patterns.map(findFiles))).flat())];
  const sizes = await Promise.all(files.map(fileSize));
  const totalBytes = sizes.reduce((sum, size) => sum + size, 0);
  if (totalBytes === 0) throw new UserError(`${files.join(', ')}: empty; a tokenizer is learned from text`);
  const report = { bytes: 0, invalid: 0 };
  const progress = tokenizerProgress(files.length, totalBytes, report);
  const { type, vocabSize, minFrequency, limitAlphabet, specialTokens, stripAccents } = options;
  const tokenizer = await trainTokenizer({
    ...{ type, vocabSize, minFrequency, limitAlphabet, specialTokens, stripAccents },
    // Given as --no-..., or not at all.
    lowercase: options.lowercase ? undefined : false,
    tokenizeChineseChars: options.tokenizeChineseChars ? undefined : false,
    texts: textsOf(files, options.textField, report),
    onProgress: (event) => progress.listen(event),
  });
  const written = tokenizer.files();
  for (const [name, content] of Object.entries(written)) await writeAtomically(joinPath(output, name), content);
  for (const name of present) if (!(name in written)) await remove(joinPath(output, name));
  progress.finished(output, tokenizer.vocabSize, vocabSize);
}

/** The files' texts, one file after the other; the report adds up what was met in them. */
async function* textsOf(files: readonly string[], field: string, report: TextPiecesReport): AsyncGenerator<string> {
  for (const file of files) {
    yield* /\.(jsonl|ndjson)$/i.test(file) ? readJsonlTexts(file, field, report) : readTextPieces(file, report);
  }
}

/** What tokenizers of all kinds leave in a folder. A file of an old one beside a new one would mislead libraries. */
const tokenizerFileNames = [
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'vocab.txt',
  'vocab.json',
  'merges.txt',
  'tokenizer.model',
];

/** Files of a tokenizer that a folder holds. */
async function tokenizerFilesIn(folder: string): Promise<string[]> {
  const found = await Promise.all(tokenizerFileNames.map((name) => exists(joinPath(folder, name))));
  return tokenizerFileNames.filter((_, index) => found[index]);
}
