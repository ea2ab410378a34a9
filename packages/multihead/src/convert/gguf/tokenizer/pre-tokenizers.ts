/**
 * @file How byte-level BPE tokenizers split a text into words, by llama.cpp's names of the rules (`tokenizer.ggml.pre`). The
 * expressions are those of the models' own tokenizer.json. A new rule is a row here.
 */

/** A rule. */
export interface PreTokenizer {
  /** The pre-tokenizer of tokenizer.json. */
  readonly json: Readonly<Record<string, unknown>>;
  /** The normalizer of tokenizer.json; null for none. */
  readonly normalizer?: Readonly<Record<string, unknown>>;
  /** Whether a word that is a token is taken as it is, without merging. */
  readonly ignoreMerges?: boolean;
  /** Whether texts begin with the beginning token where the file does not say. */
  readonly addsBeginning?: boolean;
}

const byteLevel = (use_regex: boolean) => ({
  type: 'ByteLevel',
  add_prefix_space: false,
  trim_offsets: true,
  use_regex,
});
const sequence = (...pretokenizers: object[]) => ({ type: 'Sequence', pretokenizers });
const split = (Regex: string) => ({ type: 'Split', pattern: { Regex }, behavior: 'Isolated', invert: false });

/** GPT-2's words. */
const gpt2: PreTokenizer = { json: byteLevel(true) };
/** GPT-2's words, and each digit by itself. */
const singleDigits: PreTokenizer = { json: sequence({ type: 'Digits', individual_digits: true }, byteLevel(true)) };

/** The words of OpenAI's cl100k and of tokenizers like it, with so many digits in one. */
const words = (digits: string) =>
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|" +
  `${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;

const llama3: PreTokenizer = {
  json: sequence(split(words('\\p{N}{1,3}')), byteLevel(false)),
  ignoreMerges: true,
  addsBeginning: true,
};
const qwen2: PreTokenizer = {
  json: sequence(split(words('\\p{N}')), byteLevel(false)),
  normalizer: { type: 'NFC' },
};

const upper = '[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]';
const lower = '[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]';
/** Mistral's Tekken: words end where a capital follows a small letter. */
const tekken: PreTokenizer = {
  json: sequence(
    split(
      `[^\\r\\n\\p{L}\\p{N}]?${upper}*${lower}+|[^\\r\\n\\p{L}\\p{N}]?${upper}+${lower}*|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|` +
        '\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+',
    ),
    byteLevel(false),
  ),
  ignoreMerges: true,
  addsBeginning: true,
};

/** By llama.cpp's names. */
export const preTokenizers: Readonly<Record<string, PreTokenizer>> = {
  default: gpt2,
  'gpt-2': gpt2,
  olmo: gpt2,
  'roberta-bpe': gpt2,
  smollm: singleDigits,
  starcoder: singleDigits,
  refact: singleDigits,
  codeshell: singleDigits,
  'llama-bpe': llama3,
  llama3,
  'llama-v3': llama3,
  qwen2,
  'deepseek-r1-qwen': qwen2,
  tekken,
};
