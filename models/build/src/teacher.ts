/** @file Texts to learn from, each batch with what a teacher makes of it: a source of features that asks it as they are needed. */
import type { BertModel, FeatureSource, ModelBatch, TaughtFeature, TokenFeature, Tokenizer } from 'multihead';
import { listSource } from 'multihead';

/** A text, and whether the teacher is asked about it. */
export interface TeachableFeature extends TokenFeature {
  readonly isTaught: boolean;
}

/** What the teacher is asked with. */
export interface Teacher {
  readonly model: BertModel;
  readonly tokenizer: Tokenizer;
}

/**
 * Features with the teacher's hidden states. It reads the student's tokens by its own numbers for them; what it does not
 * know is [UNK] to it.
 */
export function taughtSource(
  features: readonly TeachableFeature[],
  student: Tokenizer,
  { model, tokenizer }: Teacher,
): FeatureSource<TaughtFeature> {
  const plain = listSource(features);
  const numbers = new Map([...student.vocabulary].map(([token, id]) => [id, tokenizer.tokenToId(token)]));
  const unknown = tokenizer.unkId as number;
  const { hiddenSize } = model.config;

  async function read(indices: readonly number[]): Promise<TaughtFeature[]> {
    const batch = indices.map((index) => features[index] as TeachableFeature);
    const asked = batch.filter(({ isTaught }) => isTaught);
    if (asked.length === 0) return batch;
    const ids = asked.map(({ inputIds }) => Array.from(inputIds, (id) => numbers.get(id) ?? unknown));
    const { lastHiddenState: answer } = await model.predict(padded(ids, tokenizer.padId));
    const states = answer.data; // [asked, longest, hiddenSize]
    const longest = states.length / asked.length / hiddenSize;
    const rows = new Map(asked.map((feature, row) => [feature, row]));
    return batch.map((feature) => {
      const row = rows.get(feature);
      if (row === undefined) return feature;
      const start = row * longest * hiddenSize;
      return { ...feature, teacher: states.subarray(start, start + feature.inputIds.length * hiddenSize) };
    });
  }
  return { ...plain, read };
}

/** Texts of one sentence as a batch, filled up to the longest. */
function padded(texts: readonly (readonly number[])[], padId: number): ModelBatch {
  const longest = Math.max(...texts.map(({ length }) => length));
  const shape = [texts.length, longest];
  const tensor = (value: (text: readonly number[], place: number) => number) => ({
    dtype: 'int64' as const,
    shape,
    data: BigInt64Array.from(
      texts.flatMap((text) => Array.from({ length: longest }, (_, place) => BigInt(value(text, place)))),
    ),
  });
  return {
    inputIds: tensor((text, place) => text[place] ?? padId),
    attentionMask: tensor((text, place) => Number(place < text.length)),
    tokenTypeIds: tensor(() => 0),
  };
}
