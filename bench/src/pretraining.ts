/**
 * @file `npm run bench -- pretraining [--only NAME] [--dropout 0.1] [--rounds N] [--output DIR] [--json]`: whole training
 * steps of language models (forward, loss over the vocabulary, backward, clipping, AdamW) in Multihead and in PyTorch
 * (Hugging Face's GPT2LMHeadModel and BertForMaskedLM), float32, the same threads, alternating in one run, each in a process of
 * its own; and PyTorch's matrix product as the limit. Both sides load the same weights and the same batches from
 * runs/pretraining (1.5 GB for all shapes), and their losses without dropout are compared before the race.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { BertConfig, BertForMaskedLM, GPT2Config, GPT2LMHeadModel } from 'multihead';
import { Peer, peerScript, python, sideScript, threads } from './peer.js';
import { type BatchShape, writeBatches } from './pretraining-batches.js';
import { median } from './synthetic.js';

interface Shape extends Omit<BatchShape, 'vocabSize'> {
  readonly name: string;
  /** As in config.json. */
  readonly config: Readonly<Record<string, number>> & { readonly vocab_size: number };
  readonly rounds: number;
  /** Steps of a side before it is the other's turn. */
  readonly steps: number;
}

const shapes: readonly Shape[] = [
  {
    name: 'GPT-2 124M 4 x 128',
    task: 'text-generation',
    batch: 4,
    sequence: 128,
    rounds: 7,
    steps: 1,
    config: { vocab_size: 50257, n_embd: 768, n_layer: 12, n_head: 12, n_positions: 1024 },
  },
  {
    name: 'mini-GPT 12 x 64',
    task: 'text-generation',
    batch: 12,
    sequence: 64,
    rounds: 10,
    steps: 20,
    config: {
      vocab_size: 65,
      n_embd: 128,
      n_layer: 4,
      n_head: 4,
      n_positions: 64,
      bos_token_id: 0,
      eos_token_id: 0,
    },
  },
  {
    name: 'BERT-mini 32 x 128',
    task: 'fill-mask',
    batch: 32,
    sequence: 128,
    rounds: 10,
    steps: 2,
    config: {
      vocab_size: 12000,
      hidden_size: 256,
      num_hidden_layers: 4,
      num_attention_heads: 4,
      intermediate_size: 1024,
      max_position_embeddings: 512,
    },
  },
];

/** PyTorch's AdamW as `torch.optim.AdamW(...)` makes it, and in its fastest form. */
const rivals = ['default', 'fused'] as const;

/** Batches that the steps go round in. */
const batchCount = 8;

/** The most that losses without dropout may be apart: both sides compute in float32. */
const tolerance = 1e-3;

/** After its answer, a side's threads still spin for a while, waiting for more work. */
const settling = 200;

/** Runs the benchmark and prints a line for each shape and rival. */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      dropout: { type: 'string', default: '0.1' },
      only: { type: 'string' },
      rounds: { type: 'string' },
      output: { type: 'string', default: 'runs/pretraining' },
      json: { type: 'boolean' },
    },
  });
  for (const shape of shapes) {
    if (values.only && !shape.name.includes(values.only)) continue;
    const folder = join(values.output, shape.name.replaceAll(' ', '-').toLowerCase());
    await prepare(shape, Number(values.dropout), folder);
    for (const adamw of rivals) {
      const rounds = Number(values.rounds ?? shape.rounds);
      const result = await race({ ...shape, rounds }, adamw, folder);
      console.log(values.json ? JSON.stringify(result) : describe(result, values.dropout));
    }
  }
}

/** Writes the weights that both sides begin with, and the batches. */
async function prepare({ config, ...shape }: Shape, dropout: number, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const isMasked = shape.task === 'fill-mask';
  const rates = isMasked
    ? { hidden_dropout_prob: dropout, attention_probs_dropout_prob: dropout }
    : { resid_pdrop: dropout, embd_pdrop: dropout, attn_pdrop: dropout };
  const json = { model_type: isMasked ? 'bert' : 'gpt2', ...config, ...rates };
  const model = isMasked
    ? BertForMaskedLM.fromConfig(BertConfig.fromJson(json, shape.name))
    : GPT2LMHeadModel.fromConfig(GPT2Config.fromJson(json, shape.name));
  await model.savePretrained(join(folder, 'start'));
  await model.dispose();
  writeBatches(join(folder, 'batches.json'), { ...shape, vocabSize: config.vocab_size }, batchCount);
}

