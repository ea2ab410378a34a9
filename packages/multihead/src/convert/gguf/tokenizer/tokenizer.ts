/** @file The tokenizer of a GGUF file, with its chat templates. */
import { beginning } from '../../../text/files/beginning-token.js';
import { bpeModel } from '../../../text/files/bpe-model.js';
import { sentencePieceJson } from '../../../text/files/sentence-piece-json.js';
import { Tokenizer } from '../../../text/tokenizer/tokenizer.js';
import type { GgufFile } from '../gguf-file.js';
import { preTokenizers } from './pre-tokenizers.js';
import { type GgufVocabulary, readVocabulary } from './vocabulary.js';

/** A part of tokenizer.json. */
type Part = Readonly<Record<string, unknown>>;
type Json = ConstructorParameters<typeof Tokenizer>[0]['json'];

/**
 * Reads the tokenizer.
 *
 * @param model number of tokens of the model, and of a text that it reads
 * @throws UserError for kinds of tokenizers and rules of words that are not read, and for lists that do not fit each other
 */
export function readTokenizer(
  file: GgufFile,
  model: { readonly vocabSize: number; readonly maxLength: number },
): Tokenizer {
  const kind = file.text('tokenizer.ggml.model') ?? file.fail('has no tokenizer: no setting tokenizer.ggml.model');
  const vocabulary = readVocabulary(file, model.vocabSize);
  const make = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (!make) return file.fail(`tokenizer.ggml.model is ${kind}; read are ${Object.keys(kinds).join(', ')}`);
  const named = ['bos', 'eos', 'unknown', 'padding'].flatMap((role) => {
    const token = vocabulary.special(role)?.[0];
    return token === undefined ? [] : [[`${shortNames[role] ?? role}_token`, token]];
  });
  const config = {
    tokenizer_class: 'PreTrainedTokenizerFast',
    model_max_length: model.maxLength,
    clean_up_tokenization_spaces: false,
    ...Object.fromEntries(named),
    ...chatTemplates(file),
  };
  return new Tokenizer({ json: make(file, vocabulary), config, where: file.path });
}

/** Roles whose names are shorter in tokenizer_config.json. */
const shortNames: Readonly<Record<string, string>> = { unknown: 'unk', padding: 'pad' };

/** Kinds of tokenizers by ggml's names. A new one is a row here. */
const kinds: Readonly<Record<string, (file: GgufFile, vocabulary: GgufVocabulary) => Json>> = {
  gpt2: byteLevelBpe,
  llama: sentencePiece,
};

/** Byte-level BPE, of GPT-2, Llama 3 and Qwen. */
function byteLevelBpe(file: GgufFile, vocabulary: GgufVocabulary): Json {
  const rule = file.text('tokenizer.ggml.pre') ?? 'default';
  const found = Object.hasOwn(preTokenizers, rule) ? preTokenizers[rule] : undefined;
  const names = Object.keys(preTokenizers).join(', ');
  const {
    json,
    normalizer = null,
    ignoreMerges = false,
    addsBeginning = false,
  } = found ?? file.fail(`tokenizer.ggml.pre is ${rule}, a rule of words that is not known; known are ${names}`);
  const { tokens } = vocabulary;
  const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]));
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: vocabulary.addedTokens,
    normalizer,
    pre_tokenizer: json,
    post_processor: arrangement(file, vocabulary, addsBeginning) ?? { ...byteLevel, trim_offsets: false },
    decoder: byteLevel,
    model: bpeModel({ ignoreMerges, vocab, merges: readMerges(file, vocab) }),
  };
}

function readMerges(file: GgufFile, vocab: Readonly<Record<string, number>>): [string, string][] {
  const merges = file.texts('tokenizer.ggml.merges') ?? file.fail('has no setting tokenizer.ggml.merges');
  return merges.map((merge, i) => {
    const space = merge.indexOf(' ', 1);
    const pair: [string, string] = [merge.slice(0, space), merge.slice(space + 1)];
    const isMerge = space > 0 && [...pair, pair.join('')].every((token) => Object.hasOwn(vocab, token));
    return isMerge
      ? pair
      : file.fail(`merge ${i}, ${JSON.stringify(merge).slice(0, 80)}, is not of two tokens to a third`);
  });
}

/** SentencePiece's BPE, of Llama 1 and 2 and of Mistral's first models. */
function sentencePiece(file: GgufFile, vocabulary: GgufVocabulary): Json {
  const scores = file.numbers('tokenizer.ggml.scores') ?? file.fail('has no setting tokenizer.ggml.scores');
  const { tokens, addedTokens } = vocabulary;
  if (scores.length !== tokens.length) {
    file.fail(`tokenizer.ggml.scores has ${scores.length} scores; expected ${tokens.length}, one for each token`);
  }
  return sentencePieceJson({
    pieces: tokens.map((text, id) => ({ text, score: scores[id] as number, isMerged: vocabulary.isWordPart(id) })),
    unknown: vocabulary.special('unknown')?.[0],
    spaceBefore: file.flag('tokenizer.ggml.add_space_prefix') ?? true,
    addedTokens,
    postProcessor: arrangement(file, vocabulary, true),
  });
}

/** Whether texts begin with the beginning token; tokens behind texts are left to chat templates. */
function arrangement(file: GgufFile, vocabulary: GgufVocabulary, usual: boolean): Part | null {
  const bos = vocabulary.special('bos');
  const isAdded = file.flag('tokenizer.ggml.add_bos_token') ?? usual;
  return isAdded && bos ? beginning(...bos) : null;
}

/** The template of conversations, or several by name. */
function chatTemplates(file: GgufFile): { readonly chat_template?: unknown } {
  const usual = file.text('tokenizer.chat_template');
  const names = file.texts('tokenizer.chat_templates') ?? [];
  if (names.length === 0) return usual === undefined ? {} : { chat_template: usual };
  const others = names.map((name) => ({ name, template: file.text(`tokenizer.chat_template.${name}`) ?? '' }));
  return { chat_template: [...(usual === undefined ? [] : [{ name: 'default', template: usual }]), ...others] };
}
