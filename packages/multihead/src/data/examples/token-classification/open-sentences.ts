/**
 * @file Opens sentences for evaluation or prediction, with or without tags, from files that may be larger than memory.
 */
import { Hash } from '../../../platform/hash.js';
import type { ExampleStream } from '../../streams/example-stream.js';
import { standardInput } from '../../streams/source-files.js';
import { readTokenClassificationExamples } from './token-classification.js';
import { openTokenClassificationStream } from './token-classification-stream.js';
import type { TokenClassificationExample, TokenClassificationFileOptions } from './token-examples.js';

/**
 * Opens files of sentences, as `openTokenClassificationStream` does. Standard input comes only once, and is held in memory.
 *
 * @throws UserError as readTokenClassificationExamples does
 * @example
 * const sentences = await openSentences('tweets.jsonl', { requireTags: false });
 * for await (const examples of sentences.examples()) console.log(examples.length);
 */
export async function openSentences(
  source: string,
  options: TokenClassificationFileOptions,
): Promise<ExampleStream<TokenClassificationExample>> {
  if (source !== standardInput) return openTokenClassificationStream(source, options);
  const held = await readTokenClassificationExamples(source, options);
  const mark = new Hash();
  for (const { tokens } of held) for (const token of tokens) mark.addText(token);
  return {
    length: held.length,
    fingerprint: mark.toString(),
    sizeOf: ({ tokens }) => tokens.reduce((sum, token) => sum + token.length + 1, 0),
    async *examples() {
      yield held;
    },
  };
}
