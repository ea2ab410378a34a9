/**
 * @file `npm run bench -- killing [--kills 20] [--seed 1] [--output DIR]`: a run of training is killed with SIGKILL at random
 * moments, every second time while it writes a checkpoint or a model, and resumed each time; what comes of it is compared,
 * byte by byte, with what a run comes to that nobody killed.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { uniform } from './uniform.js';

const bin = join(dirname(createRequire(import.meta.url).resolve('multihead/package.json')), 'bin/multihead.js');

/** Runs the command. */
export async function run(args: readonly string[]): Promise<void> {
  const options = { kills: { type: 'string' }, seed: { type: 'string' }, output: { type: 'string' } } as const;
  const { values } = parseArgs({ args: [...args], options });
  const folder = values.output ?? mkdtempSync(join(tmpdir(), 'killing-'));
  mkdirSync(folder, { recursive: true });
  const command = makeData(folder);
  const random = uniform(Number(values.seed ?? 1));

  const whole = join(folder, 'whole');
  const began = performance.now();
  await life([...command, '--output', whole]);
  const milliseconds = performance.now() - began;
  console.log(`unbroken: ${(milliseconds / 1000).toFixed(1)} s`);

  const broken = join(folder, 'broken');
  const kills = Number(values.kills ?? 20);
  for (let kill = 1; kill <= kills; kill++) {
    const whileWriting = kill % 2 === 0;
    // Written files are found by their names; a checkpoint takes some tens of milliseconds.
    const moment = whileWriting ? { writing: 1 + Math.floor(random() * 6), after: random() * 40 } : { after: random() };
    const { resumedAt, steps, ended } = await life(
      [...command, '--output', broken, ...(kill > 1 ? ['--resume'] : [])],
      {
        folder: broken,
        ...moment,
        ...(!whileWriting && { after: moment.after * milliseconds * 0.08 }),
      },
    );
    if (ended) throw new Error(`the run ended before kill ${kill}: more epochs are needed`);
    const left = readdirSync(broken).filter((name) => /partial|checkpoint/.test(name));
    console.log(
      `kill ${kill}: began at step ${resumedAt ?? '-'}, got to ${steps}; left ${left.join(', ') || 'nothing'}`,
    );
  }
  const last = await life([...command, '--output', broken, '--resume']);
  console.log(`at last: began at step ${last.resumedAt}, ended`);
  const names = readdirSync(whole);
  if (names.join() !== readdirSync(broken).join()) throw new Error(`other files: ${readdirSync(broken).join(', ')}`);
  const same = ['model.safetensors', 'config.json', 'eval_results.json', 'predictions.jsonl'].filter((name) =>
    readFileSync(join(whole, name)).equals(readFileSync(join(broken, name))),
  );
  console.log(`the same bytes after ${kills} kills: ${same.join(', ')}`);
  if (same.length < 4) throw new Error('not the same as of the unbroken run');
}

interface Moment {
  readonly folder: string;
  /** Kill when the folder shows so many files in the making; without it, when the first step is done. */
  readonly writing?: number;
  /** Milliseconds after that. */
  readonly after: number;
}

/** A process's life, to its end or to a moment. */
async function life(args: readonly string[], moment?: Moment) {
  const child = spawn(process.execPath, [bin, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let told = '';
  let isDue = false;
  let written = 0;
  const due = () => {
    if (isDue) return;
    isDue = true;
    setTimeout(() => child.kill('SIGKILL'), moment?.after);
  };
  let watcher: ReturnType<typeof watch> | undefined;
  if (moment?.writing) {
    mkdirSync(moment.folder, { recursive: true });
    const seen = new Set<string>();
    watcher = watch(moment.folder, (_, name) => {
      if (!name?.includes('.partial') || seen.has(name)) return;
      seen.add(name);
      if (++written >= (moment.writing as number)) due();
    });
  }
  child.stdout.on('data', (text: Buffer) => {
    told += text;
    if (moment && !moment.writing && told.includes('"type":"step"')) due();
  });
  const signal = await new Promise<string | null>((done) => child.on('close', (_, signal) => done(signal)));
  watcher?.close();
  if (!moment && child.exitCode !== 0) throw new Error(`the run failed: ${args.join(' ')}`);
  const resumedAt = /"resumedAt":(\d+)/.exec(told)?.[1];
  const steps = [...told.matchAll(/"type":"step","step":(\d+)/g)].at(-1)?.[1] ?? resumedAt;
  return { resumedAt, steps, ended: moment !== undefined && signal !== 'SIGKILL' };
}

/** A small task and a model whose checkpoint takes a while to write. Returns the command that trains it. */
function makeData(folder: string): string[] {
  const words = Array.from({ length: 200 }, (_, i) => `word${i}`);
  const random = uniform(7);
  const table = (rows: number) =>
    `text\tlabel\n${Array.from({ length: rows }, () => {
      const text = Array.from({ length: 3 + Math.floor(random() * 9) }, () => words[Math.floor(random() * 200)]);
      return `${text.join(' ')}\t${text.some((word) => word?.endsWith('7')) ? 'has' : 'lacks'}\n`;
    }).join('')}`;
  const write = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  write('vocab.txt', ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', ...words].join('\n'));
  const sizes = { hidden_size: 256, num_hidden_layers: 2, num_attention_heads: 4, intermediate_size: 1024 };
  const config = write(
    'config.json',
    JSON.stringify({ model_type: 'bert', vocab_size: 205, ...sizes, max_position_embeddings: 32 }),
  );
  return [
    ...['train', 'text-classification', '--from-scratch', '--config', config, '--tokenizer', folder],
    ...['--train', write('train.tsv', table(256)), '--eval', write('eval.tsv', table(64))],
    ...['--epochs', '24', '--batch-size', '8', '--learning-rate', '1e-4', '--save-steps', '5', '--logging-steps', '1'],
    '--json',
  ];
}
