/**
 * @file `npm run bench -- inference --tokenizer DIR --data DIR [--only NAME] [--rounds N] [--output DIR]`: a text classifier of
 * MiniLM's and of BERT-base's shape (random weights) in Multihead, transformers.js and PyTorch, with the same weights and
 * threads, alternating in one run: token ids of fixed shapes, real texts of mixed lengths with all that a pipeline does
 * (Banking77's test file and PolicyQA's passages), and the time from the start of a process to its first answer.
 *
 * transformers.js takes part where $MULTIHEAD_TRANSFORMERS_JS names a folder with it (see generation.ts).
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { BertConfig, BertForSequenceClassification, exportModel, readSquad } from 'multihead';
import { readClassificationExamples } from 'multihead/data';
import { AutoTokenizer } from 'multihead/text';
import { Peer, peerScript, python, settling, sideScript, threads } from './peer.js';
import { bertBase, type ModelShape, median, miniLM } from './synthetic.js';

const shapes: Readonly<Record<string, ModelShape>> = { minilm: miniLM, 'bert-base': bertBase };
const dtypes = ['fp32', 'q8'] as const;
type Dtype = (typeof dtypes)[number];

/** Sizes of batches, numbers of tokens. */
const batches: readonly (readonly [batch: number, sequence: number])[] = [
  [1, 16],
  [1, 128],
  [1, 512],
  [32, 16],
  [32, 128],
  [32, 512],
];

/** Runs the benchmark and prints a line for each comparison. */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      tokenizer: { type: 'string', default: '' },
      data: { type: 'string', default: '' },
      only: { type: 'string' },
      rounds: { type: 'string', default: '5' },
      output: { type: 'string', default: 'runs/inference' },
    },
  });
  const rounds = Number(values.rounds);
  console.log(`${cpus()[0]?.model}, ${threads} threads`);
  for (const [name, shape] of Object.entries(shapes)) {
    if (values.only !== undefined && !values.only.split(',').includes(name)) continue;
    const folder = join(values.output, name);
    await prepare(shape, values.tokenizer, folder);
    for (const dtype of dtypes) {
      const sides = await start(folder, dtype);
      const print = (what: string, times: Times) =>
        console.log(`${name.padEnd(9)} ${dtype} ${what.padEnd(22)} ${ratios(times)}`);
      for (const [batch, sequence] of batches) {
        const times = await race(sides, { shape: { batch, sequence, runs: runsOf(shape, batch * sequence) } }, rounds);
        print(`${batch} x ${sequence} tokens`, times);
      }
      for (const [what, texts] of Object.entries(await realTexts(values.data, name === 'minilm' ? 1000 : 200))) {
        print(`${texts.length} texts of ${what}`, await race(sides, { texts, batch: 32 }, rounds));
      }
      for (const peer of sides.values()) peer.end();
      print('start to first answer', await coldStarts(folder, dtype, rounds));
    }
  }
}

type Times = ReadonlyMap<string, readonly number[]>;

/** Times of each side by its name, Multihead's first. Labels must be the same on all sides in fp32. */
async function race(sides: ReadonlyMap<string, Peer>, question: object, rounds: number): Promise<Times> {
  const times = new Map<string, number[]>([...sides.keys()].map((name) => [name, []]));
  for (const peer of sides.values()) await peer.ask(question); // a warm-up
  for (let round = 0; round < rounds; round++) {
    for (const [name, peer] of sides) {
      await pause(settling);
      times.get(name)?.push((await peer.ask(question)).ms as number);
    }
  }
  return times;
}

function ratios(times: Times): string {
  const [[, ours] = ['', []], ...others] = [...times];
  const of = ([name, theirs]: readonly [string, readonly number[]]) =>
    `${name} ${median(theirs).toFixed(1)} (${median(ours.map((time, i) => (theirs[i] as number) / time)).toFixed(2)}x)`;
  return [`Multihead ${median(ours).toFixed(1)} ms`, ...others.map(of)].join(' | ');
}

/** About a second of work a question. */
const runsOf = ({ hidden, layers }: ModelShape, tokens: number): number =>
  Math.max(1, Math.round(3e9 / (hidden * hidden * layers * tokens)));

/** Commands of the sides, by name. */
function commands(folder: string, dtype: Dtype): Map<string, readonly [command: string, args: readonly string[]]> {
  const found = new Map<string, readonly [string, readonly string[]]>();
  found.set('Multihead', [process.execPath, [sideScript('./inference-side.js'), '--model', folder, '--dtype', dtype]]);
  const library = process.env.MULTIHEAD_TRANSFORMERS_JS;
  if (library) {
    const script = sideScript('./inference-transformers-js.js');
    const flags = ['--model', `${folder}-exported`, '--library', library, '--dtype', dtype, '--threads', threads];
    found.set('transformers.js', [process.execPath, [script, ...flags]]);
  }
  if (dtype === 'fp32')
    found.set('PyTorch', [python, [peerScript('inference.py'), '--model', folder, '--threads', threads]]);
  return found;
}

async function start(folder: string, dtype: Dtype): Promise<Map<string, Peer>> {
  const sides = new Map<string, Peer>();
  for (const [name, [command, args]] of commands(folder, dtype)) {
    const peer = new Peer(command, args);
    const { version = '' } = await peer.read();
    sides.set(`${name} ${version}`.trim(), peer);
  }
  return sides;
}

/** From the start of a process to its answer to one text. */
async function coldStarts(folder: string, dtype: Dtype, rounds: number): Promise<Times> {
  const times = new Map<string, number[]>();
  for (let round = 0; round < rounds; round++) {
    for (const [name, [command, args]] of commands(folder, dtype)) {
      const began = performance.now();
      const peer = new Peer(command, args);
      await peer.read();
      await peer.ask({ texts: ['Where is my parcel?'], batch: 1 });
      times.set(name, [...(times.get(name) ?? []), performance.now() - began]);
      peer.end();
      await pause(settling);
    }
  }
  return times;
}

/** The same number of texts of each source, spread over the whole of it. */
async function realTexts(data: string, count: number): Promise<Readonly<Record<string, readonly string[]>>> {
  const some = (texts: readonly string[]) =>
    Array.from({ length: count }, (_, i) => texts[Math.floor((i * texts.length) / count)] as string);
  const banking = await readClassificationExamples(join(data, 'banking77/test.csv'));
  const policies = await readSquad(join(data, 'policyqa/dev.json'));
  const passages = [...new Set(policies.map(({ context }) => context))];
  return { Banking77: some(banking.map(({ text }) => text)), PolicyQA: some(passages) };
}

/** Writes a folder that Multihead and PyTorch load, and beside it (`-exported`) that of transformers.js. */
async function prepare(shape: ModelShape, tokenizer: string, folder: string): Promise<void> {
  const { hidden, layers, heads, intermediate } = shape;
  const labels = Object.fromEntries(Array.from({ length: 77 }, (_, i) => [i, `intent ${i}`]));
  const config = {
    model_type: 'bert',
    vocab_size: 30522,
    hidden_size: hidden,
    num_hidden_layers: layers,
    id2label: labels,
    num_attention_heads: heads,
    intermediate_size: intermediate,
    architectures: ['BertForSequenceClassification'],
  };
  const model = BertForSequenceClassification.fromConfig(BertConfig.fromJson(config, 'the benchmark'));
  await model.savePretrained(folder);
  await model.dispose();
  const files = (await AutoTokenizer.fromPretrained(tokenizer)).files();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  mkdirSync(`${folder}-exported`, { recursive: true });
  await exportModel(folder, { output: `${folder}-exported`, dtypes });
}
