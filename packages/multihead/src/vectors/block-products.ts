/**
 * @file Products of all queries with all vectors of a corpus. ONNX Runtime multiplies a block of queries by a block of the corpus
 *   and reduces the products in the same graph, such as to the k best of each query, so that no others leave it.
 */
import { createEngine } from '#engine';
import type { Engine, TensorValue } from '../engine/engine.js';
import { writeModel } from '../onnx/model.js';
import { UserError } from '../platform/errors.js';
import { input, parameter } from '../tensor/operators/sources.js';
import type { Tensor } from '../tensor/tensor.js';
import { type ScoreFunctionName, scoreFunctionNamed } from './score-functions.js';
import { chunksOf, type VectorSource } from './vectors.js';

/** Rows of the corpus that are scored at a time. With 256 queries the scores take 8 MiB, about a processor's cache. */
const corpusBlock = 8192;

/** What is computed of the products of each block of queries with each block of the corpus. */
export interface BlockReduction {
  readonly scoreFunction: ScoreFunctionName;
  /** Tells graphs of reductions apart. */
  readonly name: string;
  /** The outputs, of products [queries, rows]. */
  outputs(products: Tensor, rows: number): Readonly<Record<string, Tensor>>;
  /** Receives the outputs for the queries from `query` on, and the rows of the corpus from `row` on. */
  take(outputs: Readonly<Record<string, TensorValue>>, query: number, row: number): void;
}

/**
 * Reduces the products of all pairs. For each query the blocks of the corpus come in their order.
 *
 * @throws UserError where vectors differ in size
 */
export async function reduceProducts(
  queries: VectorSource,
  corpus: VectorSource,
  reduction: BlockReduction,
): Promise<void> {
  const [count, size] = queries.shape;
  const [rows, corpusSize] = corpus.shape;
  if (count === 0 || rows === 0) return;
  if (size !== corpusSize) {
    throw new UserError(`the queries' vectors have ${size} elements, those of the corpus ${corpusSize}`);
  }
  const score = scoreFunctionNamed(reduction.scoreFunction);
  const width = score.size(size);
  await withEngine(async (engine) => {
    for await (const { from, vectors } of chunksOf(queries)) {
      const prepared = score.queries(vectors, size);
      for (let row = 0; row < rows; row += corpusBlock) {
        const end = Math.min(row + corpusBlock, rows);
        const documents = score.documents(await corpus.read(row, end), size);
        await reduceBlock(engine, { queries: prepared, from, documents, row, width }, reduction);
      }
    }
  });
}

/** Reduces the products of a chunk of queries with a block of the corpus. */
async function reduceBlock(
  engine: Engine,
  {
    queries,
    from,
    documents,
    row,
    width,
  }: {
    readonly queries: Float32Array<ArrayBuffer>;
    readonly from: number;
    readonly documents: Float32Array<ArrayBuffer>;
    readonly row: number;
    readonly width: number;
  },
  reduction: BlockReduction,
): Promise<void> {
  const rows = documents.length / width;
  const graph = await loadGraph(engine, reduction, { rows, width });
  const places = [{ name: 'corpus', shape: [rows, width], offset: 0, length: documents.length }];
  await engine.adoptParameters({ data: documents, places });
  const { queryBlock } = scoreFunctionNamed(reduction.scoreFunction).product;
  for (let start = 0; start < queries.length; start += queryBlock * width) {
    const data = queries.slice(start, start + queryBlock * width);
    const shape = [data.length / width, width];
    const outputs = await engine.run(graph, { queries: { dtype: 'float32', shape, data } });
    reduction.take(outputs, from + start / width, row);
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

/** Few graphs are kept: a size of blocks, and that of the last one, for each reduction. */
const keptGraphs = 8;

async function loadGraph(
  engine: Engine,
  { scoreFunction, name: reduction, outputs }: BlockReduction,
  { rows, width }: { readonly rows: number; readonly width: number },
): Promise<string> {
  const { product } = scoreFunctionNamed(scoreFunction);
  const name = `${reduction} of ${product.name} ${rows} ${width}`;
  if (loaded.has(name)) return name;
  const queries = input([], { name: 'queries', dtype: 'float32', shape: ['queries', width] });
  const corpus = parameter([], { name: 'corpus', shape: [rows, width] });
  await engine.load(name, writeModel({ ...outputs(product.all(queries, corpus), rows) }));
  loaded.add(name);
  const [oldest] = loaded;
  if (loaded.size > keptGraphs && oldest !== undefined && loaded.delete(oldest)) await engine.unload(oldest);
  return name;
}
