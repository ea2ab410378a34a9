/**
 * @file `npm run bench -- time-to-score --model DIR --data ../shared/data --output DIR`: from the command to the score.
 * SST-2 and PolicyQA are fine-tuned by `multihead train` with its own defaults, and as Hugging Face's run_glue and run_qa do
 * with theirs (bench/peers/trainer_defaults.py); model, epochs, batches of 8 and learning rate are the same. Wall-clock of the
 * whole process: reading, tokenizing, training, checkpoints, evaluation, saving.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { peerScript, python, threads } from './peer.js';
import { dataSets, prepare } from './real-data.js';
import { string } from './string-option.js';

interface Outcome {
  readonly seconds: number;
  /** In percent, by name. */
  readonly scores: Readonly<Record<string, number>>;
}

/** Runs both sides of each data set, one after the other. */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      model: string(),
      data: string('../shared/data'),
      output: string(),
      only: string('sst2,policyqa'),
      epochs: string('3'),
      seed: string('42'),
    },
  });
  const { model, data, output, only, epochs, seed } = values as Record<keyof typeof values, string>;
  for (const dataSet of dataSets.filter(({ name }) => only.split(',').includes(name))) {
    const folder = join(output, dataSet.name);
    mkdirSync(folder, { recursive: true });
    const { train, evaluation } = await prepare(dataSet, data, folder);
    const parts = ['--model', model, '--train', train, '--eval', evaluation, '--epochs', epochs, '--seed', seed];
    const multihead = await ours(dataSet.task, parts, join(folder, 'multihead'));
    console.log(`${dataSet.name}: Multihead ${show(multihead)}`);
    const pytorch = await theirs(dataSet.task, parts, join(folder, 'pytorch'));
    console.log(`${dataSet.name}: Hugging Face ${show(pytorch)}`);
    console.log(`${dataSet.name}: ${(pytorch.seconds / multihead.seconds).toFixed(2)}x as fast`);
  }
}

/** The command that a user would call. */
async function ours(task: string, parts: readonly string[], output: string): Promise<Outcome> {
  rmSync(output, { recursive: true, force: true });
  const command = fileURLToPath(new URL('../bin/multihead.js', import.meta.resolve('multihead')));
  const { seconds } = await timed(process.execPath, [command, 'train', task, ...parts, '--output', output]);
  const { metrics } = JSON.parse(readFileSync(join(output, 'report.json'), 'utf8')) as {
    metrics: Record<string, number>;
  };
  const scores: Record<string, number> =
    task === 'text-classification'
      ? { accuracy: 100 * (metrics.accuracy as number) }
      : { exact_match: metrics.exact_match as number, f1: metrics.f1 as number };
  return { seconds, scores };
}

/** Hugging Face's Trainer. */
async function theirs(task: string, parts: readonly string[], output: string): Promise<Outcome> {
  rmSync(output, { recursive: true, force: true });
  const { seconds, printed } = await timed(python, [
    ...[peerScript('trainer_defaults.py'), '--task', task, ...parts, '--output', output],
    ...['--threads', threads],
  ]);
  const { scores } = JSON.parse(printed.trim().split('\n').at(-1) as string) as { scores: Record<string, number> };
  return { seconds, scores };
}

/** Runs a process to its end. */
async function timed(command: string, args: readonly string[]): Promise<{ seconds: number; printed: string }> {
  const began = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}\n${printed.slice(-2000)}`);
  return { seconds: (performance.now() - began) / 1000, printed };
}

function show({ seconds, scores }: Outcome): string {
  const numbers = Object.entries(scores).map(([name, value]) => `${name} ${value.toFixed(2)}`);
  return `${seconds.toFixed(0)} s, ${numbers.join(', ')}`;
}
