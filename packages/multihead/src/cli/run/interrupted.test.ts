/** @file Interrupted commands end by the signal itself, whatever the engine computes at that moment; never by 134. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { multihead } from '../../testing/multihead.js';
import { toyFolder } from '../../testing/toy.js';

const bin = fileURLToPath(new URL('../../../bin/multihead.js', import.meta.url));
const sentenceModel = fileURLToPath(new URL('../../../fixtures/sentence/model', import.meta.url));
const languageModel = fileURLToPath(new URL('../../../../../models/mini-gpt', import.meta.url));

let toy: string;
let folder: string;
beforeAll(() => {
  toy = toyFolder();
  folder = mkdtempSync(join(tmpdir(), 'multihead-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A run of many epochs into a new folder. */
function training(): { args: string[]; output: string } {
  const output = join(mkdtempSync(join(folder, 'run-')), 'it is');
  return {
    output,
    args: [
      ...['train', 'text-classification', '--from-scratch', '--config', join(toy, 'config.json'), '--tokenizer', toy],
      ...['--train', join(toy, 'train.tsv'), '--epochs', '10000', '--logging-steps', '1', '--json', '--output', output],
    ],
  };
}

interface Ended {
  readonly signal: NodeJS.Signals | null;
  readonly code: number | null;
  readonly stderr: string;
}

type Interruption = NodeJS.Signals | 'close stdout' | 'twice';

/** Runs a command and interrupts it some time after it has first said something. */
function interrupted(args: readonly string[], how: Interruption, moment: number, said = /./): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [bin, ...args], { timeout: 120_000, killSignal: 'SIGKILL' });
    let [stdout, stderr] = ['', ''];
    const interrupt = () => {
      if (how === 'close stdout') child.stdout.destroy();
      else child.kill(how === 'twice' ? 'SIGINT' : how);
    };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const isFirst = !said.test(stdout) && said.test(stdout + text);
      stdout += text;
      if (isFirst) setTimeout(interrupt, moment);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      if (how === 'twice' && text.includes('once more')) setTimeout(() => child.kill('SIGINT'), 1050);
    });
    child.on('close', (code, signal) => resolve({ code, signal, stderr }));
  });
}

/** Makes 21 interruptions, two at a time: each way of interrupting at moments from 0 to 140 ms. */
async function interruptions<How>(ways: readonly How[], one: (how: How, moment: number) => Promise<void>) {
  const moments = Array.from({ length: 21 }, (_, i) => i);
  const next = async (): Promise<void> => {
    for (let i = moments.pop(); i !== undefined; i = moments.pop()) await one(ways[i % ways.length] as How, i * 7);
  };
  await Promise.all([next(), next()]);
}

/** A command whose reader has had enough; it computes for longer than the last interruption takes to come. */
async function endsBySigpipe(args: readonly string[]): Promise<void> {
  await interruptions(['close stdout'] as const, async (how, moment) => {
    expect(await interrupted(args, how, moment)).toEqual({ code: null, signal: 'SIGPIPE', stderr: '' });
  });
}

describe('21 times', { timeout: 600_000 }, () => {
  // The three signals go one way from their arrival on, so they share the moments.
  test.each<[string, Interruption[]]>([
    ['SIGINT, SIGTERM, SIGHUP', ['SIGINT', 'SIGTERM', 'SIGHUP']],
    ['a closed standard output', ['close stdout']],
  ])('train: %s: saves, tells how to resume, and ends by that signal', async (_, ways) => {
    await interruptions(ways, async (how, moment) => {
      const { args, output } = training();
      const { stderr, ...ended } = await interrupted(args, how, moment, /"type":"step"/);
      expect(ended, stderr).toEqual({ code: null, signal: how === 'close stdout' ? 'SIGPIPE' : how });
      expect(stderr).toMatch(/interrupted after step \d+ of \d+; saved in .*\. Resume with:\n {2}npx multihead train /);
      expect(stderr).toContain(`--output '${output}' --resume\n`);
      expect(readdirSync(output).filter((name) => name.startsWith('checkpoint-'))).toHaveLength(1);
      expect(existsSync(join(output, 'run.lock'))).toBe(false);
    });
  });

  // Without a line on standard output that tells when they compute: from their start on, over all that they do.
  test('predict, evaluate, perplexity: a signal ends them by itself', async () => {
    const rows = 'the film is very very good\tliked\na book was poor\tdisliked\n'.repeat(10_000);
    const [data, model] = [join(folder, 'many.tsv'), join(folder, 'classifier')];
    writeFileSync(data, `text\tlabel\n${rows}`);
    const scratch = ['--from-scratch', '--config', join(toy, 'config.json'), '--tokenizer', toy, '--max-steps', '1'];
    const trained = multihead(
      ...['train', 'text-classification', ...scratch, '--train', join(toy, 'train.tsv'), '--output', model],
    );
    expect(trained.status).toBe(0);
    const commands = [
      ['predict', 'text-classification', '--model', model, '--data', data, '--output', join(folder, 'predicted.jsonl')],
      ['evaluate', 'text-classification', '--model', model, '--data', data],
      ['perplexity', data, '--model', languageModel],
    ];
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    const ways = commands.map((args, i) => ({ args, signal: signals[i] as NodeJS.Signals }));
    await interruptions(ways, async ({ args, signal }, moment) => {
      const output = args.map((arg) => (arg.endsWith('predicted.jsonl') ? arg.replace('.', `-${moment}.`) : arg));
      const child = spawn(process.execPath, [bin, ...output], { stdio: ['ignore', 'ignore', 'pipe'] });
      let stderr = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      setTimeout(() => child.kill(signal), 300 + 5 * moment);
      const ended = await new Promise((resolve) => child.on('close', (code, by) => resolve({ code, by })));
      expect(ended, stderr).toEqual({ code: null, by: signal });
      expect(stderr).not.toMatch(/^error|fault of Multihead|terminate called/m);
    });
  });

  test('generate --stream: a closed standard output ends it by SIGPIPE', async () => {
    const generate = ['generate', '--model', languageModel, '--prompt', 'It was'];
    await endsBySigpipe([...generate, '--max-new-tokens', '110', '--stream']);
  });

  test('embed: a closed standard output ends it by SIGPIPE', async () => {
    const texts = join(folder, 'texts.txt');
    writeFileSync(texts, 'a text of some words\n'.repeat(100_000));
    await endsBySigpipe(['embed', texts, '--model', sentenceModel, '--batch-size', '512']);
  });
});

test('a second Ctrl-C ends a run at once, in the middle of an evaluation that takes long', async () => {
  const { args, output } = training();
  const rows = 'the film is very very good\tliked\na book was poor\tdisliked\n'.repeat(20_000);
  writeFileSync(join(folder, 'long.tsv'), `text\tlabel\n${rows}`);
  const evaluation = [
    '--eval',
    join(folder, 'long.tsv'),
    '--eval-strategy',
    'steps',
    '--eval-steps',
    '1',
    '--eval-batch-size',
    '1',
    '--learning-rate',
    '5e-5',
  ];
  const { stderr, ...ended } = await interrupted([...args, ...evaluation], 'twice', 300, /"type":"step"/);
  expect(ended, stderr).toEqual({ code: null, signal: 'SIGINT' });
  expect(stderr).toBe('Ctrl-C: saving after this step; once more ends at once\n');
  expect(existsSync(join(output, 'run.lock'))).toBe(false);
});
