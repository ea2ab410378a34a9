/**
 * @file A student that begins as a part of its teacher (Sanh et al. 2019): some of its layers, of their inner units those
 * that do most, and the embeddings of the tokens that both know.
 */
import { BertForPreTraining, type BertModel, type Tokenizer } from 'multihead';

/** What is kept of the teacher. */
export interface Kept {
  /** The teacher's layers that become the student's, counted from 0. */
  readonly layers: readonly number[];
  /** Inner units of a layer. */
  readonly intermediateSize: number;
}

/** Makes the student. Parameters that the teacher lacks (the head for hidden tokens, embeddings of new tokens) are random. */
export function studentOf(
  teacher: BertModel,
  { teacherTokenizer, tokenizer }: { teacherTokenizer: Tokenizer; tokenizer: Tokenizer },
  { layers, intermediateSize }: Kept,
): BertForPreTraining {
  const { hiddenSize } = teacher.config;
  const student = BertForPreTraining.fromConfig({
    ...teacher.config,
    vocabSize: tokenizer.vocabSize,
    padTokenId: tokenizer.padId,
    numHiddenLayers: layers.length,
    intermediateSize,
    others: {},
  });
  const from = (name: string) => teacher.weights.view(name);
  const to = (name: string) => student.weights.view(`bert.${name}`);
  for (const [token, id] of tokenizer.vocabulary) {
    const row = teacherTokenizer.tokenToId(token);
    if (row === undefined) continue;
    const embedding = from(wordEmbeddings).subarray(row * hiddenSize, (row + 1) * hiddenSize);
    to(wordEmbeddings).set(embedding, id * hiddenSize);
  }
  for (const name of teacher.weights.parameters.keys()) {
    if (name !== wordEmbeddings && !name.startsWith('encoder.')) to(name).set(from(name));
  }
  for (const [layer, source] of layers.entries()) {
    const [old, fresh] = [`encoder.layer.${source}.`, `encoder.layer.${layer}.`];
    const inner = `${old}intermediate.dense`;
    const units = mostImportant(from(`${inner}.weight`), from(`${old}output.dense.weight`), hiddenSize).slice(
      0,
      intermediateSize,
    );
    units.sort((a, b) => a - b);
    const wide = teacher.config.intermediateSize;
    for (const name of teacher.weights.parameters.keys()) {
      if (!name.startsWith(old)) continue;
      const target = to(fresh + name.slice(old.length));
      const values = from(name);
      if (name === `${inner}.weight`) copyRows(values, target, units, hiddenSize);
      else if (name === `${inner}.bias`) copyRows(values, target, units, 1);
      else if (name === `${old}output.dense.weight`) copyColumns(values, target, units, wide);
      else target.set(values);
    }
  }
  return student;
}

const wordEmbeddings = 'embeddings.word_embeddings.weight';

/** Inner units, the one with the longest weights (those that lead in times those that lead out) first. */
function mostImportant(into: Float32Array, out: Float32Array, hiddenSize: number): number[] {
  const count = into.length / hiddenSize;
  const importance = Float64Array.from({ length: count }, (_, unit) => {
    let [squaresIn, squaresOut] = [0, 0];
    for (let k = 0; k < hiddenSize; k++) {
      squaresIn += (into[unit * hiddenSize + k] as number) ** 2;
      squaresOut += (out[k * count + unit] as number) ** 2;
    }
    return squaresIn * squaresOut;
  });
  const units = Array.from({ length: count }, (_, unit) => unit);
  return units.sort((a, b) => (importance[b] as number) - (importance[a] as number) || a - b);
}

function copyRows(from: Float32Array, to: Float32Array, rows: readonly number[], width: number): void {
  for (const [i, row] of rows.entries()) to.set(from.subarray(row * width, (row + 1) * width), i * width);
}

function copyColumns(from: Float32Array, to: Float32Array, columns: readonly number[], width: number): void {
  for (let row = 0; row < from.length / width; row++) {
    for (const [i, column] of columns.entries()) {
      to[row * columns.length + i] = from[row * width + column] as number;
    }
  }
}
