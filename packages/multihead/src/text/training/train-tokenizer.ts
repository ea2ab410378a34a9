/** @file Tokenizers learned from text. */
import { UserError } from '../../platform/errors.js';
import { checkOptionNames } from '../../platform/option-names.js';
import { wordPieceJson } from '../files/word-piece.js';
import { Tokenizer, type TokenizerFiles } from '../tokenizer/tokenizer.js';
import { alphabetOf } from './alphabet.js';
import { byteLevelJson } from './byte-level/byte-level-json.js';
import { ByteLevelWordCounter } from './byte-level/byte-level-words.js';
import { byteLevelVocabulary } from './byte-level/train-byte-level.js';
import { CharacterCounter } from './character-counts.js';
import { characterJson } from './character-json.js';
import {
  type TokenizerTrainingOptions,
  type TokenizerTrainingSettings,
  tokenizerTrainingOptionNames,
  tokenizerTrainingSettings,
} from './options.js';
import { specialAddedTokens } from './special-added-tokens.js';
import { namedSpecialTokens } from './special-token-roles.js';
import { BertWordCounter } from './word-piece/bert-words.js';
import { wordPieceVocabulary } from './word-piece/train-word-piece.js';

/** Counts the words of texts, or their characters. */
interface Counter {
  add(text: string): void;
  finish(): { readonly counts: ReadonlyMap<string, number>; readonly tooLong: number; readonly forgotten: number };
}

type Told = (tokens: number) => void;
type Made = Omit<TokenizerFiles, 'where'>;

/**
 * Learns a tokenizer from text. The result is that of Hugging Face's trainers on the same texts (where those break ties by
 * chance, here the lower code point comes first), and {@link Tokenizer.files} are files that Hugging Face's libraries load.
 * The same texts in the same order give the same bytes.
 *
 * Memory is bounded, however long the texts are: words are counted, at most 4 million different ones at a time; when there
 * are more, the rarest are forgotten. Words of more than 256 characters are not counted. The work is done where it is
 * called; on a page, call it in a worker.
 *
 * @throws UserError for options that cannot be, texts without words, and a vocabulary too small for the characters
 * @example
 * const tokenizer = await trainTokenizer({ type: 'wordpiece', texts: ['some text', 'and more'], vocabSize: 8000 });
 * for (const [name, text] of Object.entries(tokenizer.files())) await writeFile(join(folder, name), text);
 */
export async function trainTokenizer(options: TokenizerTrainingOptions): Promise<Tokenizer> {
  checkOptionNames(options, tokenizerTrainingOptionNames, 'trainTokenizer');
  const settings = tokenizerTrainingSettings(options);
  const { type, vocabSize } = settings;
  const { texts, onProgress } = options;
  if (typeof texts === 'string') throw new UserError('texts is one string; a list or a stream of texts was expected');
  const counter = counterFor(settings);
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
  if (counts.size === 0) throw new UserError('the texts have no words; a tokenizer is learned from words');
  const made = makers[type](counts, settings, (tokens) => onProgress?.({ type: 'merging', tokens, vocabSize }));
  return new Tokenizer({ ...made, where: `the trained tokenizer (${type})` });
}

function counterFor(settings: TokenizerTrainingSettings): Counter {
  if (settings.type === 'bpe') return new ByteLevelWordCounter();
  if (settings.type === 'char') return new CharacterCounter();
  return new BertWordCounter({
    lowercase: settings.lowercase,
    strip_accents: settings.stripAccents,
    handle_chinese_chars: settings.tokenizeChineseChars,
  });
}

const makers = { wordpiece: makeWordPiece, bpe: makeByteLevel, char: makeCharacters };

function makeWordPiece(
  counts: ReadonlyMap<string, number>,
  settings: TokenizerTrainingSettings,
  onProgress: Told,
): Made {
  const { specialTokens, lowercase, stripAccents, tokenizeChineseChars } = settings;
  const tokens = wordPieceVocabulary(counts, { ...settings, onProgress });
  const config = {
    do_lower_case: lowercase,
    strip_accents: stripAccents,
    tokenize_chinese_chars: tokenizeChineseChars,
  };
  const json = wordPieceJson(tokens.join('\n'), config, 'the trained vocabulary');
  return { json: { ...json, added_tokens: specialAddedTokens(specialTokens) }, config };
}

function makeByteLevel(
  counts: ReadonlyMap<string, number>,
  settings: TokenizerTrainingSettings,
  onProgress: Told,
): Made {
  const { specialTokens } = settings;
  const { tokens, merges } = byteLevelVocabulary(counts, { ...settings, onProgress });
  return { json: byteLevelJson(tokens, merges, specialTokens), config: generativeConfig(specialTokens) };
}

function makeCharacters(counts: ReadonlyMap<string, number>, settings: TokenizerTrainingSettings): Made {
  const { specialTokens, vocabSize, limitAlphabet } = settings;
  const alphabet = alphabetOf(counts, limitAlphabet);
  const tokens = [...new Set([...specialTokens, ...alphabet])];
  if (tokens.length > vocabSize) {
    throw new UserError(
      `a vocabulary of ${vocabSize} tokens has no room for ${alphabet.length} characters and ${specialTokens.length} ` +
        `special tokens. Raise the vocabulary size (\`vocabSize\`) to ${tokens.length}, or lower the limit of the alphabet ` +
        '(`limitAlphabet`).',
    );
  }
  const config = { unk_token: '[UNK]', ...generativeConfig(specialTokens) };
  return { json: characterJson(tokens, specialTokens, '[UNK]'), config };
}

/** Settings of tokenizer_config.json for a tokenizer whose texts are written by a model, to the letter. */
const generativeConfig = (specialTokens: readonly string[]) => ({
  ...namedSpecialTokens(specialTokens),
  clean_up_tokenization_spaces: false,
});
