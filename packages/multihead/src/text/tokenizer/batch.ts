/** @file Encodes texts to a padded batch, like Hugging Face's `tokenizer(texts)`. */
import { UserError } from '../../platform/errors.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import type { EncodeOptions, TextInput } from './encode-options.js';
import type { Encoding } from './encoding.js';
import type { Truncation } from './truncation.js';

/** An int64 tensor: its elements in row-major order, and its shape. */
export interface Int64Tensor {
  readonly dtype: 'int64';
  readonly shape: readonly number[];
  readonly data: BigInt64Array;
}

/** A batch of tokenized texts for `model.predict(batch)`; all tensors are [texts, tokens]. */
export interface TokenizedBatch {
  /** Token ids. */
  readonly inputIds: Int64Tensor;
  /** 1 for tokens, 0 for padding. */
  readonly attentionMask: Int64Tensor;
  /** 0 for the first text of a pair, 1 for the second. */
  readonly tokenTypeIds: Int64Tensor;
}

/** Options of `tokenizer(texts)`, with Hugging Face's names in camelCase. */
export interface BatchOptions {
  /** The second text of each pair: one, or as many as there are texts. */
  readonly textPair?: string | readonly string[] | undefined;
  /**
   * Padding to the batch's longest text, to `maxLength`, or none, if all texts have the same length. Default: true, to
   * the longest.
   */
  readonly padding?: boolean | 'longest' | 'max_length' | undefined;
  /**
   * Whether to truncate texts to `maxLength`, and which of a pair. Default: `longest_first` if there is a `maxLength`.
   */
  readonly truncation?: boolean | Truncation | undefined;
  /** Maximum number of tokens, including special tokens. Default with truncation: that of tokenizer_config.json. */
  readonly maxLength?: number | undefined;
  /** Whether to add special tokens such as [CLS] and [SEP]. Default: true. */
  readonly addSpecialTokens?: boolean | undefined;
}

const batchOptionNames = namesOf<BatchOptions>({
  textPair: true,
  padding: true,
  truncation: true,
  maxLength: true,
  addSpecialTokens: true,
});

/** A text, a pair, or several of either. */
export type BatchInput = string | readonly TextInput[];

/** What a batch needs of a tokenizer. */
interface Encoder {
  readonly padId: number;
  readonly modelMaxLength: number;
  encodeBatch(inputs: readonly TextInput[], options: EncodeOptions): Promise<Encoding[]>;
}

/** Encodes texts and pads them. */
export async function encodeToBatch(
  tokenizer: Encoder,
  texts: BatchInput,
  options: BatchOptions = {},
): Promise<TokenizedBatch> {
  checkOptionNames(options, batchOptionNames, 'tokenizer');
  const { padding = true, maxLength, addSpecialTokens = true } = options;
  const { truncation = maxLength !== undefined } = options;
  const most = maxLength ?? tokenizer.modelMaxLength;
  const encodings = await tokenizer.encodeBatch(pairsOf(texts, options.textPair), {
    addSpecialTokens,
    maxLength: truncation !== false && Number.isFinite(most) ? most : undefined,
    ...(typeof truncation === 'string' && { truncation }),
  });
  const lengths = encodings.map(({ inputIds }) => inputIds.length);
  const longest = Math.max(0, ...lengths);
  if (padding === false && lengths.some((length) => length !== longest)) {
    throw new UserError('tokenizer: the texts have different numbers of tokens; padding: true makes a batch of them');
  }
  if (padding === 'max_length' && !Number.isFinite(most)) {
    throw new UserError("tokenizer: padding 'max_length' needs maxLength; tokenizer_config.json names no length");
  }
  const width = padding === 'max_length' ? Math.max(most, longest) : longest;
  const rows = (list: (encoding: Encoding) => readonly number[], fill = 0): Int64Tensor => {
    const data = new BigInt64Array(encodings.length * width).fill(BigInt(fill));
    for (const [row, encoding] of encodings.entries()) data.set(list(encoding).map(BigInt), row * width);
    return { dtype: 'int64', shape: [encodings.length, width], data };
  };
  return {
    inputIds: rows(({ inputIds }) => inputIds, tokenizer.padId),
    attentionMask: rows(({ attentionMask }) => attentionMask),
    tokenTypeIds: rows(({ tokenTypeIds }) => tokenTypeIds),
  };
}

/** The inputs, each text with its pair where there is one. */
function pairsOf(texts: BatchInput, textPair: BatchOptions['textPair']): readonly TextInput[] {
  const inputs: readonly TextInput[] = typeof texts === 'string' ? [texts] : texts;
  if (inputs.length === 0) throw new UserError('tokenizer: there are no texts; at least one was expected');
  if (textPair === undefined) return inputs;
  const pairs = typeof textPair === 'string' ? [textPair] : textPair;
  if (pairs.length !== inputs.length) {
    throw new UserError(`tokenizer: textPair has ${pairs.length} texts; expected ${inputs.length}, one for each`);
  }
  return inputs.map((text, i): TextInput => {
    if (typeof text !== 'string') throw new UserError('tokenizer: the texts are pairs, and textPair gives more');
    return [text, pairs[i] as string];
  });
}

/**
 * A tokenizer as a function: encodes texts, or pairs of texts, as a batch that `model.predict` takes. It throws a UserError where
 * a text cannot be cut to the maximum length.
 */
export type CallableTokenizer = (texts: BatchInput, options?: BatchOptions) => Promise<TokenizedBatch>;

/** Objects of its subclasses can be called: a call encodes a batch. */
export const Callable = function () {
  const call = (texts: BatchInput, options?: BatchOptions) => encodeToBatch(call as unknown as Encoder, texts, options);
  return Object.setPrototypeOf(call, new.target.prototype);
} as unknown as new () => CallableTokenizer;
