/** @file Inputs and outputs of `model.predict`, with Hugging Face's names in camelCase. */
import type { TensorValue, Values } from '../../engine/engine.js';
import { UserError } from '../../platform/errors.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import { camelCase, snakeCase } from './config-keys.js';

/** A float32 tensor: its elements in row-major order, and its shape. */
export interface FloatTensor extends TensorValue {
  readonly dtype: 'float32';
  readonly data: Float32Array;
}

/** Whole numbers: an int64 tensor [texts, tokens], or rows of one length. */
export type TokenRows = TensorValue | readonly (readonly number[])[];

/** A batch of tokenized texts, as returned by `tokenizer(texts)`. */
export interface ModelBatch {
  /** Token ids. */
  readonly inputIds: TokenRows;
  /** 1 for tokens, 0 for padding. Default: there is no padding. */
  readonly attentionMask?: TokenRows | undefined;
  /** 0 for the first text of a pair, 1 for the second. Default: 0. */
  readonly tokenTypeIds?: TokenRows | undefined;
}

const inputNames = namesOf<ModelBatch>({ inputIds: true, attentionMask: true, tokenTypeIds: true });

/** Optional outputs of a prediction; empty unless requested. */
export interface PredictedStates {
  /** Each layer's attention weights, [batch, heads, sequence, sequence], for `outputAttentions`. */
  readonly attentions: readonly FloatTensor[];
  /** The embeddings' output and each layer's, [batch, sequence, hiddenSize], for `outputHiddenStates`. */
  readonly hiddenStates: readonly FloatTensor[];
}

/** Predictions of a model without a head. */
export interface BaseModelOutput {
  /** [batch, sequence, hiddenSize] */
  readonly lastHiddenState: FloatTensor;
  /** [batch, hiddenSize], of a model with a pooler. */
  readonly poolerOutput?: FloatTensor;
}

/** Predictions of classifiers and language models. */
export interface LogitsOutput {
  /** [batch, labels], [batch, sequence, labels] or [batch, sequence, vocabulary] */
  readonly logits: FloatTensor;
}

/** Predictions of question answering models. */
export interface QuestionAnsweringOutput {
  /** [batch, sequence] */
  readonly startLogits: FloatTensor;
  /** [batch, sequence] */
  readonly endLogits: FloatTensor;
}

/** Predictions of a model with BERT's pretraining heads. */
export interface NextSentenceOutput {
  /** [batch, sequence, vocabulary] */
  readonly predictionLogits: FloatTensor;
  /** [batch, 2]; class 0 is "follows" */
  readonly seqRelationshipLogits: FloatTensor;
}

/** The inputs of a model's graph, by the names that ONNX files have. */
export function graphInputs(batch: ModelBatch): Values {
  checkOptionNames(batch, inputNames, 'predict');
  const { inputIds } = batch;
  if (inputIds === undefined) throw new UserError('predict: the batch has no inputIds; tokenizer(texts) makes a batch');
  const ids = rowsOf(inputIds, 'inputIds');
  const like = (name: 'attentionMask' | 'tokenTypeIds', usual: bigint): TensorValue => {
    const given = batch[name];
    if (given === undefined) return { ...ids, data: new BigInt64Array(ids.data.length).fill(usual) };
    const { shape, ...rest } = rowsOf(given, name);
    if (shape.join() === ids.shape.join()) return { shape, ...rest };
    throw new UserError(
      `predict: ${name} is [${shape.join(', ')}]; expected [${ids.shape.join(', ')}], as inputIds is`,
    );
  };
  const all = { inputIds: ids, attentionMask: like('attentionMask', 1n), tokenTypeIds: like('tokenTypeIds', 0n) };
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [snakeCase(name), value]));
}

function rowsOf(rows: TokenRows, name: string): TensorValue {
  if (!Array.isArray(rows)) {
    const { dtype, shape } = rows as TensorValue;
    if (dtype === 'int64' && shape.length === 2) return rows as TensorValue;
    throw new UserError(`predict: ${name} is ${dtype} [${shape?.join(', ')}]; expected int64 [texts, tokens]`);
  }
  const width = rows[0]?.length ?? 0;
  if (width === 0 || rows.some((row) => row?.length !== width || !row.every(Number.isSafeInteger))) {
    throw new UserError(
      `predict: ${name} must be rows of whole numbers, all of one length; tokenizer(texts) pads them`,
    );
  }
  return { dtype: 'int64', shape: [rows.length, width], data: BigInt64Array.from(rows.flat(), BigInt) };
}

/** A graph's outputs as predictions: `attentions.0`, `attentions.1`, ... become a list. */
export function predictionsOf(
  outputs: Readonly<Record<string, TensorValue>>,
): Record<string, unknown> & PredictedStates {
  const lists = { attentions: [] as FloatTensor[], hiddenStates: [] as FloatTensor[] };
  const single: Record<string, TensorValue> = {};
  for (const [name, value] of Object.entries(outputs)) {
    const [kind = '', index] = name.split('.');
    if (index === undefined) single[camelCase(name)] = value;
    else lists[camelCase(kind) as keyof typeof lists][Number(index)] = value as FloatTensor;
  }
  return { ...single, ...lists };
}
