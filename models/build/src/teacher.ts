/** @file A sentence model as teacher: its vectors of texts, and its embeddings of words, in fewer dimensions. */
import { existsSync } from 'node:fs';
import {
  AutoTokenizer,
  BertModel,
  modelInputs,
  SafetensorsFile,
  type Tensor,
  type TensorValue,
  type Tokenizer,
  type Values,
  writeSafetensors,
} from 'multihead';
import { principalComponents, project } from './principal-components.js';

/** Texts a batch, and texts a file: what is computed is kept, so that a stopped run goes on. */
const [batchSize, shardSize] = [64, 4096];

/** Vectors of texts in the teacher's own size, from `folder` if they are there already. */
export async function teacherVectors(teacher: string, texts: readonly string[], folder: string): Promise<Float32Array> {
  const model = await BertModel.fromPretrained(teacher);
  const tokenizer = await AutoTokenizer.fromPretrained(teacher);
  const width = model.config.hiddenSize;
  const vectors = new Float32Array(texts.length * width);
  for (let start = 0; start < texts.length; start += shardSize) {
    const path = `${folder}/teacher-${start / shardSize}.safetensors`;
    const shard = texts.slice(start, start + shardSize);
    if (!existsSync(path)) {
      const data = await vectorsOf(model, tokenizer, shard);
      await writeSafetensors(path, [{ name: 'vectors', dtype: 'F32', shape: [shard.length, width], data }]);
      console.log(JSON.stringify({ type: 'teacher', done: start + shard.length, of: texts.length }));
    }
    vectors.set(await (await SafetensorsFile.open(path)).readFloat32('vectors'), start * width);
  }
  await model.dispose();
  return vectors;
}

async function vectorsOf(
  model: BertModel,
  tokenizer: Tokenizer,
  texts: readonly string[],
): Promise<Float32Array<ArrayBuffer>> {
  const encodings = await tokenizer.encodeBatch(texts, { maxLength: 128 });
  const length = (i: number): number => encodings[i]?.ids.length ?? 0;
  const order = encodings.map((_, i) => i).sort((a, b) => length(b) - length(a));
  const width = model.config.hiddenSize;
  const vectors = new Float32Array(texts.length * width);
  for (let start = 0; start < order.length; start += batchSize) {
    const rows = order.slice(start, start + batchSize);
    const batch = collate(
      rows.map((i) => encodings[i]?.ids ?? []),
      tokenizer.padId,
    );
    const results = await model.weights.run('sums', () => ({ sums: sumsOf(model) }), batch);
    const sums = (results.sums as TensorValue).data as Float32Array;
    for (const [row, i] of rows.entries()) {
      const vector = sums.subarray(row * width, (row + 1) * width);
      const norm = Math.hypot(...vector);
      for (let k = 0; k < width; k++) vectors[i * width + k] = (vector[k] as number) / norm;
    }
  }
  return vectors;
}

/** The sum of the last hidden states of a text's tokens: [batch, hiddenSize]. Its direction is the mean's. */
function sumsOf(model: BertModel): Tensor {
  const inputs = modelInputs();
  return model.forward(inputs).lastHiddenState.mul(inputs.attentionMask.cast('float32').unsqueeze(-1)).sum(1);
}

function collate(rows: readonly (readonly number[])[], padId: number): Values {
  const longest = Math.max(...rows.map((ids) => ids.length));
  const filled = (value: (ids: readonly number[], place: number) => number): TensorValue => ({
    ...{ dtype: 'int64', shape: [rows.length, longest] },
    data: BigInt64Array.from(rows.flatMap((ids) => Array.from({ length: longest }, (_, i) => BigInt(value(ids, i))))),
  });
  return {
    input_ids: filled((ids, place) => ids[place] ?? padId),
    attention_mask: filled((ids, place) => (place < ids.length ? 1 : 0)),
    token_type_ids: filled(() => 0),
  };
}

/** Vectors in their `size` leading directions, each of length 1. */
export function reduceVectors(vectors: Float32Array, width: number, size: number): Float32Array {
  const sample = vectors.subarray(0, Math.min(vectors.length, 20_000 * width));
  const reduced = project({ data: vectors, width }, principalComponents({ data: sample, width }, size));
  for (let start = 0; start < reduced.length; start += size) {
    const vector = reduced.subarray(start, start + size);
    const norm = Math.hypot(...vector);
    for (let k = 0; k < size; k++) vector[k] = (vector[k] as number) / norm;
  }
  return reduced;
}

/**
 * First embeddings for a student's tokens: the mean of the teacher's embeddings of the token's pieces, in the `size`
 * leading directions, with the mean square of `deviation` squared.
 *
 * @returns [vocabulary, size]; a row of zeros where the teacher knows no piece
 */
export async function wordEmbeddings(
  teacher: string,
  student: Tokenizer,
  { size, deviation }: { size: number; deviation: number },
): Promise<Float32Array> {
  const file = await SafetensorsFile.open(`${teacher}/model.safetensors`);
  const name = file.names.find((candidate) => candidate.endsWith('word_embeddings.weight')) as string;
  const table = await file.readFloat32(name);
  const width = file.info(name).shape[1] as number;
  const tokenizer = await AutoTokenizer.fromPretrained(teacher);
  const tokens = [...student.vocabulary].sort(([, a], [, b]) => a - b).map(([token]) => token);
  const means = new Float32Array(tokens.length * width);
  for (const [row, token] of tokens.entries()) {
    const whole = tokenizer.tokenToId(token); // a piece such as ##ing, or a special token
    const ids = whole === undefined ? await piecesOf(tokenizer, token.replace(/^##/, '')) : [whole];
    for (const id of ids) {
      for (let k = 0; k < width; k++)
        means[row * width + k] = (means[row * width + k] as number) + (table[id * width + k] as number) / ids.length;
    }
  }
  const reduced = project({ data: means, width }, principalComponents({ data: means, width }, size));
  const scale = deviation / Math.sqrt(reduced.reduce((sum, x) => sum + x * x, 0) / reduced.length);
  return reduced.map((x) => x * scale);
}

async function piecesOf(tokenizer: Tokenizer, text: string): Promise<number[]> {
  const { ids } = await tokenizer.encode(text, { addSpecialTokens: false });
  return ids.filter((id) => id !== tokenizer.unkId);
}
