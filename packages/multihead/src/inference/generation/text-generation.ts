/** @file The text generation pipeline. */

import type { DecodingModel } from '../../models/causal/decoding-model.js';
import { UserError } from '../../platform/errors.js';
import { checkOptionNames } from '../../platform/option-names.js';
import type { ChatMessage } from '../../text/chat/chat-message.js';
import type { Tokenizer } from '../../text/tokenizer/tokenizer.js';
import { generate } from './generate.js';
import type { FinishReason } from './generated.js';
import { type GenerationConfig, overDefaults } from './generation-config.js';
import { defined, type GenerationOptions, generationOptionNames } from './options.js';
import { type ChatPromptOptions, encodePrompts, isOnePrompt, type Prompt, withGenerated } from './prompts.js';
import { knownTokens, resolveRequest } from './request.js';
import { textOf } from './streaming/incremental-detokenizer.js';
import { checkStreamable, streamText } from './streaming/stream-text.js';
import { streamTexts, type TextStream } from './streaming/stream-texts.js';

/** Options of text generation. */
export interface TextGenerationOptions extends Omit<GenerationOptions, 'tokenizer'> {
  /** Whether `generatedText` begins with the prompt: its text, or its messages. Default: true. */
  readonly returnFullText?: boolean | undefined;
  /** For conversations: what the chat template is given besides messages. */
  readonly chat?: ChatPromptOptions | undefined;
}

const optionNames = [...generationOptionNames.filter((name) => name !== 'tokenizer'), 'returnFullText', 'chat'];

/** A generated text. */
export interface GeneratedText {
  /** Prompt and new text or, with `returnFullText: false`, only the new text, up to a stop string. */
  readonly generatedText: string;
  /** The new tokens, including the one that ended the text. */
  readonly tokenIds: readonly number[];
  readonly finishReason: FinishReason;
  /** Beam search: log-probability of the new tokens, divided by their number to the power of `lengthPenalty`. */
  readonly score?: number;
}

/** A conversation with the message that was generated. */
export interface GeneratedConversation extends Omit<GeneratedText, 'generatedText'> {
  /** The messages and the assistant's new one or, where the last was the assistant's, that one continued. */
  readonly generatedText: readonly ChatMessage[];
}

/** Continues prompts. */
export interface TextGenerationPipeline {
  /** Generates the assistant's next message: `numReturnSequences` of them. With `returnFullText: false`, its text alone. */
  (
    messages: readonly ChatMessage[],
    options: TextGenerationOptions & { readonly returnFullText: false },
  ): Promise<GeneratedText[]>;
  (
    messages: readonly ChatMessage[],
    options?: TextGenerationOptions & { readonly returnFullText?: true | undefined },
  ): Promise<GeneratedConversation[]>;
  /** Generates the next messages of several conversations, as one batch. */
  (
    conversations: readonly (readonly ChatMessage[])[],
    options?: TextGenerationOptions & { readonly returnFullText?: true | undefined },
  ): Promise<GeneratedConversation[][]>;
  /** Generates the texts of one prompt: `numReturnSequences` of them. */
  (prompt: string, options?: TextGenerationOptions): Promise<GeneratedText[]>;
  /** Generates the texts of several prompts, as one batch. */
  (prompts: readonly string[], options?: TextGenerationOptions): Promise<GeneratedText[][]>;
  /**
   * Streams the new text of one prompt or conversation. A piece never splits a character, and the pieces together equal
   * the text of the call with the same options. Leaving the loop stops the model.
   */
  stream(prompt: Prompt, options?: TextGenerationOptions): AsyncGenerator<string, void, undefined>;
  /**
   * Streams the new texts of one prompt or conversation, `numReturnSequences` of them, token by token. Resolves when the options have been
   * checked, before the model begins. Leaving the loop stops it.
   *
   * @param prompt    a text, a conversation, or the token ids of a text
   * @param topLength number of most likely tokens whose log-probabilities come with each token; undefined: none at all
   */
  streamTexts(
    prompt: Prompt | readonly number[],
    options?: TextGenerationOptions,
    topLength?: number,
  ): Promise<TextStream>;
  /** The model's tokenizer, with its chat template. */
  readonly tokenizer: Tokenizer;
  /** Encodes a prompt or conversation as the model reads it. */
  encode(prompt: Prompt): Promise<readonly number[]>;
  /** Whether the folder's `generation_config.json` limits the length of texts. */
  readonly limitsLength: boolean;
  /** The most tokens that prompt and new text may have together. */
  readonly maxLength: number;
  /** Ends the engine and frees its memory. */
  dispose(): Promise<void>;
}

