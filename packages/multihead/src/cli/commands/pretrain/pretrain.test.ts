/** @file Pretraining as a user meets it: the real program in a process of its own, on a corpus made here. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  AutoModelForCausalLM,
  AutoTokenizer,
  BertForMaskedLM,
  BertForPreTraining,
  type PretrainedModel,
} from '../../../index.js';
import { multihead } from '../../../testing/multihead.js';
import { toyFolder } from '../../../testing/toy.js';

const bin = fileURLToPath(new URL('../../../../bin/multihead.js', import.meta.url));

interface Line {
  type: string;
  loss?: number;
  metrics?: Record<string, number>;
  resumedAt?: number;
}

const linesOf = ({ stdout }: { stdout: string }): Line[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

let folder: string;
let words: string; // a folder with a WordPiece tokenizer that has [MASK]
const at = (name: string) => join(folder, name);
const write = (name: string, content: string | Buffer): string => {
  writeFileSync(at(name), content);
  return at(name);
};

const upTo = (length: number) => Array.from({ length }, (_, i) => i);
const sentences = ['the film is very good', 'a book was quite poor', 'the book is great', 'a film was awful'];
const text = Array.from({ length: 160 }, (_, i) => `${sentences[i % 4]} ${sentences[(i * 7) % 3]}`).join('\n\n');
// Texts of three sentences about one thing, nearly all different.
const opinions = ['good', 'fine', 'great', 'bad', 'poor', 'awful'];
const tale = (i: number) =>
  [i >> 1, i >> 2, i >> 3].map((n) => `the ${i % 2 ? 'film' : 'book'} is ${opinions[(n + (i % 7)) % 6]}`).join('\n');
const pairs = upTo(120).map(tale).join('\n\n');
const bert = { model_type: 'bert', hidden_size: 32, num_hidden_layers: 2, num_attention_heads: 2 };
const gpt = { model_type: 'gpt2', n_embd: 32, n_layer: 2, n_head: 2, n_positions: 32 };

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'multihead-'));
  words = toyFolder();
  write('text.txt', text);
  write('pairs.txt', pairs);
  write('bert.json', JSON.stringify({ ...bert, intermediate_size: 64, max_position_embeddings: 32, vocab_size: 19 }));
  write('gpt.json', JSON.stringify({ ...gpt, vocab_size: 60 }));
  const { status } = multihead('tokenizer', 'train', '--type', 'char', '--output', at('characters'), at('text.txt'));
  expect(status).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true }));

const settings = ['--batch-size', '4', '--learning-rate', '3e-3', '--logging-steps', '1', '--json'];
const on = (corpus: string) => ['--corpus', at(corpus)];
const kinds = {
  'fill-mask': () => ['--tokenizer', words, '--config', at('bert.json'), '--block-size', '16'],
  'text-generation': () => ['--tokenizer', at('characters'), '--config', at('gpt.json'), '--block-size', '32'],
  'next-sentence': () => [
    ...['--tokenizer', words, '--config', at('bert.json'), '--block-size', '24', '--next-sentence'],
  ],
};
const taskOf = (kind: keyof typeof kinds) => (kind === 'text-generation' ? kind : 'fill-mask');
/** The command's arguments; its corpus is the usual one unless another is given. */
const pretrain = (kind: keyof typeof kinds, output: string, ...more: string[]): string[] => [
  ...['pretrain', taskOf(kind), '--validation-share', '0.2', ...kinds[kind](), ...settings],
  ...(more.includes('--corpus') ? [] : on(kind === 'next-sentence' ? 'pairs.txt' : 'text.txt')),
  ...['--output', at(output), ...more],
];

