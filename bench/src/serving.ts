/**
 * @file `npm run bench -- serving --model DIR --data DIR [--infinity PROGRAM]`: requests and tokens per second and the time of a
 * request at 1, 16, 64 and 256 connections, of `multihead serve` and of infinity (`infinity_emb`), alternating in one run, with the
 * same float32 weights, threads and requests. Embeddings go as base64 on both sides.
 */
import { availableParallelism, cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import {
  processorSeconds,
  type RunningServer,
  residentMegabytes,
  serveInfinity,
  serveMultihead,
} from './serving-process.js';
import { embeddingRequests, quantile, type TrafficResult, traffic } from './serving-traffic.js';
import { median } from './synthetic.js';

/** A server, and where its embeddings are. */
interface Side {
  readonly name: string;
  readonly server: RunningServer;
  readonly path: string;
}

/** Traffic, and the seconds of processor time that the server spent on it. */
type Measured = TrafficResult & { readonly processor: number };

/** Runs the benchmark and prints a table. */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      model: { type: 'string', default: 'runs/minilm' },
      data: { type: 'string', default: '../shared/data' },
      infinity: { type: 'string' },
      engines: { type: 'string', default: 'torch,optimum' },
      connections: { type: 'string', default: '1,16,64,256' },
      seconds: { type: 'string', default: '15' },
      rounds: { type: 'string', default: '3' },
      threads: { type: 'string', default: `${availableParallelism()}` },
      options: { type: 'string', default: '' },
    },
  });
  const { model, infinity } = values;
  const threads = Number(values.threads);
  const seconds = Number(values.seconds);
  const requests = await embeddingRequests(values.data, model, 20_000);
  const options = ['--threads', `${threads}`, ...values.options.split(' ').filter((option) => option !== '')];
  const sides: Side[] = [
    { name: 'multihead', server: await serveMultihead([`model=${model}`], options), path: '/v1/embeddings' },
  ];
  for (const engine of infinity === undefined ? [] : values.engines.split(',')) {
    const server = await serveInfinity(infinity as string, { model, engine, threads });
    sides.push({ name: `infinity ${engine}`, server, path: '/embeddings' });
  }
  console.log(
    `${cpus()[0]?.model}, ${threads} threads, load ${loadavg()[0]?.toFixed(1)}; ${seconds} s a row, ${values.rounds} rounds`,
  );
  console.log(
    'connections | server | requests/s | tokens/s | p50 ms | p99 ms | processor ms per 1000 tokens | tokens/s of the fastest other | tokens per processor second of it',
  );
  for (const connections of values.connections.split(',').map(Number)) {
    const results = new Map(sides.map((side) => [side, [] as Measured[]]));
    for (let round = 0; round < Number(values.rounds) + 1; round++) {
      for (const side of sides) {
        const pid = side.server.child.pid as number;
        const before = processorSeconds(pid);
        const result = await traffic(requests, {
          connections,
          url: side.server.url + side.path,
          seconds: round === 0 ? 2 : seconds,
          bodyOf: (input) => ({
            model: side.name === 'multihead' ? 'model' : modelName(model),
            input,
            encoding_format: 'base64',
          }),
        });
        const processor = processorSeconds(pid) - before;
        if (round > 0) results.get(side)?.push({ ...result, processor }); // the first is no part of what is timed
      }
    }
    const rate = (side: Side) => median((results.get(side) ?? []).map(({ tokens, seconds }) => tokens / seconds));
    const perSecond = (side: Side) =>
      median((results.get(side) ?? []).map(({ tokens, processor }) => tokens / processor));
    for (const side of sides) {
      const all = results.get(side) ?? [];
      const latencies = all.flatMap((each) => each.latencies);
      const failed = all.flatMap(({ statuses }) => Object.keys(statuses)).filter((status) => status !== '200');
      const others = sides.filter((other) => other !== side);
      const ratio = (of: (side: Side) => number) =>
        others.length > 0 ? (of(side) / Math.max(...others.map(of))).toFixed(2) : '';
      console.log(
        [
          connections,
          side.name,
          median(all.map((each) => each.requests / each.seconds)).toFixed(1),
          rate(side).toFixed(0),
          quantile(latencies, 0.5).toFixed(0),
          quantile(latencies, 0.99).toFixed(0),
          (1e6 / perSecond(side)).toFixed(0),
          ratio(rate),
          ratio(perSecond),
          failed.length > 0 ? `other statuses: ${[...new Set(failed)].join(' ')}` : '',
        ].join(' | '),
      );
    }
  }
  for (const { name, server } of sides) {
    console.log(`${name}: ${residentMegabytes(server.child.pid as number).toFixed(0)} MB at the end`);
    await server.stop();
  }
}

/** The name that infinity gives a model folder: its last part. */
const modelName = (folder: string): string =>
  folder.replace(/\/+$/, '').split('/').slice(-2).join('/').replace(/^\//, '');
