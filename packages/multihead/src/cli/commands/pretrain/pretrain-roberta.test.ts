/** @file A RoBERTa as a user makes it: its tokenizer, its pretraining, a masked word filled, a classifier of pairs. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AutoTokenizer, RobertaForMaskedLM } from '../../../index.js';
import { multihead } from '../../../testing/multihead.js';
import { toyRows } from '../../../testing/toy.js';

const folder = mkdtempSync(join(tmpdir(), 'multihead-'));
const at = (name: string) => join(folder, name);
const tokenizer = at('tokenizer');
const special = ['<s>', '<pad>', '</s>', '<unk>', '<mask>'];
const sizes = { hidden_size: 32, num_hidden_layers: 2, num_attention_heads: 2, intermediate_size: 64 };
const roberta = { model_type: 'roberta', ...sizes, max_position_embeddings: 34, vocab_size: 300 };
const text = toyRows(120).map((row) => row.text);

beforeAll(() => {
  writeFileSync(at('text.txt'), text.join('\n\n'));
  writeFileSync(at('roberta.json'), JSON.stringify(roberta));
  const pairs = text.map((first, i) => `${first}\t${text[(i * 7) % 120]}\t${i % 2 ? 'same' : 'other'}\n`);
  writeFileSync(at('pairs.tsv'), `first\tsecond\tlabel\n${pairs.join('')}`);
  const { status, stderr } = multihead(
    ...['tokenizer', 'train', '--type', 'bpe', '--vocab-size', '300', '--output', tokenizer],
    ...['--special-tokens', ...special, '--', at('text.txt')],
  );
  expect(stderr + status).toMatch(/0$/);
});
afterAll(() => rmSync(folder, { recursive: true }));

test('the tokenizer puts <s> and </s> around texts, and fills masks with the space before them', async () => {
  const trained = await AutoTokenizer.fromPretrained(tokenizer);
  const { tokens } = await trained.encode(['the film', 'a book']);
  expect([tokens[0], ...tokens.slice(-1), tokens.filter((token) => token === '</s>').length]).toEqual([
    '<s>',
    '</s>',
    3,
  ]);
  const { inputIds: ids } = await trained.encode('the <mask>');
  expect(ids).toEqual([0, ...((await trained.encodeIds(['the']))[0] as number[]), 4, 2]);
  expect([trained.clsId, trained.padId, trained.sepId, trained.unkId, trained.maskId]).toEqual([0, 1, 2, 3, 4]);
});

test('pretrains from the command line, with whole words, and fills masks', async () => {
  const settings = [
    '--batch-size',
    '8',
    '--learning-rate',
    '3e-3',
    '--max-steps',
    '60',
    '--logging-steps',
    '10',
    '--json',
  ];
  const run = multihead(
    ...['pretrain', 'fill-mask', '--config', at('roberta.json'), '--tokenizer', tokenizer, '--corpus', at('text.txt')],
    ...['--output', at('run'), ...settings],
  );
  expect(run.stderr + run.status).toMatch(/0$/);
  const losses = run.stdout
    .trim()
    .split('\n')
    .flatMap((line) => (JSON.parse(line) as { loss?: number }).loss ?? []);
  expect(losses.at(-1)).toBeLessThan(0.8 * (losses[0] as number));
  const { config } = await RobertaForMaskedLM.fromPretrained(at('run'));
  expect(config).toMatchObject({ modelType: 'roberta', architectures: ['RobertaForMaskedLM'] });
  const filled = multihead('predict', 'fill-mask', '--model', at('run'), 'the film is very <mask>');
  expect(filled.stderr + filled.status).toMatch(/0$/);
  expect(filled.stdout).toContain('the film is very');

  const trained = multihead(
    ...['train', 'text-classification', '--model', at('run'), '--train', at('pairs.tsv'), '--output', at('pairs')],
    ...['--text', 'first', '--text-pair', 'second', '--label', 'label', '--max-steps', '2', '--batch-size', '4'],
  );
  expect(trained.stderr + trained.status).toMatch(/0$/);
  expect(JSON.parse(readFileSync(join(at('pairs'), 'config.json'), 'utf8'))).toMatchObject({
    architectures: ['RobertaForSequenceClassification'],
  });
});

test('next-sentence prediction is refused for families that are not pretrained with it', () => {
  writeFileSync(at('electra.json'), JSON.stringify({ ...roberta, model_type: 'electra' }));
  for (const type of ['roberta', 'electra']) {
    const { status, stderr } = multihead(
      ...['pretrain', 'fill-mask', '--next-sentence', '--config', at(`${type}.json`), '--tokenizer', tokenizer],
      ...['--corpus', at('text.txt'), '--output', at('next')],
    );
    expect(status).toBe(1);
    expect(stderr).toContain(`model_type is "${type}"; --next-sentence trains "bert"`);
  }
});
