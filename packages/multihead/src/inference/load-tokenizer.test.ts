import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BertConfig } from '../models/bert/config.js';
import { BertForSequenceClassification } from '../models/bert/heads.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { loadTokenizer } from './load-tokenizer.js';

const scratch = temporaryFolder();
const tiny = () =>
  BertForSequenceClassification.fromConfig(
    new BertConfig({ vocabSize: 7, hiddenSize: 8, numHiddenLayers: 1, numAttentionHeads: 2, intermediateSize: 8 }),
  );

test('the engine has its graph when the tokenizer is there', async () => {
  const folder = join(scratch, 'whole');
  mkdirSync(folder);
  writeFileSync(join(folder, 'vocab.txt'), '[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\ngood\nbad\n');
  const model = tiny();
  const tokenizer = await loadTokenizer(model, folder, () => model.prepare());
  const { logits } = await model.predict({ inputIds: [(await tokenizer.encode('good')).inputIds] });
  expect(logits.shape).toEqual([1, 2]);
  await model.dispose();
});

test('without a tokenizer the model is disposed of', async () => {
  const model = tiny();
  await expect(loadTokenizer(model, join(scratch, 'none'))).rejects.toThrow('none');
  await expect(model.weights.engine()).rejects.toThrow('disposed of');
});
