/** @file A tiny tokenizer, configuration and data set that tests train on in a moment. Not part of the package. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder.js';

const words = [
  'good',
  'fine',
  'great',
  'bad',
  'poor',
  'awful',
  'film',
  'book',
  'the',
  'a',
  'is',
  'was',
  'very',
  'quite',
];
const vocabulary = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', ...words];

/** config.json of a BERT with two layers. */
export const toyConfig = {
  model_type: 'bert',
  vocab_size: vocabulary.length,
  hidden_size: 32,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  intermediate_size: 64,
  max_position_embeddings: 32,
};

/** Sentences about films and books, and whether they are liked. */
export function toyRows(count: number): { text: string; label: string }[] {
  return Array.from({ length: count }, (_, i) => {
    const word = words[i % 6] as string;
    const thing = i % 2 ? 'film' : 'book';
    const degree = ['', 'very ', 'quite ', 'very very '][Math.floor(i / 6) % 4];
    const text = i % 5 ? `the ${thing} is ${degree}${word}` : `a ${thing} was ${degree}${word} the ${thing} is ${word}`;
    return { text, label: i % 6 < 3 ? 'liked' : 'disliked' };
  });
}

/** A new folder with `vocab.txt`, `config.json`, `train.tsv` and `eval.tsv`. */
export function toyFolder(): string {
  const folder = temporaryFolder();
  const tsv = (rows: { text: string; label: string }[]) =>
    `text\tlabel\n${rows.map(({ text, label }) => `${text}\t${label}\n`).join('')}`;
  writeFileSync(join(folder, 'vocab.txt'), `${vocabulary.join('\n')}\n`);
  writeFileSync(join(folder, 'config.json'), JSON.stringify(toyConfig));
  writeFileSync(join(folder, 'train.tsv'), tsv(toyRows(96)));
  writeFileSync(join(folder, 'eval.tsv'), tsv(toyRows(24)));
  return folder;
}
