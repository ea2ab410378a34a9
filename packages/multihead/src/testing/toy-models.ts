/** @file Folders of toy models with random weights, for tests of what loads models. Not part of the package. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BertConfig } from '../models/bert/config.js';
import {
  BertForMaskedLM,
  BertForQuestionAnswering,
  BertForSequenceClassification,
  BertForTokenClassification,
} from '../models/bert/heads.js';
import { AutoTokenizer } from '../text/tokenizer/auto-tokenizer.js';
import { toyConfig, toyFolder } from './toy.js';

const heads = {
  'text-classification': (config: BertConfig, seed: number) =>
    BertForSequenceClassification.fromConfig(config, { seed }),
  'question-answering': (config: BertConfig, seed: number) => BertForQuestionAnswering.fromConfig(config, { seed }),
  'token-classification': (config: BertConfig, seed: number) => BertForTokenClassification.fromConfig(config, { seed }),
  'fill-mask': (config: BertConfig, seed: number) => BertForMaskedLM.fromConfig(config, { seed }),
} as const;

/** A new folder with a model for a task. @param labels of classifiers */
export async function toyModel(
  task: keyof typeof heads,
  { labels = ['disliked', 'liked'], seed = 1 }: { readonly labels?: readonly string[]; readonly seed?: number } = {},
): Promise<string> {
  const folder = toyFolder();
  const config = { ...BertConfig.fromJson(toyConfig, 'toy'), id2label: labels, numLabels: labels.length };
  const model = heads[task](config, seed);
  await model.savePretrained(folder);
  await model.dispose();
  const tokenizer = await AutoTokenizer.fromPretrained(folder);
  for (const [name, text] of Object.entries(tokenizer.files())) writeFileSync(join(folder, name), text);
  return folder;
}

/** The small causal language model of the repository. */
export const miniGpt = fileURLToPath(new URL('../../../../models/mini-gpt', import.meta.url));
