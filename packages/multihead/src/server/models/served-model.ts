/**
 * @file A model as the server uses it. Routes know models by this interface alone; whether one computes in this process or in
 * another, and how requests share its batches, is behind it.
 */

import type { ChatMessage } from '../../text/chat/chat-message.js';

/** Whether a model answers: `loading` until it can, `down` while a worker that died is started anew. */
export type ModelState = 'loading' | 'ready' | 'down';

/** What a model is and can do: known before its weights are loaded. */
export interface ModelInfo {
  /** The name that requests call it by. */
  readonly name: string;
  /** Hugging Face's name of its family: `bert`. */
  readonly modelType: string;
  /** Names of the pipelines that it can answer, the one that it was trained for first. */
  readonly tasks: readonly string[];
  /** Maximum number of tokens of a text or, of a decoder, of prompt and new text. */
  readonly maxLength: number;
  /** Elements of an embedding; undefined where it makes none. */
  readonly hiddenSize?: number | undefined;
  /** Names of the classes of a classifier. */
  readonly labels?: readonly string[] | undefined;
  /** Whether it takes messages: its tokenizer has a chat template. */
  readonly hasChatTemplate: boolean;
  /** When its folder was last changed, in seconds since 1970. */
  readonly created: number;
}

/** What every call says about the request that it belongs to. */
export interface Call {
  /** Aborted when the client has gone or the time is up: the call is dropped from the queue, or stops after the running step. */
  readonly signal: AbortSignal;
  /** Who sent it: clients take turns. Default: each call is a client of its own. */
  readonly client?: string | undefined;
  /** Called when the first part of it is computed, after it has waited. Of implementations in this process alone. */
  readonly onStart?: (() => void) | undefined;
}

/** Predictions of a pipeline. */
export interface Predictions {
  /** One answer for each input, as the pipeline's `service` gives it. JSON only. */
  readonly outputs: readonly unknown[];
  /** Tokens that the model read, without padding. */
  readonly promptTokens: number;
}

/** A text, or its token ids as {@link ServedModel.tokenize} gives them, special tokens included. */
export type TextOrTokens = string | readonly number[];

/** How embeddings are made. */
export interface EmbedOptions {
  /** Whether texts longer than the model reads are cut; otherwise they are refused. Default: true. */
  readonly truncate?: boolean | undefined;
}

/** Embeddings of texts, in their order. */
export interface Embeddings {
  /** [inputs, size], one after another. */
  readonly data: Float32Array;
  readonly size: number;
  /** Tokens that the model read, without padding. */
  readonly promptTokens: number;
}

/** What is continued: a text, token ids, or a conversation, for which the model's chat template makes the prompt. */
export type Prompt = TextOrTokens | { readonly messages: readonly ChatMessage[] };

/** What to generate. Options that are left out are those of the model's folder. */
export interface GenerateRequest {
  readonly prompt: Prompt;
  /** Number of texts. More than one are sampled with the seeds that `numReturnSequences` of the library gives them. */
  readonly n: number;
  /** Options of `generate`, in the library's names: `maxNewTokens`, `temperature`, `topP`, `seed`, `stopStrings`, ... */
  readonly options: Readonly<Record<string, unknown>>;
  /** Where `maxNewTokens` is left out: as many tokens as there is room for, up to this number. Default: as the library has it. */
  readonly fill?: number | undefined;
  /** Of how many of the most likely tokens at each place log-probabilities are wanted; undefined: none, 0: only of the chosen. */
  readonly logprobs?: number | undefined;
}

/** A token and the natural logarithm of its probability, before any option of sampling changed it. */
export interface TokenLogprob {
  readonly token: string;
  readonly tokenId: number;
  readonly logprob: number;
}

/** A generated token. */
export interface GeneratedToken extends TokenLogprob {
  /** The most likely tokens at this place, highest first; empty where none were asked for. */
  readonly top: readonly TokenLogprob[];
}

/** The text and tokens generated since the last piece of the same text. */
export interface GeneratedPiece {
  /** Number of the text: from 0 to `n` - 1. */
  readonly index: number;
  /** Text that is final: no character and no possible stop string is split. May be empty. */
  readonly text: string;
  /** Number of its tokens. */
  readonly tokenCount: number;
  /** The tokens, where log-probabilities were asked for. */
  readonly tokens?: readonly GeneratedToken[] | undefined;
  /** Set in the last piece of a text: an end-of-text token or a stop string (`stop`), or the limit of tokens (`length`). */
  readonly finishReason?: 'stop' | 'length' | undefined;
}

/** A generation that has been accepted. */
export interface Generation {
  readonly promptTokens: number;
  /** The pieces as they come. Leaving the loop, or the call's signal, stops the generation within one token. */
  readonly pieces: AsyncIterable<GeneratedPiece>;
}

/** Texts as the model reads them. */
export interface Tokenized {
  readonly tokenIds: readonly number[];
  readonly tokens: readonly string[];
}

/**
 * A model that is served. All arguments and results are plain data (structured clone), so that an implementation can pass them to
 * another process. Inputs and parameters of {@link predict} have been checked by the schemas of the pipeline's `service`.
 *
 * Calls reject with
 * - a UserError for what is well formed, but this model cannot process: 422;
 * - a ServeError with its own status: 429 with `retryAfter` where the queue is full, 503 with `retryAfter` where the worker
 *   is down or died under the request, 413 or 400 for what is too long;
 * - the signal's reason, once it is aborted;
 * - anything else for a fault of ours: 500.
 *
 * A call never waits for the model to load or to come back: it is refused with 503.
 */
export interface ServedModel {
  readonly state: ModelState;
  readonly info: ModelInfo;
  /** Resolves when the model answers for the first time. @throws UserError where it cannot be loaded at all */
  readonly ready: Promise<void>;
  /** Answers inputs with the pipeline of a task. */
  predict(
    task: string,
    inputs: readonly unknown[],
    parameters: Readonly<Record<string, unknown>>,
    call: Call,
  ): Promise<Predictions>;
  /** Embeds texts as the pipeline `feature-extraction` does without options. */
  embed(inputs: readonly TextOrTokens[], options: EmbedOptions, call: Call): Promise<Embeddings>;
  /** Begins to generate; resolves when the request has been checked and accepted, before the first token. */
  generate(request: GenerateRequest, call: Call): Promise<Generation>;
  tokenize(texts: readonly string[], options: { readonly addSpecialTokens: boolean }, call: Call): Promise<Tokenized[]>;
  detokenize(
    tokenIds: readonly number[],
    options: { readonly skipSpecialTokens: boolean },
    call: Call,
  ): Promise<string>;
  /** Refuses new calls, finishes those that were accepted, and frees the model. */
  close(): Promise<void>;
}

/** A model to serve: what implementations are made of. */
export interface ModelSource {
  readonly name: string;
  /** A model folder, or a model of the hub by its id. */
  readonly model: string;
  /** Maximum number of tokens of a text. Default: the pipeline's. */
  readonly maxLength?: number | undefined;
}
