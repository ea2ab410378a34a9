/** @file What `multihead tokenizer train` does: reads files as a stream, trains, saves, reports. */
import { exists, fileSize, findFiles, joinPath, writeAtomically } from '#files';
import { readJsonlTexts } from '../data/jsonl-texts.js';
import { readTextPieces } from '../data/text-pieces.js';
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
  const files = await findFiles(patterns);
  const sizes = await Promise.all(files.map(fileSize));
  const report = { bytes: 0, invalid: 0 };
  const progress = tokenizerProgress(
    files.length,
    sizes.reduce((sum, size) => sum + size, 0),
    report,
  );
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
  progress.finished(output, tokenizer.vocabSize, vocabSize);
}

async function* textsOf(files: string[], textField: string, report: { bytes: number; invalid: number }) {
  for (const file of files) {
    const inFile = { bytes: 0, invalid: 0 };
    const before = { ...report };
    const texts = /\.(jsonl|ndjson)$/i.test(file)
      ? readJsonlTexts(file, textField, inFile)
      : readTextPieces(file, inFile);
    for await (const text of texts) {
      yield text;
      report.bytes = before.bytes + inFile.bytes;
      report.invalid = before.invalid + inFile.invalid;
    }
    report.bytes = before.bytes + inFile.bytes;
    report.invalid = before.invalid + inFile.invalid;
  }
}

const tokenizerFileNames = ['tokenizer.json', 'tokenizer_config.json', 'special_tokens_map.json', 'vocab.txt'];

/** Files of a tokenizer that a folder holds. */
async function tokenizerFilesIn(folder: string): Promise<string[]> {
  const found = await Promise.all(tokenizerFileNames.map((name) => exists(joinPath(folder, name))));
  return tokenizerFileNames.filter((_, index) => found[index]);
}
