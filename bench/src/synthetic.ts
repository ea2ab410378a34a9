/** @file BERT classifiers of given shapes with random weights, and batches of numbers that stand for tokens. */
import { BertConfig, BertForSequenceClassification, type TrainingOptions } from 'multihead';
import { type LoraSettings, modelInputs } from 'multihead/models';
import { crossEntropy } from 'multihead/nn';
import { input, type Tensor, type TensorValue, type Values } from 'multihead/tensor';
import { TrainingStep } from 'multihead/training';

/** The sizes that make a model's speed. */
export interface ModelShape {
  readonly hidden: number;
  readonly layers: number;
  readonly heads: number;
  readonly intermediate: number;
}

export const bertBase: ModelShape = { hidden: 768, layers: 12, heads: 12, intermediate: 3072 };
export const miniLM: ModelShape = { hidden: 384, layers: 6, heads: 12, intermediate: 1536 };

interface PrepareOptions {
  readonly dropout?: number;
  readonly freeze?: TrainingOptions['freeze'];
  /** Low-rank adapters learn, and the rest of the model is frozen. */
  readonly lora?: Partial<LoraSettings>;
}

/** A model compiled for training. */
export async function prepare(
  { hidden, layers, heads, intermediate }: ModelShape,
  { dropout = 0.1, freeze = 'none', lora }: PrepareOptions = {},
) {
  const config = BertConfig.fromJson(
    {
      model_type: 'bert',
      vocab_size: 30522,
      hidden_size: hidden,
      num_hidden_layers: layers,
      num_attention_heads: heads,
      intermediate_size: intermediate,
      hidden_dropout_prob: dropout,
      attention_probs_dropout_prob: dropout,
    },
    'the benchmark',
  );
  const model = BertForSequenceClassification.fromConfig(config);
  if (lora) await model.adapters.add('default', lora);
  const labels = input('labels', 'int64', ['batch_size']);
  const loss = () => crossEntropy(model.forward(modelInputs()).scores.logits as Tensor, labels);
  return { model, training: await TrainingStep.create(model, loss, { freeze }) };
}

/** A batch of `batch` texts of `sequence` tokens, without padding. */
export function syntheticBatch(batch: number, sequence: number): Values {
  return {
    input_ids: numbers([batch, sequence], (i) => 1000 + ((i * 7919) % 29000)),
    attention_mask: numbers([batch, sequence], () => 1),
    token_type_ids: numbers([batch, sequence], () => 0),
    labels: numbers([batch], (i) => i % 2),
  };
}

function numbers(shape: readonly number[], value: (index: number) => number): TensorValue {
  const length = shape.reduce((a, b) => a * b, 1);
  return { dtype: 'int64', shape, data: BigInt64Array.from({ length }, (_, i) => BigInt(value(i))) };
}

/** The middle of some numbers, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}