interface Result {
  readonly shape: string;
  readonly adamw: string;
  /** Milliseconds of a step, median. */
  readonly multihead: number;
  readonly pytorch: number;
  /** Tokens read a second. */
  readonly multiheadTokens: number;
  readonly pytorchTokens: number;
  /** Median over the rounds of PyTorch's time by Multihead's in the same round. */
  readonly ratio: number;
  /** Share of PyTorch's own rate of matrix products that the operations that a step needs come to. */
  readonly multiheadShare: number;
  readonly pytorchShare: number;
  readonly matmulGflops: number;
  readonly multiheadPeakMb: number;
  readonly pytorchPeakMb: number;
  /** How far the losses of the first batch are apart, without dropout. */
  readonly lossDifference: number;
}

async function race({ name, task, batch, sequence, rounds, steps }: Shape, adamw: string, folder: string) {
  const flags = ['--folder', folder, '--task', task];
  const script = sideScript('./pretraining-side.js');
  // Scoring without dropout is a graph of its own, whose memory is no part of training: another process has it.
  const scorer = new Peer(process.execPath, [script, ...flags]);
  await scorer.read();
  const ourLoss = await scorer.ask({ loss: true });
  scorer.end();
  const ours = new Peer(process.execPath, [script, ...flags]);
  await ours.read();
  const theirs = new Peer(python, [
    peerScript('pretraining_step.py'),
    ...flags,
    '--adamw',
    adamw,
    '--threads',
    threads,
  ]);
  const { flops } = await theirs.read();
  const theirLoss = await theirs.ask({ loss: true });
  const lossDifference = Math.abs((ourLoss.loss as number) - (theirLoss.loss as number));
  if (!(lossDifference <= tolerance)) {
    throw new Error(`${name}: the losses are ${ourLoss.loss} and ${theirLoss.loss}; the sides do not compute the same`);
  }
  for (const side of [ours, theirs]) await side.ask({ run: 2 }); // warm-up

  const [ourTimes, theirTimes, products]: [number[], number[], number[]] = [[], [], []];
  let [ourPeak, theirPeak] = [0, 0];
  for (let round = 0; round < rounds; round++) {
    await pause(settling);
    const our = await ours.ask({ run: steps });
    await pause(settling);
    const their = await theirs.ask({ run: steps });
    ourTimes.push(median(our.ms as number[]));
    theirTimes.push(median(their.ms as number[]));
    [ourPeak, theirPeak] = [our.peak_rss_mb as number, their.peak_rss_mb as number];
    if (round % 3 === 0) products.push((await theirs.ask({ matmul: 5 })).gflops as number);
  }
  ours.end();
  theirs.end();
  const matmulGflops = median(products);
  const share = (ms: number) => (flops as number) / (ms * 1e6) / matmulGflops;
  const tokens = (ms: number) => (1000 * batch * sequence) / ms;
  const [multihead, pytorch] = [median(ourTimes), median(theirTimes)];
  const result: Result = {
    shape: name,
    adamw,
    multihead,
    pytorch,
    matmulGflops,
    lossDifference,
    multiheadTokens: tokens(multihead),
    pytorchTokens: tokens(pytorch),
    ratio: median(ourTimes.map((time, i) => (theirTimes[i] as number) / time)),
    multiheadShare: share(multihead),
    pytorchShare: share(pytorch),
    multiheadPeakMb: ourPeak,
    pytorchPeakMb: theirPeak,
  };
  return result;
}

function describe(result: Result, dropout: string): string {
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
  return [
    `${result.shape.padEnd(18)} dropout ${dropout}, PyTorch AdamW ${result.adamw.padEnd(7)}`,
    `${result.multihead.toFixed(1)} ms to ${result.pytorch.toFixed(1)} ms`,
    `${result.multiheadTokens.toFixed(0)} to ${result.pytorchTokens.toFixed(0)} tokens/s: ${result.ratio.toFixed(2)} times PyTorch`,
    `matrix product ${percent(result.multiheadShare)} to ${percent(result.pytorchShare)} of ${result.matmulGflops.toFixed(0)} GFLOP/s`,
    `peak ${result.multiheadPeakMb.toFixed(0)} MB to ${result.pytorchPeakMb.toFixed(0)} MB`,
    `losses ${result.lossDifference.toExponential(0)} apart`,
  ].join(' | ');
}