declare module '../../tasks/pipelines.js' {
  interface Pipelines {
    'text-generation': TextGenerationPipeline;
  }
}

/**
 * Creates the pipeline of a model and its tokenizer.
 *
 * @param config defaults; `parseGenerationConfig` reads a folder's
 * @example
 * const generator = textGenerationPipeline(await AutoModelForCausalLM.fromPretrained('models/gpt2'), tokenizer);
 * const [{ generatedText }] = await generator('Once upon a time', { maxNewTokens: 20 });
 */
export function textGenerationPipeline(
  model: DecodingModel,
  tokenizer: Tokenizer,
  config: GenerationConfig = { options: {}, bosTokenId: undefined },
): TextGenerationPipeline {
  const eosTokenId = config.options.eosTokenId ?? model.config.eosTokenId ?? tokenizer.eosId;
  const defaults = { ...config.options, eosTokenId: knownTokens(eosTokenId, model.config.vocabSize) };

  /** The caller's options over the folder's. Their values are checked, so that errors in the folder's name its file. */
  function resolve(inputIds: readonly (readonly number[])[], given: TextGenerationOptions, isStream: boolean) {
    const { returnFullText: _, chat: __, ...own } = given;
    const check = (options: GenerationOptions) => {
      const resolved = resolveRequest(model, inputIds, { ...options, tokenizer });
      if (isStream) checkStreamable(resolved);
    };
    const options = { ...overDefaults(defaults, defined(own)), tokenizer };
    try {
      check(options);
    } catch (error) {
      if (config.path === undefined || !(error instanceof UserError)) throw error;
      check(own);
      throw new UserError(`${config.path}: ${error.message}`, { cause: error });
    }
    return options;
  }
  const encode = (prompts: readonly Prompt[], { chat }: TextGenerationOptions) =>
    encodePrompts(prompts, { model, tokenizer, config, chat });

  async function answer(prompt: Prompt | readonly Prompt[], given: TextGenerationOptions = {}): Promise<unknown> {
    checkOptionNames(given, optionNames, 'text-generation');
    const { returnFullText = true } = given;
    const prompts = isOnePrompt(prompt) ? [prompt] : prompt;
    const inputIds = await encode(prompts, given);
    const options = resolve(inputIds, given, false);
    const generated = await generate(model, inputIds, options);
    const results = await Promise.all(
      generated.map((sequences, p) =>
        Promise.all(
          sequences.map(async (sequence): Promise<GeneratedText | GeneratedConversation> => {
            const { tokenIds, finishReason } = sequence;
            const ids = finishReason === 'eos' ? tokenIds.slice(0, -1) : tokenIds;
            const text = await textOf(tokenizer, inputIds[p] as number[], ids, [options.stopStrings ?? []].flat());
            const generatedText = returnFullText ? withGenerated(prompts[p] as Prompt, text) : text;
            return { generatedText, ...sequence } as GeneratedText | GeneratedConversation;
          }),
        ),
      ),
    );
    return isOnePrompt(prompt) ? results[0] : results;
  }

  async function* stream(prompt: Prompt, given: TextGenerationOptions = {}) {
    checkOptionNames(given, optionNames, 'text-generation');
    const inputIds = await encode([prompt], given);
    yield* streamText(model, inputIds[0] as number[], resolve(inputIds, given, true));
  }

  async function texts(prompt: Prompt | readonly number[], given: TextGenerationOptions = {}, topLength?: number) {
    checkOptionNames(given, optionNames, 'text-generation');
    const inputIds = isOnePrompt(prompt) ? await encode([prompt], given) : [prompt];
    return streamTexts(model, inputIds[0] as number[], resolve(inputIds, given, false), topLength);
  }

  const more = {
    stream,
    streamTexts: texts,
    tokenizer,
    encode: async (prompt: Prompt) => (await encode([prompt], {}))[0] as readonly number[],
    limitsLength: (defaults.maxNewTokens ?? defaults.maxLength) !== undefined,
    maxLength: model.maxPositionEmbeddings,
  };
  return Object.assign(answer, { ...more, dispose: () => model.weights.dispose() }) as TextGenerationPipeline;
}
