/**
 * @file Opens texts for evaluation or prediction, with or without labels, from files that may be larger than memory.
 */

import { Hash } from '../../../platform/hash.js';
import { LabelKinds } from '../../labels/label-kinds.js';
import type { ExampleStream } from '../../streams/example-stream.js';
import { FirstReading } from '../../streams/replayable-stream.js';
import { standardInput } from '../../streams/source-files.js';
import { findTableFiles } from '../../tables/table-files.js';
import {
  type ClassificationExample,
  type ClassificationFileOptions,
  readClassificationExamples,
} from './classification.js';
import { ClassificationFile } from './classification-file.js';

/**
 * Opens files of texts: they are gone through once, which counts the texts and finds every bad row, and are read again when
 * they are needed. What is read, and how, is as in `readClassificationExamples`; but of a file without a header, the columns
 * are found by its first megabyte or so. Standard input comes only once, and is held in memory; so is JSON.
 *
 * @throws UserError as readClassificationExamples does
 * @example
 * const texts = await openTexts('mails.csv', { requireLabels: false });
 * for await (const examples of texts.examples()) console.log(examples.length);
 */
export async function openTexts(
  source: string,
  options: ClassificationFileOptions,
): Promise<ExampleStream<ClassificationExample>> {
  const mark = new Hash();
  const addText = ({ text, textPair = '' }: Pick<ClassificationExample, 'text' | 'textPair'>): void => {
    mark.addText(text).addText(textPair);
  };
  const sizeOf = ({ text, textPair = '' }: ClassificationExample): number => text.length + textPair.length;
  if (source === standardInput) {
    const held = await readClassificationExamples(source, options);
    for (const example of held) addText(example);
    return { length: held.length, fingerprint: mark.toString(), sizeOf, examples: () => once(held) };
  }
  const firstReading = new FirstReading(options.onBadRow);
  const kinds = new LabelKinds();
  const files: ClassificationFile[] = [];
  for (const file of await findTableFiles(source, options)) {
    const opened = await ClassificationFile.open(file, { ...options, onBadRow: firstReading.onBadRow }, kinds, true);
    for await (const group of opened.look()) for (const row of group) addText(row);
    files.push(opened);
  }
  if (options.requireLabels ?? true) kinds.end();
  firstReading.end();
  return {
    length: files.reduce((sum, file) => sum + file.length, 0),
    fingerprint: mark.toString(),
    sizeOf,
    async *examples() {
      for (const file of files) yield* file.again();
    },
  };
}

async function* once<Example>(held: readonly Example[]): AsyncGenerator<readonly Example[]> {
  yield held;
}
