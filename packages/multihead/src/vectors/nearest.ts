/**
 * @file The k nearest of a corpus to each query, exactly. ONNX Runtime multiplies a block of queries by a block of the corpus
 *   and keeps the k best of each row in the same graph, so that no score but those leaves it.
 */
import { createEngine } from '#engine';
import type { Engine, TensorValue } from '../engine/engine.js';
import { writeModel } from '../onnx/model.js';
import { UserError } from '../platform/errors.js';
import { input, parameter } from '../tensor/operators/sources.js';
import { notFinite, type ScoreFunctionName, scoreFunctionNamed } from './score-functions.js';
import type { VectorSource } from './vectors.js';

/** The best rows of a corpus for each query: [queries, k], best first, of equal scores the first row first. */
export interface Nearest {
  readonly ids: Int32Array;
  readonly scores: Float32Array;
  /** As many as asked for, or as there are. */
  readonly k: number;
}

/** Rows of the corpus that are scored at a time. With 256 queries the scores take 8 MiB, about a processor's cache. */
const corpusBlock = 8192;

/** Finds the k best rows of a corpus for each query. */
export async function nearest(
  queries: VectorSource,
  corpus: VectorSource,
  { k: wanted, scoreFunction }: { readonly k: number; readonly scoreFunction: ScoreFunctionName },
): Promise<Nearest> {
  const [count, size] = queries.shape;
  const [rows, corpusSize] = corpus.shape;
  if (count > 0 && rows > 0 && size !== corpusSize) {
    throw new UserError(`the queries' vectors have ${size} elements, those of the corpus ${corpusSize}`);
  }
  const k = Math.min(wanted, rows);
  const score = scoreFunctionNamed(scoreFunction);
  const best = new BestOfBlocks(count, k);
  if (count === 0 || k === 0) return best;
  const width = score.size(size);
  const prepared = score.queries(await queries.read(0, count), size);
  const { queryBlock } = score.product;
  await withEngine(async (engine) => {
    for (let start = 0; start < rows; start += corpusBlock) {
      const end = Math.min(start + corpusBlock, rows);
      const data = score.documents(await corpus.read(start, end), size);
      const kept = Math.min(k, end - start);
      const graph = await loadGraph(engine, scoreFunction, { rows: end - start, width, k: kept });
      const places = [{ name: 'corpus', shape: [end - start, width], offset: 0, length: data.length }];
      await engine.adoptParameters({ data, places });
      for (let from = 0; from < count; from += queryBlock) {
        const block = prepared.slice(from * width, Math.min(from + queryBlock, count) * width);
        const shape = [block.length / width, width];
        const { scores, ids } = await engine.run(graph, { queries: { dtype: 'float32', shape, data: block } });
        best.add(from, start, kept, scores as TensorValue, ids as TensorValue);
      }
    }
  });
  for (let i = 0; i < count; i++) {
    const query = prepared.subarray(i * width, (i + 1) * width);
    for (let at = i * k; at < (i + 1) * k; at++) {
      const value = best.scores[at] as number;
      if (!Number.isFinite(value)) throw notFinite();
      best.scores[at] = score.score(value, query);
    }
  }
  return best;
}

/** The best of the blocks so far; a block's rows come after those of the blocks before it. */
class BestOfBlocks implements Nearest {
  readonly ids: Int32Array<ArrayBuffer>;
  readonly scores: Float32Array<ArrayBuffer>;
  private readonly filled: Int32Array;

  constructor(
    count: number,
    readonly k: number,
  ) {
    this.ids = new Int32Array(count * k);
    this.scores = new Float32Array(count * k);
    this.filled = new Int32Array(count);
  }

  /** Merges the best of a block for the queries from `from` on: both lists are sorted, and the older wins a tie. */
  add(
    from: number,
    start: number,
    kept: number,
    { data: scores, shape }: TensorValue,
    { data: ids }: TensorValue,
  ): void {
    const { k } = this;
    const oldIds = new Int32Array(k);
    const oldScores = new Float32Array(k);
    for (let row = 0; row < (shape[0] as number); row++) {
      const at = (from + row) * k;
      const held = this.filled[from + row] as number;
      const [other, otherEnd] = [row * kept, (row + 1) * kept];
      if (held === k && (scores[other] as number) <= (this.scores[at + k - 1] as number)) continue;
      oldIds.set(this.ids.subarray(at, at + held));
      oldScores.set(this.scores.subarray(at, at + held));
      const total = Math.min(k, held + kept);
      for (let to = 0, old = 0, next = other; to < total; to++) {
        const takesOld = next === otherEnd || (old < held && (oldScores[old] as number) >= (scores[next] as number));
        this.ids[at + to] = takesOld ? (oldIds[old] as number) : start + (ids[next] as number);
        this.scores[at + to] = takesOld ? (oldScores[old++] as number) : (scores[next++] as number);
      }
      this.filled[from + row] = total;
    }
  }
}

let shared: Engine | undefined;
let turn: Promise<unknown> = Promise.resolve();
const loaded = new Set<string>();

/** Searches take turns on one engine, which each occupies whole: its parameter is a block of the corpus. */
function withEngine<Result>(work: (engine: Engine) => Promise<Result>): Promise<Result> {
  shared ??= createEngine();
  const engine = shared;
  const result = turn.then(() => work(engine));
  turn = result.catch(() => undefined);
  return result;
}

/** Few graphs are kept: a size of blocks, and that of the last one, for each k. */
const keptGraphs = 8;

async function loadGraph(
  engine: Engine,
  scoreFunction: ScoreFunctionName,
  { rows, width, k }: { readonly rows: number; readonly width: number; readonly k: number },
): Promise<string> {
  const { product } = scoreFunctionNamed(scoreFunction);
  const name = `nearest ${product.name} ${rows} ${width} ${k}`;
  if (loaded.has(name)) return name;
  const queries = input([], { name: 'queries', dtype: 'float32', shape: ['queries', width] });
  const corpus = parameter([], { name: 'corpus', shape: [rows, width] });
  const { values, indices } = product.all(queries, corpus).topK(k);
  await engine.load(name, writeModel({ scores: values, ids: indices.cast('int32') }));
  loaded.add(name);
  const [oldest] = loaded;
  if (loaded.size > keptGraphs && oldest !== undefined && loaded.delete(oldest)) await engine.unload(oldest);
  return name;
}
