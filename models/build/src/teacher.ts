/** @file A sentence model as teacher: its vectors of texts, and its embeddings of words, in fewer dimensions. */
import { existsSync } from 'node:fs';
import { AutoTokenizer, pipeline, SafetensorsFile, type Tokenizer, writeSafetensors } from 'multihead';
import { principalComponents, project } from './principal-components.js';

/** Texts a batch, and texts a file: what is computed is kept, so that a stopped run goes on. */
const [batchSize, shardSize] = [64, 4096];

/** Vectors of texts in the teacher's own size, each of length 1; those that `folder` has already are taken from there. */
export async function teacherVectors(teacher: string, texts: readonly string[], folder: string): Promise<Float32Array> {
  const embed = await pipeline('feature-extraction', teacher, { batchSize, maxLength: 128 });
  const width = embed.hiddenSize;
  const vectors = new Float32Array(texts.length * width);
  for (let start = 0; start < texts.length; start += shardSize) {
    const path = `${folder}/teacher-${start / shardSize}.safetensors`;
    const shard = texts.slice(start, start + shardSize);
    if (!existsSync(path)) {
      const { data, shape } = await embed(shard, { pooling: 'mean', normalize: true });
      await writeSafetensors(path, [{ name: 'vectors', dtype: 'F32', shape, data: Float32Array.from(data) }]);
      console.log(JSON.stringify({ type: 'teacher', done: start + shard.length, of: texts.length }));
    }
    vectors.set(await (await SafetensorsFile.open(path)).readFloat32('vectors'), start * width);
  }
  await embed.dispose();
  return vectors;
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
