/**
 * @file `npm run bench -- interrupting [--times 20] [--only NAME]`: each command of the command line is ended by SIGINT, SIGTERM and SIGHUP in turn,
 * at moments spread over all that it does. It must end by that signal, or as if nothing had come where it was done before;
 * never by an abort (134), with a stack trace, or with a word about a fault of Multihead's.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';

const bin = join(dirname(createRequire(import.meta.url).resolve('multihead/package.json')), 'bin/multihead.js');
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A command's arguments; `{}` stands for a new name of an output. */
type Command = readonly string[];

/** Runs the command. To be called in the repository, whose example data and models it reads. */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { times: { type: 'string', default: '20' }, only: { type: 'string' } },
  });
  const folder = mkdtempSync(join(tmpdir(), 'interrupting-'));
  try {
    for (const [name, command] of Object.entries(commandsIn(folder))) {
      if (values.only !== undefined && values.only !== name) continue;
      const whole = await wholeRun(command, join(folder, `${name}-whole`));
      const counts: Record<string, number> = {};
      for (let i = 0; i < Number(values.times); i++) {
        const signal = signals[i % signals.length] as NodeJS.Signals;
        const after = ((i + 0.5) / Number(values.times)) * whole.milliseconds;
        const { code, by, stderr } = await ended(filled(command, join(folder, `${name}-${i}`)), { signal, after });
        const isRight = by === signal || (by === null && code === 0);
        if (!isRight || /terminate called|fault of Multihead|^\s+at .*:\d+:\d+/m.test(stderr)) {
          throw new Error(`${name}, ${signal} after ${after.toFixed(0)} ms: code ${code}, signal ${by}\n${stderr}`);
        }
        const how = by ?? 'done before';
        counts[how] = (counts[how] ?? 0) + 1;
      }
      const shown = Object.entries(counts).map(([how, count]) => `${how} ${count}`);
      console.log(`${name.padEnd(12)} ${(whole.milliseconds / 1000).toFixed(1)} s | ${shown.join(', ')}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The quicker of two runs without an interruption: the first may fill caches, and wait for others. */
async function wholeRun(command: Command, output: string): Promise<Ended> {
  const first = await ended(filled(command, `${output}-1`));
  const second = await ended(filled(command, `${output}-2`));
  for (const { code, stderr } of [first, second]) {
    if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}: ${stderr}`);
  }
  return first.milliseconds < second.milliseconds ? first : second;
}

/** Each command with work of some seconds, and what it reads. */
function commandsIn(folder: string): Readonly<Record<string, Command>> {
  const data = 'examples/data';
  const [model, adapter, report] = ['model', 'adapter', 'report'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const intents = `${data}/support-intents.train.tsv`;
  const train = ['train', 'text-classification', '--model', 'models/mini', '--train', intents, '--max-steps', '8'];
  for (const made of [
    [...train, '--output', model],
    [...train, '--method', 'lora', '--output', adapter],
    ['evaluate', 'text-classification', '--model', model, '--data', intents, '--report', report],
  ]) {
    const { status, stderr } = spawnSync(process.execPath, [bin, ...made], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${made.join(' ')}: ${stderr}`);
  }
  const texts = join(folder, 'texts.txt');
  const lines = Array.from({ length: 500 }, (_, i) => `Where is my parcel number ${i}?\nI want my money back.\n\n`);
  writeFileSync(texts, lines.join(''));
  return {
    train: [...train, '--output', '{}'],
    pretrain: [
      'pretrain',
      'fill-mask',
      '--model',
      'models/mini',
      '--corpus',
      texts,
      '--validation-share',
      '0',
      '--max-steps',
      '4',
      '--output',
      '{}',
    ],
    evaluate: ['evaluate', 'text-classification', '--model', model, '--data', intents, '--report', '{}'],
    predict: ['predict', 'text-classification', '--model', model, '--data', intents, '--output', '{}'],
    embed: ['embed', texts, '--model', 'models/mini', '--output', '{}.npy'],
    generate: ['generate', '--model', 'models/mini-gpt', '--prompt', 'It was', '--max-new-tokens', '100', '--stream'],
    perplexity: ['perplexity', texts, '--model', 'models/mini-gpt'],
    tokenizer: ['tokenizer', 'train', texts, '--type', 'wordpiece', '--vocab-size', '60', '--output', '{}'],
    convert: [
      ...['convert', 'llama2c', '--checkpoint', 'packages/multihead/fixtures/llama2c/tiny.bin', '--output', '{}'],
      ...['--tokenizer', 'packages/multihead/fixtures/llama2c/tiny-tokenizer.bin'],
    ],
    merge: ['merge', adapter, '--output', '{}'],
    export: ['export', '--model', model, '--dtype', 'fp32,q8', '--output', '{}'],
    compare: ['compare', report, report],
    info: ['info', model],
  };
}

const filled = (command: Command, output: string): string[] => command.map((arg) => arg.replace('{}', output));

interface Ended {
  readonly code: number | null;
  readonly by: NodeJS.Signals | null;
  readonly stderr: string;
  readonly milliseconds: number;
}

function ended(args: readonly string[], interruption?: { signal: NodeJS.Signals; after: number }): Promise<Ended> {
  return new Promise((resolve) => {
    const began = performance.now();
    const child = spawn(process.execPath, [bin, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const timer = interruption && setTimeout(() => child.kill(interruption.signal), interruption.after);
    child.on('close', (code, by) => {
      clearTimeout(timer);
      resolve({ code, by, stderr, milliseconds: performance.now() - began });
    });
  });
}
