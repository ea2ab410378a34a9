/** @file Interrupted commands end by the signal itself, whatever the engine computes at that moment; never by 134. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toyFolder } from '../testing/toy.js';

const bin = fileURLToPath(new URL('../../bin/multihead.js', import.meta.url));
const embedded = fileURLToPath(new URL('../../../../models/', import.meta.url));

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
    const child = spawn(process.execPath, [bin, ...args], { timeout: 60_000, killSignal: 'SIGKILL' });
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

/** Makes 20 interruptions, two at a time. */
async function twentyTimes(one: (moment: number) => Promise<void>): Promise<void> {
  const moments = Array.from({ length: 20 }, (_, i) => i * 7);
  const next = async (): Promise<void> => {
    for (let moment = moments.pop(); moment !== undefined; moment = moments.pop()) await one(moment);
  };
  await Promise.all([next(), next()]);
}

describe('20 times', () => {
  test.each([
    ['SIGINT', 'SIGINT'],
    ['SIGTERM', 'SIGTERM'],
    ['SIGHUP', 'SIGHUP'],
    ['close stdout', 'SIGPIPE'],
  ] as const)(
    'train: %s saves, tells how to resume, and ends it by %s',
    async (how, by) => {
      await twentyTimes(async (moment) => {
        const { args, output } = training();
        const { stderr, ...ended } = await interrupted(args, how, moment, /"type":"step"/);
        expect(ended, stderr).toEqual({ code: null, signal: by });
        expect(stderr).toMatch(
          /interrupted after step \d+ of \d+; saved in .*\. Resume with:\n {2}npx multihead train /,
        );
        expect(stderr).toContain(`--output '${output}' --resume\n`);
        expect(readdirSync(output).filter((name) => name.startsWith('checkpoint-'))).toHaveLength(1);
        expect(existsSync(join(output, 'run.lock'))).toBe(false);
      });
    },
    180_000,
  );

  const texts = (): string => {
    const file = join(folder, 'texts.txt');
    writeFileSync(file, 'a text\n'.repeat(3000));
    return file;
  };
  test.each([
    ['generate --stream', 'close stdout', 'SIGPIPE'],
    ['embed', 'close stdout', 'SIGPIPE'],
  ] as const)(
    '%s: %s ends it by %s',
    async (command, how, by) => {
      const generate = ['generate', '--model', join(embedded, 'mini-gpt'), '--prompt', 'It was'];
      const args =
        command === 'embed'
          ? ['embed', texts(), '--model', join(embedded, 'mini')]
          : [...generate, '--max-new-tokens', '110', '--stream'];
      await twentyTimes(async (moment) => {
        expect(await interrupted(args, how, moment)).toEqual({ code: null, signal: by, stderr: '' });
      });
    },
    180_000,
  );
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
