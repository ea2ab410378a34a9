/** @file `multihead/text`: tokenizers, tokenizer training, and tokenized corpora. */
export type { Span } from '../text/backends/backend.js';
export { type ChatContentPart, type ChatMessage, isConversation } from '../text/chat/chat-message.js';
export type { ChatTemplates } from '../text/chat/chat-templates.js';
export type { ChatTemplateOptions } from '../text/chat/render-chat.js';
export { type TokenizeCorpusOptions, type TokenizingProgress, tokenizeCorpus } from '../text/corpus/tokenize-corpus.js';
export { readLlama2cTokenizer } from '../text/files/llama2c-tokenizer.js';
export { AutoTokenizer } from '../text/tokenizer/auto-tokenizer.js';
export type {
  BatchInput,
  BatchOptions,
  CallableTokenizer,
  Int64Tensor,
  TokenizedBatch,
} from '../text/tokenizer/batch.js';
export type {
  DecodeOptions,
  EncodeOptions,
  Encoding,
  TextInput,
  Tokenizer,
  WindowOptions,
} from '../text/tokenizer/tokenizer.js';
export type { Truncation } from '../text/tokenizer/truncation.js';
export type { WordBoundaries } from '../text/tokenizer/word-boundaries.js';
export type { WordEncoding } from '../text/tokenizer/word-encoding.js';
export type { TokenizerTrainingEvent } from '../text/training/events.js';
export type { TokenizerTrainingOptions, TokenizerType } from '../text/training/options.js';
export { trainTokenizer } from '../text/training/train-tokenizer.js';
