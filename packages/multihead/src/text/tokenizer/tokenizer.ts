/** @file Tokenizers: encoding of text to token ids with offsets, and decoding. */
import { createBackend } from '#tokenizer-backend';
import { UserError } from '../../platform/errors.js';
import { checkOptionNames } from '../../platform/option-names.js';
import type { RawTokens, TokenizerBackend, TokenizerJson } from '../backends/backend.js';
import type { ChatMessage } from '../chat/chat-message.js';
import { type ChatTemplates, readChatTemplates } from '../chat/chat-templates.js';
import { type ChatTemplateOptions, renderChat } from '../chat/render-chat.js';
import { tokenizerFiles } from '../files/tokenizer-files.js';
import { Callable } from './batch.js';
import { cleansUp, cleanUpSpaces } from './clean-up.js';
import {
  type DecodeOptions,
  decodeOptionNames,
  type EncodeOptions,
  encodeOptionNames,
  type TextInput,
  type WindowOptions,
  windowOptionNames,
  wordOptionNames,
} from './encode-options.js';
import type { Encoding } from './encoding.js';
import { EncodingAssembler } from './encoding-assembler.js';
import { readTemplate } from './post-processor.js';
import { findSpecialTokens, type SpecialTokens } from './special-tokens.js';
import { type TokenKinds, tokenKinds } from './token-kinds.js';
import { checkStride, truncationSide } from './truncation.js';
import { type WordBoundaries, wordBoundaries } from './word-boundaries.js';
import { joinWords, needsSpace, type WordEncoding, withoutSpace } from './word-encoding.js';

export type { DecodeOptions, EncodeOptions, TextInput, WindowOptions } from './encode-options.js';
export type { Encoding } from './encoding.js';

/** What a tokenizer is made of. */
export interface TokenizerFiles {
  /** tokenizer.json's contents. */
  readonly json: TokenizerJson;
  /** tokenizer_config.json's contents. */
  readonly config: Readonly<Record<string, unknown>>;
  /** For errors: where the files came from. */
  readonly where: string;
}

/**
 * A tokenizer in Hugging Face's format. Load one with {@link AutoTokenizer}. A tokenizer can be called:
 * `tokenizer(texts)` returns a padded batch for `model.predict`.
 *
 * @example
 * const batch = await tokenizer(['good', 'not so good'], { maxLength: 128 });
 * const { logits } = await model.predict(batch);
 */
export class Tokenizer extends Callable {
  private readonly backend: TokenizerBackend;
  private readonly assembler: EncodingAssembler;
  private readonly json: TokenizerJson;
  private readonly config: Readonly<Record<string, unknown>>;
  private readonly specialTokens: SpecialTokens;
  /** The chat templates by name; the usual one is `default`. */
  readonly chatTemplates: ChatTemplates;
  private readonly where: string;
  private readonly kinds: TokenKinds;
  /** Ids of all tokens, including added ones. */
  readonly vocabulary: ReadonlyMap<string, number>;

  /** @throws UserError naming the file, where the tokenizer's JSON cannot be understood */
  constructor({ json, config, where }: TokenizerFiles) {
    super();
    // Cutting and padding are done here; a file may carry settings for them that would get in the way.
    this.json = { ...json, truncation: null, padding: null };
    this.config = config;
    this.where = where;
    this.chatTemplates = readChatTemplates(config.chat_template, where);
    this.kinds = tokenKinds(json);
    const cutSide = truncationSide(config, json.truncation, where);
    // Before the backend: a template that cannot be makes the Rust library panic.
    this.assembler = new EncodingAssembler(readTemplate(json.post_processor, where), cutSide);
    try {
      this.backend = createBackend(this.json);
    } catch (error) {
      throw new UserError(`${where}: is no tokenizer that can be read: ${(error as Error).message}`, { cause: error });
    }
    this.vocabulary = this.backend.vocabulary();
    this.specialTokens = findSpecialTokens(config, (token) => this.vocabulary.has(token));
  }

  /** Number of tokens, including added ones. */
  get vocabSize(): number {
    return this.vocabulary.size;
  }

  /** Maximum number of tokens that the model reads, from tokenizer_config.json; Infinity if not set. */
  get modelMaxLength(): number {
    const length = this.config.model_max_length;
    // Hugging Face writes 1e30 for "no limit".
    return typeof length === 'number' && length < 1e15 ? length : Number.POSITIVE_INFINITY;
  }

  /** The padding token, such as [PAD]. */
  get padToken(): string | undefined {
    return this.specialTokens.pad;
  }

  /** The id of the padding token; 0 if there is none. */
  get padId(): number {
    return this.numberOf(this.padToken) ?? 0;
  }

  /** The unknown token, such as [UNK]. */
  get unkToken(): string | undefined {
    return this.specialTokens.unk;
  }

  /** The id of the unknown token. */
  get unkId(): number | undefined {
    return this.numberOf(this.unkToken);
  }

  /** The classification token, such as [CLS]. */
  get clsToken(): string | undefined {
    return this.specialTokens.cls;
  }

  /** The id of the classification token. */
  get clsId(): number | undefined {
    return this.numberOf(this.clsToken);
  }