describe.each(['fill-mask', 'text-generation', 'next-sentence'] as const)('%s', (kind) => {
  test('learns, and leaves a folder that the other commands use', () => {
    const steps = ['--batch-size', '16', '--max-steps', '300', '--eval-steps', '100'];
    const run = multihead(...pretrain(kind, `${kind}-whole`, ...steps));
    expect(run.status).toBe(0);
    const lines = linesOf(run);
    expect(lines[0]).toMatchObject({ type: 'corpus', reused: false });
    const losses = lines.flatMap(({ type, metrics }) => (type === 'evaluation' ? [metrics?.loss as number] : []));
    expect(losses).toHaveLength(3);
    const first = lines.find(({ type }) => type === 'step')?.loss as number;
    expect(losses[2]).toBeLessThan(0.75 * first);
    const isMasked = taskOf(kind) === 'fill-mask';
    const use = isMasked
      ? multihead('predict', 'fill-mask', '--model', at(`${kind}-whole`), 'the film is very [MASK]', '--json')
      : multihead('generate', '--model', at(`${kind}-whole`), '--prompt', 'the fi', '--max-new-tokens', '5');
    expect(use.stderr).toBe('');
    expect(use.status).toBe(0);
    expect(use.stdout).toMatch(isMasked ? /"fills":\[\{"score"/ : /^the fi.{5}\n$/s);
  });

  test('killed with SIGKILL again and again, and resumed, it ends with the bits of an unbroken run', async () => {
    const args = (output: string, ...more: string[]) =>
      pretrain(kind, output, '--max-steps', '40', '--eval-steps', '15', '--save-steps', '3', ...more);
    expect(multihead(...args(`${kind}-unbroken`)).status).toBe(0);
    const broken = `${kind}-broken`;
    const kills = [
      [2, 0],
      [12, 4], // evaluation and checkpoint at 15
      [9, 2],
    ] as const;
    for (const [i, [steps, milliseconds]] of kills.entries()) {
      const child = spawn(process.execPath, [bin, ...args(broken, ...(i > 0 ? ['--resume'] : []))]);
      let told = '';
      let isDue = false;
      child.stdout.on('data', (piece: Buffer) => {
        told += piece;
        if (isDue || told.split('"type":"step"').length <= steps) return;
        isDue = true;
        setTimeout(() => child.kill('SIGKILL'), milliseconds);
      });
      expect(await new Promise((resolve) => child.on('exit', (_, signal) => resolve(signal)))).toBe('SIGKILL');
    }
    const last = multihead(...args(broken, '--resume'));
    expect(last.status).toBe(0);
    const lines = linesOf(last);
    expect(lines.find(({ type }) => type === 'start')?.resumedAt).toBeGreaterThan(9);
    expect(lines.find(({ type }) => type === 'corpus')).toMatchObject({ reused: true });
    const weights = (output: string) => readFileSync(join(at(output), 'model.safetensors'));
    expect(weights(broken).equals(weights(`${kind}-unbroken`))).toBe(true);
    expect(readdirSync(at(broken)).filter((name) => /partial|checkpoint/.test(name))).toEqual([]);
  });
});

test('what was pretrained loads from code, its tokenizer too', async () => {
  const tokenizer = await AutoTokenizer.fromPretrained(at('fill-mask-whole'));
  expect(tokenizer.vocabulary).toEqual((await AutoTokenizer.fromPretrained(words)).vocabulary);
  const report = async (model: Promise<PretrainedModel>) => (await model).loadingReport;
  const whole = { newlyInitialized: [], unexpected: [] };
  expect(await report(BertForMaskedLM.fromPretrained(at('fill-mask-whole')))).toMatchObject(whole);
  expect(await report(AutoModelForCausalLM.fromPretrained(at('text-generation-whole')))).toMatchObject(whole);
  expect(await report(BertForPreTraining.fromPretrained(at('next-sentence-whole')))).toMatchObject(whole);
});

describe('next-sentence prediction', () => {
  test('is evaluated beside the masked words', () => {
    const scores = readFileSync(join(at('next-sentence-whole'), 'eval_results.json'), 'utf8');
    expect(JSON.parse(scores)).toMatchObject({ main_metric: 'loss', next_sentence_loss: expect.any(Number) });
    const { next_sentence_accuracy: accuracy } = JSON.parse(scores) as Record<string, number>;
    expect(accuracy).toBeGreaterThan(0.5);
    expect(accuracy).toBeLessThanOrEqual(1);
  });

  test('leaves a pooler with which a classifier is fine-tuned', () => {
    const data = ['--train', join(words, 'train.tsv'), '--eval', join(words, 'eval.tsv')];
    const model = ['--model', at('next-sentence-whole'), '--output', at('fine-tuned')];
    const run = multihead('train', 'text-classification', ...model, ...data, '--epochs', '1', ...settings);
    expect(run.stderr).toBe('');
    expect(run.status).toBe(0);
    expect(linesOf(run).find(({ type }) => type === 'loaded')).toMatchObject({
      newlyInitialized: ['classifier.weight', 'classifier.bias'],
    });
  });

  test('can go on from a model of masked words alone, whose new heads begin at random', () => {
    const start = ['--model', at('fill-mask-whole'), '--block-size', '24', '--next-sentence', ...on('pairs.txt')];
    const run = multihead(
      'pretrain',
      'fill-mask',
      ...start,
      '--output',
      at('more-pairs'),
      '--max-steps',
      '2',
      '--json',
    );
    expect(run.status).toBe(0);
    expect(linesOf(run).find(({ type }) => type === 'loaded')).toMatchObject({
      newlyInitialized: expect.arrayContaining(['bert.pooler.dense.weight', 'cls.seq_relationship.weight']),
    });
  });
});

test('goes on with a model that is there', () => {
  const more = ['--corpus', at('text.txt'), '--block-size', '16', '--max-steps', '2', ...settings];
  const run = multihead('pretrain', 'fill-mask', '--model', at('fill-mask-whole'), '--output', at('more'), ...more);
  expect(run.status).toBe(0);
  expect(linesOf(run).find(({ type }) => type === 'step')?.loss).toBeLessThan(2.2); // a new model begins at ln 19 = 2.94
});

describe('odd text', () => {
  test('invalid UTF-8, NUL and a missing last newline are read and reported; an empty file is skipped', () => {
    write(
      'odd.txt',
      Buffer.concat([Buffer.from(`${text}\n\nthe film\0 is `), Buffer.from([0xff, 0xe9]), Buffer.from(' good')]),
    );
    write('empty.txt', '');
    const corpora = ['--corpus', at('odd.txt'), at('empty.txt')];
    const run = multihead(...pretrain('fill-mask', 'odd', '--max-steps', '2', ...corpora));
    expect(run.status).toBe(0);
    expect(run.stderr).toContain('empty.txt: holds no text; it is skipped');
    expect(run.stderr).toContain('odd.txt: 2 sequences of bytes that are not UTF-8 were read as U+FFFD');
    expect(run.stderr).toContain('odd.txt: 1 NUL characters');
  });
});

describe('what goes wrong is said', () => {
  const refused = (args: string[], message: string) => {
    const { status, stderr, stdout } = multihead(...args);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stdout).not.toContain('"type":"step"');
    expect(status).toBe(1);
  };

  test('a tokenizer without a mask token', () => {
    const args = ['pretrain', 'fill-mask', '--corpus', at('text.txt'), '--config', at('bert.json')];
    refused([...args, '--tokenizer', at('characters'), '--output', at('none')], 'The tokenizer has no mask token');
    expect(existsSync(at('none'))).toBe(false);
  });

  test('models that do not fit', () => {
    write('small.json', JSON.stringify({ ...bert, intermediate_size: 64, vocab_size: 10 }));
    const config = (name: string) => ['--config', at(name)];
    refused([...pretrain('fill-mask', 'none'), ...config('small.json')], 'vocab_size is 10, but the tokenizer has 19');
    refused([...pretrain('fill-mask', 'none'), ...config('gpt.json')], 'fill-mask trains "bert"');
    const own = ['pretrain', 'text-generation', '--model', at('text-generation-whole'), ...on('text.txt')];
    mkdirSync(at('large'));
    const large = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', ...upTo(75).map((i) => `word${i}`)];
    write('large/vocab.txt', large.join('\n'));
    refused([...own, '--tokenizer', at('large'), '--output', at('none')], 'knows 60 tokens, but the tokenizer has 80');
    refused([...pretrain('fill-mask', 'none'), '--block-size', '64'], 'reads no more than 32 tokens');
    refused(['pretrain', 'fill-mask', '--corpus', at('text.txt'), '--output', at('none')], 'give --config FILE');
  });

  test('text that is none', () => {
    write('nothing.txt', '\n \n');
    write('one.txt', 'the film is very good');
    refused(pretrain('fill-mask', 'none', ...on('nothing.txt')), 'nothing.txt: holds no text');
    refused(pretrain('fill-mask', 'none', ...on('*.missing')), 'the pattern matches no files');
    refused(pretrain('fill-mask', 'none', ...on('gone.txt')), 'gone.txt');
    refused(pretrain('text-generation', 'none', '--validation-share', '0', ...on('one.txt')), 'make no block of');
    expect(existsSync(at('none')) ? readdirSync(at('none')).filter((name) => name !== 'corpus') : []).toEqual([]);
  });

  test('a validation part that is empty', () => {
    refused(pretrain('fill-mask', 'none', ...on('one.txt')), 'none of the 1 documents falls to validation');
    const tiny = ['--validation-corpus', at('one.txt'), '--output', at('none')];
    refused(
      ['pretrain', 'fill-mask', ...kinds['fill-mask'](), ...on('text.txt'), ...tiny],
      'of the text for validation, 6 tokens make no block of 14; take smaller blocks or more text (--validation-share 0',
    );
    const start = ['pretrain', 'fill-mask', ...kinds['fill-mask'](), ...on('text.txt'), '--output', at('none')];
    refused([...start, '--validation-corpus', at('nothing.txt')], 'nothing.txt: holds no text');
    refused([...start, '--validation-corpus', at('text.txt'), '--validation-share', '0.1'], 'are both given');
  });

  test('next sentences where there are none', () => {
    const pairs = (...more: string[]) => pretrain('next-sentence', 'none', ...more);
    refused(pairs(...on('text.txt')), 'is a single sentence, so that none follows another');
    refused(pairs('--line-by-line'), '--next-sentence and --line-by-line exclude each other');
    refused(
      [...pretrain('text-generation', 'none'), '--next-sentence'],
      '--next-sentence is an option of fill-mask, not of text-generation',
    );
    const sizes = { intermediate_size: 64, max_position_embeddings: 32, vocab_size: 19 };
    write('one-type.json', JSON.stringify({ ...bert, ...sizes, type_vocab_size: 1 }));
    refused(pairs('--config', at('one-type.json')), 'config.json needs type_vocab_size 2');
    expect(existsSync(join(at('none'), 'model.safetensors'))).toBe(false);
  });

  test('an output that holds a model', () => {
    const before = readFileSync(join(at('fill-mask-whole'), 'model.safetensors'));
    refused(pretrain('fill-mask', 'fill-mask-whole'), 'already holds model.safetensors');
    expect(readFileSync(join(at('fill-mask-whole'), 'model.safetensors'))).toEqual(before);
  });
});

describe('--dry-run', () => {
  test.each(['fill-mask', 'text-generation', 'next-sentence'] as const)(
    '%s: counts, estimates, writes nothing',
    (kind) => {
      mkdirSync(at(`tmp-${kind}`));
      const env = { ...process.env, TMPDIR: at(`tmp-${kind}`), TEMP: at(`tmp-${kind}`) };
      const args = [bin, ...pretrain(kind, `dry-${kind}`, '--epochs', '3', '--dry-run')];
      if (kind === 'fill-mask') args.splice(args.indexOf('--output'), 2); // which is not needed
      const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
      expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
      const report = linesOf({ stdout }).at(-1) as Line & Record<string, number>;
      expect(report).toMatchObject({ type: 'dry-run', epochs: 3 });
      expect(report.steps).toBe(3 * Math.ceil((report.features as number) / 4));
      for (const name of ['parameters', 'tokens', 'tokensPerSecond', 'peakMemoryMb', 'evaluationExamples'])
        expect(report[name]).toBeGreaterThan(0);
      expect(existsSync(at(`dry-${kind}`))).toBe(false);
      const scratch = readdirSync(at(`tmp-${kind}`)).filter((name) => name.startsWith('multihead')); // ONNX Runtime has some, too
      expect(scratch).toEqual([]);
    },
  );

  test('takes a tokenized corpus that is there, and leaves one of other settings as it is', () => {
    const cache = ['--corpus-cache', at('dry-cache')];
    expect(multihead(...pretrain('fill-mask', 'dry-before', '--max-steps', '1', ...cache)).status).toBe(0);
    const isReused = (...more: string[]) =>
      linesOf(multihead(...pretrain('fill-mask', 'dry-after', '--dry-run', ...cache, ...more))).find(
        ({ type }) => type === 'corpus',
      );
    const before = readFileSync(at('dry-cache/corpus.json'), 'utf8');
    expect(isReused()).toMatchObject({ reused: true });
    expect(isReused('--seed', '7')).toMatchObject({ reused: false });
    expect(readFileSync(at('dry-cache/corpus.json'), 'utf8')).toBe(before);
  });
});

test('--seeds: a run for each on the same corpus, and their mean', () => {
  const args = pretrain('fill-mask', 'seeds', '--max-steps', '2', '--seeds', '1,2');
  const { stdout, stderr, status } = multihead(...args);
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  const { seeds, metrics } = JSON.parse(readFileSync(at('seeds/summary.json'), 'utf8'));
  expect(seeds.map(({ seed }: { seed: number }) => seed)).toEqual([1, 2]);
  const losses = seeds.map((one: { metrics: { loss: number } }) => one.metrics.loss);
  expect(losses[0]).not.toBe(losses[1]);
  expect(metrics.loss.mean).toBeCloseTo((losses[0] + losses[1]) / 2, 10);
  expect(linesOf({ stdout }).filter(({ type }) => type === 'corpus')).toMatchObject([
    { reused: false },
    { reused: true },
  ]);
  expect(linesOf({ stdout }).at(-1)).toMatchObject({ type: 'seeds', seeds: [1, 2], metrics });
  expect(existsSync(at('seeds/corpus/corpus.json'))).toBe(true);
  expect(readdirSync(at('seeds/seed-2'))).toContain('model.safetensors');
  expect(readdirSync(at('seeds/seed-2'))).not.toContain('corpus');
  expect(multihead(...args).stderr).toContain('seed-1: already holds model.safetensors');
});
