/** @file Tokenizers learned from text. */
import { UserError } from '../../errors.js';
import { Tokenizer } from '../tokenizer.js';
import { wordPieceJson } from '../word-piece.js';
import { BertWordCounter } from './bert-words.js';
import { type TokenizerTrainingOptions, tokenizerTrainingOptions } from './options.js';
import { wordPieceVocabulary } from './train-word-piece.js';

/** What is told on the way. */
export type TokenizerTrainingEvent =
  /** Every million UTF-16 units or so. */
  | { readonly type: 'reading'; readonly texts: number; readonly characters: number }
  /** When all is read: different words, words too long to count, and rare words forgotten for want of room. */
  | {
      readonly type: 'read';
      readonly texts: number;
      readonly characters: number;
      readonly words: number;
      readonly tooLong: number;
      readonly forgotten: number;
    }
  /** Every hundred tokens. */
  | { readonly type: 'merging'; readonly tokens: number; readonly vocabSize: number };

/** Trains a tokenizer. */
export async function trainTokenizer(options: TokenizerTrainingOptions): Promise<Tokenizer> {
  const settings = tokenizerTrainingOptions(options);
  const { texts, onProgress, vocabSize } = settings;
  const normalizer = {
    lowercase: settings.lowercase,
    strip_accents: settings.stripAccents,
    handle_chinese_chars: settings.tokenizeChineseChars,
  };
  const counter = new BertWordCounter(normalizer);
  const read = { texts: 0, characters: 0 };
  let told = 0;
  for await (const text of texts) {
    counter.add(text);
    read.texts++;
    read.characters += text.length;
    if (read.characters - told < 1e6) continue;
    told = read.characters;
    onProgress?.({ type: 'reading', ...read });
  }
  const { counts, tooLong, forgotten } = counter.finish();
  onProgress?.({ type: 'read', ...read, words: counts.size, tooLong, forgotten });
  if (counts.size === 0) throw new UserError('no words in the texts; a tokenizer is trained from text');
  const tokens = wordPieceVocabulary(counts, {
    ...settings,
    onProgress: (tokens) => onProgress?.({ type: 'merging', tokens, vocabSize }),
  });
  const config = {
    do_lower_case: settings.lowercase,
    strip_accents: settings.stripAccents,
    tokenize_chinese_chars: settings.tokenizeChineseChars,
  };
  const where = 'the trained vocabulary';
  return new Tokenizer({ json: wordPieceJson(`${tokens.join('\n')}\n`, config, where), config, where });
}