  /** The separator token, such as [SEP]. */
  get sepToken(): string | undefined {
    return this.specialTokens.sep;
  }

  /** The id of the separator token. */
  get sepId(): number | undefined {
    return this.numberOf(this.sepToken);
  }

  /** The mask token, such as [MASK]. */
  get maskToken(): string | undefined {
    return this.specialTokens.mask;
  }

  /** The id of the mask token. */
  get maskId(): number | undefined {
    return this.numberOf(this.maskToken);
  }

  /** The ids of all special tokens. */
  get specialIds(): readonly number[] {
    return Object.values(this.specialTokens).map((token) => this.tokenToId(token) as number);
  }

  /** Tells which tokens begin or end a word, such as `Ġgame` or `▁game`; undefined if the tokens do not show it. */
  get wordBoundaries(): WordBoundaries | undefined {
    return wordBoundaries(this.json);
  }

  /** The id of the token that begins a text, such as <s>. */
  get bosId(): number | undefined {
    return this.numberOf(this.specialTokens.bos);
  }

  /** The id of the token that ends a text, such as <|endoftext|>. */
  get eosId(): number | undefined {
    return this.numberOf(this.specialTokens.eos);
  }

  /** The Jinja template of conversations; undefined if there is none, or none by default. */
  get chatTemplate(): string | undefined {
    return this.chatTemplates.default;
  }

  /**
   * Writes a conversation as the model was trained to read it, by its chat template: as text with `tokenize: false`, else as
   * token ids.
   *
   * @throws UserError where the tokenizer has no template, and for messages that the template refuses
   * @example
   * const messages = [{ role: 'user', content: 'What is gravity?' }];
   * await tokenizer.applyChatTemplate(messages, { addGenerationPrompt: true, tokenize: false });
   * // '<|im_start|>user\nWhat is gravity?<|im_end|>\n<|im_start|>assistant\n'
   */
  applyChatTemplate(
    messages: readonly ChatMessage[],
    options: ChatTemplateOptions & { readonly tokenize: false },
  ): Promise<string>;
  applyChatTemplate(
    messages: readonly ChatMessage[],
    options?: ChatTemplateOptions & { readonly tokenize?: true | undefined },
  ): Promise<readonly number[]>;
  async applyChatTemplate(messages: readonly ChatMessage[], options: ChatTemplateOptions = {}): Promise<unknown> {
    const { chatTemplates: templates, specialTokens, where } = this;
    const text = await renderChat(messages, options, { templates, specialTokens, where });
    return options.tokenize === false ? text : (await this.encodeIds([text]))[0];
  }

  /** Returns the id of a token; undefined if it is not in the vocabulary. */
  tokenToId(token: string): number | undefined {
    return this.backend.tokenToId(token);
  }

  /** Returns the token of an id; undefined if there is none. */
  idToToken(id: number): string | undefined {
    return this.backend.idToToken(id);
  }

  /**
   * Decodes token ids to text. What the tokenizer normalized away, such as capitals, is not restored.
   *
   * @example
   * await tokenizer.decode([101, 7592, 2088, 102]);   // 'hello world'
   */
  async decode(ids: readonly number[], options: DecodeOptions = {}): Promise<string> {
    checkOptionNames(options, decodeOptionNames, 'decode');
    const { skipSpecialTokens = true } = options;
    const { cleanUpTokenizationSpaces = cleansUp(this.config, this.json.model.type) } = options;
    const text = await this.backend.decode(ids, skipSpecialTokens);
    return cleanUpTokenizationSpaces ? cleanUpSpaces(text) : text;
  }

  /** Whether a number is a token that {@link decode} shows where special ones are left out. */
  isShown(id: number): boolean {
    return !this.kinds.special.has(id) && this.idToToken(id) !== undefined;
  }

  /** What stands before tokens that continue a word, such as `##`; undefined where the tokenizer has none. */
  get continuingSubwordPrefix(): string | undefined {
    const { type, continuing_subword_prefix: prefix = type === 'WordPiece' ? '##' : undefined } = this.json.model;
    return typeof prefix === 'string' && prefix !== '' ? prefix : undefined;
  }

  /** Whether a token is one byte of a character, which {@link decode} puts together with the bytes around it. */
  isByteFallback(id: number): boolean {
    return this.kinds.isByteFallback(this.idToToken(id) ?? '');
  }

  /**
   * Encodes one text or pair. Many are encoded faster together: {@link encodeBatch}.
   *
   * @throws UserError where the text cannot be cut to the maximum length
   * @example
   * const { inputIds, tokens } = await tokenizer.encode('Hello world!'); // tokens: ['[CLS]', 'hello', 'world', '!', '[SEP]']
   * const pair = await tokenizer.encode(['Who?', 'It was me.'], { maxLength: 64, truncation: 'only_second' });
   */
  async encode(input: TextInput, options: EncodeOptions = {}): Promise<Encoding> {
    return (await this.encodeBatch([input], options))[0] as Encoding;
  }

