/**
 * @file `npm run bench -- training`: whole training steps (forward, loss, backward, clipping, AdamW) of BERT in Multihead
 * and in PyTorch, alternating in one run, each in a process of its own; and PyTorch's matrix product as the limit.
 */
import { parseArgs } from 'node:util';
import { Peer, peerScript, python, sideScript, threads } from './peer.js';
import { bertBase, type ModelShape, median, miniLM } from './synthetic.js';

interface Shape extends ModelShape {
  readonly name: string;
  readonly batch: number;
  readonly sequence: number;
  readonly rounds: number;
}

const shapes: readonly Shape[] = [
  { name: 'BERT-base 8 x 128', ...bertBase, batch: 8, sequence: 128, rounds: 7 },
  { name: 'MiniLM 32 x 32', ...miniLM, batch: 32, sequence: 32, rounds: 20 },
  { name: 'MiniLM 16 x 128', ...miniLM, batch: 16, sequence: 128, rounds: 12 },
];

/** PyTorch's AdamW as `torch.optim.AdamW(...)` makes it, and in its fastest form. */
const rivals = ['default', 'fused'] as const;

/** Runs the benchmark and prints a line for each shape and rival. */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { dropout: { type: 'string', default: '0.1' }, only: { type: 'string' }, json: { type: 'boolean' } },
  });
  for (const shape of shapes) {
    if (values.only && !shape.name.includes(values.only)) continue;
    for (const adamw of rivals) {
      const result = await race(shape, adamw, values.dropout);
      console.log(values.json ? JSON.stringify(result) : describe(result));
    }
  }
}

interface Result {
  readonly shape: string;
  readonly adamw: string;
  readonly dropout: string;
  /** Milliseconds of a step, median. */
  readonly multihead: number;
  readonly pytorch: number;
  /** Median over the rounds of PyTorch's time by Multihead's in the same round. */
  readonly ratio: number;
  /** Share of PyTorch's own rate of matrix products that the step's operations come to. */
  readonly multiheadShare: number;
  readonly pytorchShare: number;
  readonly matmulGflops: number;
  readonly multiheadPeakMb: number;
  readonly pytorchPeakMb: number;
}

async function race(shape: Shape, adamw: string, dropout: string): Promise<Result> {
  const flags = (['hidden', 'layers', 'heads', 'intermediate', 'batch', 'sequence'] as const).flatMap((name) => [
    `--${name}`,
    String(shape[name]),
  ]);
  flags.push('--dropout', dropout);
  const ours = new Peer(process.execPath, [sideScript('./training-side.js'), ...flags]);
  await ours.read();
  const theirs = new Peer(python, [peerScript('training_step.py'), ...flags, '--adamw', adamw, '--threads', threads]);
  const { flops } = await theirs.read();
  for (const side of [ours, theirs]) await side.ask({ run: 2 }); // warm-up

  const [ourTimes, theirTimes, products]: [number[], number[], number[]] = [[], [], []];
  let [ourPeak, theirPeak] = [0, 0];
  for (let round = 0; round < shape.rounds; round++) {
    const our = await ours.ask({ run: 1 });
    const their = await theirs.ask({ run: 1 });
    ourTimes.push((our.ms as number[])[0] as number);
    theirTimes.push((their.ms as number[])[0] as number);
    [ourPeak, theirPeak] = [our.peak_rss_mb as number, their.peak_rss_mb as number];
    if (round % 3 === 0) products.push((await theirs.ask({ matmul: 5 })).gflops as number);
  }
  ours.end();
  theirs.end();
  const matmulGflops = median(products);
  const share = (ms: number) => (flops as number) / (ms * 1e6) / matmulGflops;
  const [multihead, pytorch] = [median(ourTimes), median(theirTimes)];
  return {
    shape: shape.name,
    adamw,
    dropout,
    multihead,
    pytorch,
    ratio: median(ourTimes.map((time, i) => (theirTimes[i] as number) / time)),
    multiheadShare: share(multihead),
    pytorchShare: share(pytorch),
    matmulGflops,
    multiheadPeakMb: ourPeak,
    pytorchPeakMb: theirPeak,
  };
}

function describe(result: Result): string {
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
  return [
    `${result.shape.padEnd(18)} dropout ${result.dropout}, PyTorch AdamW ${result.adamw.padEnd(7)}`,
    `${result.multihead.toFixed(0)} ms to ${result.pytorch.toFixed(0)} ms: ${result.ratio.toFixed(2)} times PyTorch`,
    `matrix product ${percent(result.multiheadShare)} to ${percent(result.pytorchShare)} of ${result.matmulGflops.toFixed(0)} GFLOP/s`,
    `peak ${result.multiheadPeakMb.toFixed(0)} MB to ${result.pytorchPeakMb.toFixed(0)} MB`,
  ].join(' | ');
}
