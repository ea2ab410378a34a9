/** @file A tokenizer.json for BERT's WordPiece out of a vocab.txt, as Hugging Face's converter writes it. */

import { UserError } from '../../platform/errors.js';
import type { AddedToken, TokenizerJson } from '../backends/backend.js';
import { type SpecialTokenKind, specialTokenName } from '../tokenizer/special-tokens.js';
import type { BertSettings } from './bert-settings.js';
import { exactToken } from './exact-token.js';

/**
 * Makes the contents of tokenizer.json.
 *
 * @param vocabulary vocab.txt: a token a line, its number the line's, from 0; a token twice has its last number
 * @param config     tokenizer_config.json: {@link BertSettings}, and names of special tokens where they are not BERT's
 * @param where      the file's name, for errors
 * @throws UserError where the vocabulary is empty, or lacks a token that BERT needs
 * @example
 * wordPieceJson('[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\ngood\n', { do_lower_case: true }, 'vocab.txt')
 */
export function wordPieceJson(
  vocabulary: string,
  config: Readonly<Record<string, unknown>>,
  where: string,
): TokenizerJson {
  const lines = vocabulary.split('\n').map((line) => line.replace(/\r$/, ''));
  if (lines.at(-1) === '') lines.pop();
  if (lines.length === 0) throw new UserError(`${where}: is empty; a token a line was expected`);
  const vocab = Object.fromEntries(lines.map((token, id) => [token, id]));
  const named = (kind: SpecialTokenKind) => specialTokenName(config, kind) as string; // each has a usual name
  const [unk, cls, sep] = [named('unk'), named('cls'), named('sep')];
  const missing = [unk, cls, sep].filter((token) => !Object.hasOwn(vocab, token));
  if (missing.length > 0)
    throw new UserError(`${where}: lacks ${missing.join(', ')}, which BERT needs. Is it a BERT vocabulary?`);
  const addedTokens = [named('pad'), unk, cls, sep, named('mask')].flatMap((content): AddedToken[] => {
    const id = vocab[content];
    return id === undefined ? [] : [exactToken(id, content)];
  });
  const token = (id: string, typeId: number) => ({ SpecialToken: { id, type_id: typeId } });
  const sequence = (id: string, typeId: number) => ({ Sequence: { id, type_id: typeId } });
  const entry = (name: string) => [name, { id: name, ids: [vocab[name]], tokens: [name] }];
  const single = [token(cls, 0), sequence('A', 0), token(sep, 0)];
  const settings = config as BertSettings;
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: addedTokens.sort((a, b) => a.id - b.id),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: settings.tokenize_chinese_chars ?? true,
      strip_accents: settings.strip_accents ?? null,
      lowercase: settings.do_lower_case ?? true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single,
      pair: [...single, sequence('B', 1), token(sep, 1)],
      special_tokens: Object.fromEntries([entry(cls), entry(sep)]),
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: unk,
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab,
    },
  };
}