  /**
   * Encodes texts or pairs, and truncates long ones like Hugging Face's tokenizers.
   *
   * @returns one encoding an input, in their order, not padded
   * @throws UserError where a text cannot be cut to the maximum length
   * @example
   * const encodings = await tokenizer.encodeBatch(['good', 'not so good'], { maxLength: 128 });
   */
  async encodeBatch(inputs: readonly TextInput[], options: EncodeOptions = {}): Promise<Encoding[]> {
    checkOptionNames(options, encodeOptionNames, 'encode');
    const tokenized = await this.tokenize(inputs);
    return tokenized.map(([first, second]) => this.assembler.truncated(first, second, options));
  }

  /**
   * Encodes texts to token ids only, without special tokens and truncation, for pretraining. Takes a fraction of the
   * time of {@link encodeBatch}, which also tells tokens and their places.
   *
   * @returns one list a text, in their order
   * @example
   * await tokenizer.encodeIds(['hello world']);   // [[7592, 2088]]
   */
  encodeIds(texts: readonly string[]): Promise<(readonly number[])[]> {
    return this.backend.encodeIds(texts).catch((cause: unknown) => this.refuse(cause));
  }

  /**
   * Encodes long texts, cut into overlapping windows: single texts, or pairs whose other text is repeated in each
   * window. Every window is there (Hugging Face's return_overflowing_tokens, of which tokenizers 0.23 loses some).
   *
   * @returns the windows of each input, in the text's order; one where it is short enough
   * @throws UserError where the special tokens and the other text leave no room for windows with such an overlap
   * @example
   * const [windows] = await tokenizer.encodeWindows([[question, context]], { maxLength: 384, stride: 128 });
   */
  async encodeWindows(inputs: readonly TextInput[], options: WindowOptions): Promise<Encoding[][]> {
    checkOptionNames(options, windowOptionNames, 'encodeWindows');
    checkStride(options.stride);
    const tokenized = await this.tokenize(inputs);
    return tokenized.map(([first, second]) => this.assembler.windows(first, second, options));
  }

  /**
   * Encodes sentences that are split into words (Hugging Face's is_split_into_words); those longer than `maxLength` are
   * cut into overlapping windows. Each word is encoded by itself, and may become several tokens, or none.
   *
   * @returns the windows of each sentence, in its order; `wordIds` tells each token's word
   * @throws UserError where the special tokens leave no room for windows with such an overlap
   * @example
   * const [[window]] = await tokenizer.encodeWords([['HuggingFace', 'rocks']], { maxLength: 128, stride: 32 });
   * window.tokens    // ['[CLS]', 'hugging', '##face', 'rocks', '[SEP]']
   * window.wordIds   // [null, 0, 0, 1, null]
   */
  async encodeWords(
    sentences: readonly (readonly string[])[],
    options: Pick<WindowOptions, 'maxLength' | 'stride'>,
  ): Promise<WordEncoding[][]> {
    checkOptionNames(options, wordOptionNames, 'encodeWords');
    const { maxLength, stride } = options;
    checkStride(stride);
    const isSpaced = needsSpace(this.json.pre_tokenizer);
    const words = sentences.flat();
    const tokenized = await this.tokenize(isSpaced ? words.map((word) => ` ${word}`) : words);
    const raws = tokenized.map(([raw]) => (isSpaced ? withoutSpace(raw) : raw));
    const size = this.assembler.room(maxLength, false, true);
    let end = 0;
    return sentences.map(({ length }) => {
      end += length;
      const { raw, wordOf } = joinWords(raws.slice(end - length, end));
      return this.assembler.wordWindows(raw, wordOf, size, stride);
    });
  }

  /**
   * Returns the tokenizer's files in Hugging Face's layout, by name: tokenizer.json, tokenizer_config.json,
   * special_tokens_map.json, and vocab.txt for WordPiece. Python Transformers and transformers.js load them.
   *
   * @example
   * for (const [name, text] of Object.entries(tokenizer.files())) await writeFile(join(folder, name), text);
   */
  files(): Record<string, string> {
    return tokenizerFiles(this.json, this.config, this.specialTokens);
  }

  private numberOf(token: string | undefined): number | undefined {
    return token === undefined ? undefined : this.tokenToId(token);
  }

  /** Some of what is wrong in a tokenizer's file, such as an `unk_id` that lacks, the library sees when a text needs it. */
  private refuse(cause: unknown): never {
    throw new UserError(`${this.where}: a text cannot be encoded: ${(cause as Error).message}`, { cause });
  }

  /** Tokenizes all texts, equal ones once: in question answering, many questions share a context. */
  private async tokenize(inputs: readonly TextInput[]): Promise<[RawTokens, RawTokens | undefined][]> {
    const texts = [...new Set(inputs.flat())] as string[];
    const raws = await this.backend.encode(texts).catch((cause: unknown) => this.refuse(cause));
    const known = new Map(texts.map((text, i) => [text, raws[i] as RawTokens]));
    return inputs.map((input) => {
      const [text, pair] = typeof input === 'string' ? [input] : input;
      return [known.get(text as string) as RawTokens, pair === undefined ? undefined : known.get(pair)];
    });
  }
}
