/** @file Options of a pipeline are its own: those of its task, of its batches and of the hub go each to their place. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BertConfig } from '../models/bert/config.js';
import { BertForQuestionAnswering, BertForSequenceClassification } from '../models/bert/heads.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { toyConfig, toyFolder } from '../testing/toy.js';
import { AutoTokenizer } from '../text/tokenizer/auto-tokenizer.js';
import { pipeline } from './pipeline.js';

const tokenizer = await AutoTokenizer.fromPretrained(toyFolder());
const all = {
  batchSize: 1,
  maxLength: 12,
  cacheDir: 'none',
  revision: 'main',
  parts: 'model',
  onNote: () => {},
} as const;

async function folderOf(model: BertForQuestionAnswering | BertForSequenceClassification): Promise<string> {
  const folder = temporaryFolder();
  await model.savePretrained(folder);
  for (const [name, text] of Object.entries(tokenizer.files())) writeFileSync(join(folder, name), text);
  await model.dispose();
  return folder;
}

test('of question answering', async () => {
  const folder = await folderOf(BertForQuestionAnswering.fromConfig(BertConfig.fromJson(toyConfig, 'toy')));
  const ask = await pipeline('question-answering', folder, { ...all, maxAnswerLength: 1, stride: 2 });
  const { answer } = await ask({ question: 'the film', context: 'the book is great' });
  expect(answer).toMatch(/^\w+$/);
});

test('of classification', async () => {
  const folder = await folderOf(BertForSequenceClassification.fromConfig(BertConfig.fromJson(toyConfig, 'toy')));
  const classify = await pipeline('text-classification', folder, all);
  expect(await classify(['fine', 'bad'])).toHaveLength(2);
});
