/**
 * @file Tokenizers of llama2.c as tokenizer.json: an int32 with the longest token's length, then for each token a float32
 * score, its length as int32, and its bytes. Scores say which neighbours are merged first (SentencePiece's BPE).
 */
import { readBytes } from '#files';
import { UserError } from '../../platform/errors.js';
import { Tokenizer } from '../tokenizer/tokenizer.js';

interface Piece {
  readonly text: string;
  readonly score: number;
}

/** Tokens 0, 1 and 2 of every vocabulary, as Hugging Face writes them. */
const specials = ['<unk>', '<s>', '</s>'];
const bytePattern = /^<0x[0-9A-F]{2}>$/;
/** What stands for a space, as in SentencePiece. */
const space = '▁';

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
  const json = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: specials.map((content, id) => ({
      ...{ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true },
    })),
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'Prepend', prepend: space },
        { type: 'Replace', pattern: { String: ' ' }, content: space },
      ],
    },
    pre_tokenizer: null,
    post_processor: {
      type: 'TemplateProcessing',
      single: [token('<s>', 0), { Sequence: { id: 'A', type_id: 0 } }],
      pair: [
        token('<s>', 0),
        { Sequence: { id: 'A', type_id: 0 } },
        token('<s>', 1),
        { Sequence: { id: 'B', type_id: 1 } },
      ],
      special_tokens: { '<s>': { id: '<s>', ids: [1], tokens: ['<s>'] } },
    },
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: space }, content: ' ' },
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        { type: 'Strip', content: ' ', start: 1, stop: 0 },
      ],
    },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: '<unk>',
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: true,
      byte_fallback: pieces.filter(({ text }) => bytePattern.test(text)).length === 256,
      ignore_merges: false,
      vocab: Object.fromEntries(pieces.map(({ text }, id) => [text, id])),
      merges: merges(pieces),
    },
  };
  const config = {
    ...{ tokenizer_class: 'PreTrainedTokenizerFast', model_max_length: maxLength, clean_up_tokenization_spaces: false },
    ...{ unk_token: '<unk>', bos_token: '<s>', eos_token: '</s>' },
  };
  return new Tokenizer({ json, config, where: path });
}

const token = (id: string, type_id: number) => ({ SpecialToken: { id, type_id } });

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
    const piece = specials[id] ?? text.replaceAll(' ', space);
    if (seen.has(piece)) fail(at, `token ${id}, ${JSON.stringify(text)}, was there before`);
    seen.add(piece);
    pieces.push({ text: piece, score });
    at += 8 + length;
  }
  if (at < bytes.length) fail(at, `${bytes.length - at} bytes follow the model's ${count} tokens`);
  return pieces;
}

/**
 * The pairs that may be merged, the best first: every way to cut a token in two that are tokens, by the token's score; of
 * one token's, those of lower numbers first, as Hugging Face converts SentencePiece's.
 */
function merges(pieces: readonly Piece[]): [string, string][] {
  const ids = new Map(pieces.map(({ text }, id) => [text, id]));
  const found: { pair: [string, string]; score: number; left: number; right: number }[] = [];
  for (const [id, { text, score }] of pieces.entries()) {
    if (id < specials.length || bytePattern.test(text)) continue;
    const characters = Array.from(text);
    for (let cut = 1; cut < characters.length; cut++) {
      const pair: [string, string] = [characters.slice(0, cut).join(''), characters.slice(cut).join('')];
      const [left, right] = [ids.get(pair[0]), ids.get(pair[1])];
      if (left !== undefined && right !== undefined) found.push({ pair, score, left, right });
    }
  }
  found.sort((a, b) => b.score - a.score || a.left - b.left || a.right - b.right);
  return found.map(({ pair }) => pair);
}
