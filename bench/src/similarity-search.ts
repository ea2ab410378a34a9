/** @file The search part of `npm run bench -- similarity`: the nearest of many vectors, here, in sentence-transformers and in NumPy. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { semanticSearch } from 'multihead/vectors';
import { Peer, peerScript, python, settling, threads } from './peer.js';
import { median } from './synthetic.js';

/** Numbers of vectors, their size, and of hits. */
export interface Sizes {
  readonly queries: number;
  readonly corpus: number;
  readonly size: number;
  readonly k: number;
  readonly rounds: number;
}

/** Prints the times of a search on each side. */
export async function measureSearch(sizes: Sizes): Promise<void> {
  const { size, k, rounds } = sizes;
  const peer = new Peer(python, [peerScript('vector_search.py'), '--threads', threads]);
  const versions = await peer.read();
  const folder = mkdtempSync(join(tmpdir(), 'multihead-bench-'));
  const vectors = { queries: drawn(sizes.queries, size, 1), corpus: drawn(sizes.corpus, size, 2) };
  const load: Record<string, string> = {};
  for (const [name, { data, shape }] of Object.entries(vectors)) {
    load[name] = join(folder, `${name}.npy`);
    writeFileSync(load[name], npy(data, shape));
  }
  await peer.ask({ load });
  rmSync(folder, { recursive: true });
  await semanticSearch(drawn(10, size, 3), drawn(100, size, 4)); // the engine's start is no part of what is timed

  const times: Record<string, number[]> = { multihead: [], torch: [], numpy: [] };
  const agreement: Record<string, number> = {};
  for (let round = 0; round < rounds; round++) {
    const began = performance.now();
    const found = await semanticSearch(vectors.queries, vectors.corpus, { topK: k });
    times.multihead?.push(performance.now() - began);
    const ours = found.map((hits) => hits.map(({ corpusId }) => corpusId));
    for (const name of ['torch', 'numpy']) {
      await new Promise((resolve) => setTimeout(resolve, settling));
      const { ms, ids } = await peer.ask({ search: name, k });
      times[name]?.push(ms as number);
      agreement[name] = agreementOf(ours, ids as number[][]);
    }
  }
  peer.end();
  const ratio = (name: string) =>
    median((times[name] as number[]).map((ms, i) => ms / ((times.multihead as number[])[i] as number)));
  const seconds = (name: string) => `${(median(times[name] as number[]) / 1000).toFixed(2)} s`;
  console.log(
    [
      `semantic search, ${sizes.queries} x ${sizes.corpus} x ${size}, top ${k}, ${threads} threads: ${seconds('multihead')}`,
      ...['torch', 'numpy'].map(
        (name) =>
          `${versions[name]} ${seconds(name)}: ${ratio(name).toFixed(2)} times as long, ${(100 * (agreement[name] as number)).toFixed(2)} % of hits the same`,
      ),
    ].join(' | '),
  );
}

/** Vectors of uniform random numbers. */
function drawn(count: number, size: number, seed: number) {
  const data = new Float32Array(count * size);
  let state = seed * 7919;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    data[i] = state / 2 ** 31;
  }
  return { dtype: 'float32', data, shape: [count, size] } as const;
}

/** A file as numpy.save writes it. */
function npy(data: Float32Array, [rows, columns]: readonly [number, number]): Buffer {
  const facts = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  const header = Buffer.alloc(128, ' ');
  header.set([0x93, ...Buffer.from('NUMPY'), 1, 0, 118, 0]);
  header.write(facts, 10);
  header.write('\n', 127);
  return Buffer.concat([header, Buffer.from(data.buffer)]);
}

/** Share of hits that both found. */
function agreementOf(ours: readonly (readonly number[])[], theirs: readonly (readonly number[])[]): number {
  const same = ours.map((ids, i) => ids.filter((id) => theirs[i]?.includes(id)).length / ids.length);
  return same.reduce((a, b) => a + b, 0) / same.length;
}
