/** @file Mistakes that newcomers make: the message says what is wrong and what to type instead. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const bin = join(root, 'packages/multihead/bin/multihead.js');
const intents = join(root, 'examples/data/support-intents.train.tsv');
const passages = join(root, 'examples/data/passages.train.json');
const mini = join(root, 'models/mini');

const folder = temporaryFolder();
const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
mkdirSync(join(folder, 'empty'));
const training = (...args: string[]) => ['train', 'text-classification', '--output', join(folder, 'out'), ...args];
const on = (path: string, ...args: string[]) => training('--model', mini, '--train', path, ...args);

test.each<[string, string[], RegExp]>([
  ['a file that is missing', on('missing.csv'), /missing\.csv: no such file/],
  ['an empty file', on(file('empty.csv', '')), /empty\.csv: the file is empty/],
  ['a header alone', on(file('header.csv', 'text,label\n')), /holds a header, but no examples/],
  ['an Excel file', on(file('book.xlsx', 'PK')), /is an Excel workbook, not a table\. Save the sheet as CSV/],
  ['plain text', on(file('a.txt', 'x\n')), /a\.txt: the name must end in .*--format/],
  [
    'commas in JSON Lines',
    on(file('c.jsonl', '{"text":"a","label":"b"},\n')),
    /c\.jsonl:1:\d+: .*no comma stands between/,
  ],
  [
    'questions for a classifier',
    on(passages),
    /are "title", "paragraphs"\. Questions about contexts are for the task question-answering/,
  ],
  ['a label column with a slip', on(intents, '--label', 'intnt'), /no column "intnt" \(--label\)\. .*"text", "intent"/],
  ['no label column', on(file('k.csv', 'kind,message\na,b\nc,d\n')), /no label column found\. .*Name one by --label/],
  ['no model', training('--train', intents), /give --model FOLDER to fine-tune, or --from-scratch/],
  [
    'a folder without a model',
    training('--train', intents, '--model', join(folder, 'empty')),
    /config\.json: no such file\. A model folder holds/,
  ],
  [
    'a model folder that is missing',
    training('--train', intents, '--model', 'no/such/model'),
    /no\/such\/model: no such folder/,
  ],
  ['percent for a share', on(intents, '--eval-split', '20'), /a number between 0 and 1 was expected/],
  ['a decimal comma', on(intents, '--learning-rate', '0,001'), /"0,001" is not a number/],
  [
    'a model that has learned no task',
    ['predict', 'text-classification', '--model', mini, 'x'],
    /no trained head .*Train one first/,
  ],
  ['a text without a mask', ['predict', 'fill-mask', '--model', mini, 'x'], /has no \[MASK\]/],
  [
    'a BERT that is to write',
    ['generate', '--model', mini, '--prompt', 'x'],
    /model_type is "bert", of which there is no AutoModelForCausalLM/,
  ],
  [
    'a corpus of one document',
    ['pretrain', 'fill-mask', '--model', mini, '--corpus', file('one.txt', 'a\n'), '--output', join(folder, 'p')],
    /--validation-corpus/,
  ],
  ['a page that was not made', ['compare', join(folder, 'a'), join(folder, 'b')], /multihead evaluate TASK/],
])('%s', (_, args, message) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], { encoding: 'utf8' });
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/fault of Multihead| {4}at /);
  expect(stdout).toBe('');
  expect(status).toBe(1);
});
