/** @file A tokenizer.json for BERT's WordPiece out of a vocab.txt, as Hugging Face's converter writes it. */
import { UserError } from '../errors.js';

/** Settings of tokenizer_config.json that shape a WordPiece tokenizer. */
export interface WordPieceOptions {
  readonly do_lower_case?: boolean;
  readonly strip_accents?: boolean | null;
  readonly tokenize_chinese_chars?: boolean;
}

const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];

/**
 * Makes the contents of tokenizer.json.
 *
 * @param vocabulary vocab.txt: a token a line, its number the line's, from 0
 * @param where      the file's name, for errors
 */
export function wordPieceJson(vocabulary: string, options: WordPieceOptions, where: string): Record<string, unknown> {
  const lines = vocabulary.split('\n').map((line) => line.replace(/\r$/, ''));
  if (lines.at(-1) === '') lines.pop();
  if (lines.length === 0) throw new UserError(`${where}: is empty; a token a line was expected`);
  const vocab = Object.fromEntries(lines.map((token, id) => [token, id]));
  const missing = ['[UNK]', '[CLS]', '[SEP]'].filter((token) => !Object.hasOwn(vocab, token));
  if (missing.length > 0)
    throw new UserError(`${where}: lacks ${missing.join(', ')}, which BERT needs. Is it a BERT vocabulary?`);
  const addedTokens = special.flatMap((content) => {
    const id = vocab[content];
    const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
    return id === undefined ? [] : [{ id, content, ...flags }];
  });
  const token = (id: string, typeId: number) => ({ SpecialToken: { id, type_id: typeId } });
  const sequence = (id: string, typeId: number) => ({ Sequence: { id, type_id: typeId } });
  const entry = (name: string) => [name, { id: name, ids: [vocab[name]], tokens: [name] }];
  const single = [token('[CLS]', 0), sequence('A', 0), token('[SEP]', 0)];
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: addedTokens.sort((a, b) => a.id - b.id),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: options.tokenize_chinese_chars ?? true,
      strip_accents: options.strip_accents ?? null,
      lowercase: options.do_lower_case ?? true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single,
      pair: [...single, sequence('B', 1), token('[SEP]', 1)],
      special_tokens: Object.fromEntries([entry('[CLS]'), entry('[SEP]')]),
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab,
    },
  };
}
