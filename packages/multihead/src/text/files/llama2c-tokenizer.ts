/**
 * @file Tokenizers of llama2.c as tokenizer.json: an int32 with the longest token's length, then for each token a float32
 * score, its length as int32, and its bytes. Scores say which neighbours are merged first (SentencePiece's BPE).
 */

import { readBytes } from '#files';
import { UserError } from '../../platform/errors.js';
import { Tokenizer } from '../tokenizer/tokenizer.js';
import { beginning } from './beginning-token.js';
import { exactToken } from './exact-token.js';
import { bytePattern, sentencePieceJson, spaceMark } from './sentence-piece-json.js';

interface Piece {
  readonly text: string;
  readonly score: number;
}

/** Tokens 0, 1 and 2 of every vocabulary, as Hugging Face writes them. */
const specials = ['<unk>', '<s>', '</s>'];

/**
 * Reads a tokenizer of llama2.c.
 *
 * It encodes as llama2.c does: a space is put before the text, the best-scored pair of neighbours is merged again and again,
 * and a character without a token becomes its bytes. `<s>` stands before a text. Unlike there, the names `<s>`, `</s>` and
 * `<unk>` in a text are the special tokens, as with all tokenizers of this kind.
 *
 * @param options `vocabSize`: number of tokens, which the file does not say: the model's; `maxLength`: the most tokens that
 *   the model reads
 * @throws UserError naming the file and the place, where it is cut off, holds something else, or more than `vocabSize` tokens
 * @example
 * const tokenizer = await readLlama2cTokenizer('tok512.bin', { vocabSize: 512, maxLength: 512 });
 * (await tokenizer.encode('Once upon a time')).inputIds; // [1, 403, 407, 261, 378]
 */
export async function readLlama2cTokenizer(
  path: string,
  { vocabSize, maxLength }: { vocabSize: number; maxLength: number },
): Promise<Tokenizer> {
  const pieces = parsePieces(await readBytes(path), vocabSize, path);
  const json = sentencePieceJson({
    pieces: pieces.map(({ text, score }, id) => ({
      text,
      score,
      isMerged: id >= specials.length && !bytePattern.test(text),
    })),
    unknown: '<unk>',
    spaceBefore: true,
    addedTokens: specials.map((content, id) => exactToken(id, content)),
    postProcessor: beginning('<s>', 1),
  });
  const config = {
    tokenizer_class: 'PreTrainedTokenizerFast',
    model_max_length: maxLength,
    clean_up_tokenization_spaces: false,
    unk_token: '<unk>',
    bos_token: '<s>',
    eos_token: '</s>',
  };
  return new Tokenizer({ json, config, where: path });
}

function parsePieces(bytes: Uint8Array, count: number, path: string): Piece[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const fail = (at: number, what: string): never => {
    throw new UserError(`${path}: at byte ${at}: ${what}. Is it a tokenizer of llama2.c, for this model?`);
  };
  let at = 4;
  const pieces: Piece[] = [];
  const seen = new Set<string>();
  for (let id = 0; id < count; id++) {
    if (at + 8 > bytes.length) fail(at, `the file ends before token ${id} of ${count}`);
    const score = view.getFloat32(at, true);
    const length = view.getInt32(at + 4, true);
    if (Number.isNaN(score) || length < 0 || at + 8 + length > bytes.length) {
      fail(at, `token ${id} has the score ${score} and the length ${length}, which cannot be`);
    }
    let text = '';
    try {
      text = decoder.decode(bytes.subarray(at + 8, at + 8 + length));
    } catch {
      fail(at + 8, `token ${id} is not valid UTF-8`);
    }
    const piece = specials[id] ?? text.replaceAll(' ', spaceMark);
    if (seen.has(piece)) fail(at, `token ${id}, ${JSON.stringify(text)}, was there before`);
    seen.add(piece);
    pieces.push({ text: piece, score });
    at += 8 + length;
  }
  if (at < bytes.length) fail(at, `${bytes.length - at} bytes follow the model's ${count} tokens`);
  return pieces;
}
