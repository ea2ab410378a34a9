/** @file The data sets of `npm run bench -- real`, their settings, and the files that both sides read. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type QuestionAnsweringExample,
  readClassificationExamples,
  readSimilarityExamples,
  readSquad,
  readTokenClassificationExamples,
  type TokenClassificationExample,
} from 'multihead';

/** What both sides are told. */
interface Settings {
  readonly epochs: number;
  readonly 'batch-size': number;
  readonly 'learning-rate': number;
  readonly 'max-length': number;
}

/** A data set, with the settings it is learned by. */
export interface DataSet {
  readonly name: string;
  readonly task: 'text-classification' | 'question-answering' | 'token-classification' | 'sentence-similarity';
  readonly settings: Settings;
  /** Chinese: MiniLM's vocabulary has next to none, models/mini's does. */
  readonly usesMini?: boolean;
  readonly language?: 'zh';
  /** Reads training and evaluation examples from the folder of shared data. */
  read(data: string): Promise<readonly [train: readonly Example[], evaluation: readonly Example[]]>;
}

type Example =
  | { readonly text: string; readonly label: string }
  | ScoredPair
  | QuestionAnsweringExample
  | TokenClassificationExample;

/** A pair of sentences with its score. */
interface ScoredPair {
  readonly sentence1: string;
  readonly sentence2: string;
  readonly score: number;
}

const sentences = { epochs: 3, 'batch-size': 32, 'learning-rate': 5e-5, 'max-length': 128 };
const questions = { epochs: 2, 'batch-size': 16, 'learning-rate': 1e-4, 'max-length': 384 };

/** Every fifth element apart from the others. */
function everyFifth<T>(all: readonly T[]): readonly [T[], T[]] {
  return [all.filter((_, i) => i % 5 !== 4), all.filter((_, i) => i % 5 === 4)];
}

/** Texts with their labels, where a file has them under these names. */
async function labelled(path: string, text?: string, label?: string): Promise<{ text: string; label: string }[]> {
  const columns = { ...(text && { text }), ...(label && { label }) };
  const examples = await readClassificationExamples(path, { columns });
  return examples.map((example) => ({ text: example.text, label: String(example.label) }));
}

/** Sentences of a CoNLL file. Weibo's tokens are characters with their place in the word, such as 科0, which is dropped. */
async function tagged(path: string, place = /$/): Promise<TokenClassificationExample[]> {
  const examples = await readTokenClassificationExamples(path, { format: 'conll' });
  return examples.map(({ tokens, tags }) => ({
    tokens: tokens.map((token) => token.replace(place, '')),
    tags: tags ?? [],
  }));
}

/** Scored pairs of a table without a header. */
async function scored(path: string): Promise<ScoredPair[]> {
  const examples = await readSimilarityExamples(path);
  return examples.map(({ texts: [sentence1 = '', sentence2 = ''], label }) => ({
    sentence1,
    sentence2,
    score: Number(label),
  }));
}

/** All data sets, the short ones first. */
export const dataSets: readonly DataSet[] = [
  {
    name: 'chnsenticorp',
    task: 'text-classification',
    settings: { ...sentences, epochs: 5, 'learning-rate': 1e-4, 'max-length': 256 },
    usesMini: true,
    read: async (data) => [
      await labelled(join(data, 'chnsenticorp/dev.tsv'), 'text_a', 'label'),
      await labelled(join(data, 'chnsenticorp/test.tsv'), 'text_a', 'label'),
    ],
  },
  {
    name: 'stsb-zh',
    task: 'sentence-similarity',
    // Of the Chinese pairs only the 1,500 for development are there; a fifth of them is set aside.
    settings: { ...sentences, epochs: 4, 'batch-size': 16, 'learning-rate': 1e-4 },
    usesMini: true,
    read: async (data) => everyFifth(await scored(join(data, 'stsb/stsb-zh-dev.csv'))),
  },
  {
    name: 'stsb',
    task: 'sentence-similarity',
    settings: { ...sentences, epochs: 1, 'batch-size': 16 },
    read: async (data) => [
      await scored(join(data, 'stsb/stsb-en-train.csv')),
      await scored(join(data, 'stsb/stsb-en-dev.csv')),
    ],
  },
  {
    name: 'squad-xquad',
    task: 'question-answering',
    settings: { ...questions, epochs: 3 },
    read: async (data) => [
      await readSquad(join(data, 'squad-subset/squad-v1.1-dev-subset.json')),
      await readSquad(join(data, 'xquad/xquad.en.json')),
    ],
  },
  {
    name: 'financial-phrasebank',
    task: 'text-classification',
    settings: sentences,
    read: async (data) => {
      const lines = readFileSync(join(data, 'financial-phrasebank/Sentences_50Agree.txt'), 'utf8').split(/\r?\n/);
      const rows = lines.filter((line) => line !== '').map((line) => line.split(/@(?=[a-z]+$)/) as [string, string]);
      return everyFifth(rows.map(([text, label]) => ({ text: text.trim(), label })));
    },
  },
  {
    name: 'sst2',
    task: 'text-classification',
    settings: sentences,
    read: async (data) => [await labelled(join(data, 'sst2/train.tsv')), await labelled(join(data, 'sst2/dev.tsv'))],
  },
  {
    name: 'wnut17',
    task: 'token-classification',
    settings: { ...sentences, 'batch-size': 16, 'learning-rate': 1e-4 },
    read: async (data) => [
      await tagged(join(data, 'wnut17/wnut17train.conll')),
      await tagged(join(data, 'wnut17/emerging.dev.conll')),
    ],
  },
  {
    name: 'weibo-ner',
    task: 'token-classification',
    // Long enough for all posts: Multihead cuts longer ones into windows, run_ner cuts them off.
    settings: { ...sentences, epochs: 10, 'batch-size': 16, 'learning-rate': 3e-4, 'max-length': 256 },
    usesMini: true,
    read: async (data) => [
      await tagged(join(data, 'weibo-ner/weiboNER_2nd_conll.train'), /\d$/),
      await tagged(join(data, 'weibo-ner/weiboNER_2nd_conll.dev'), /\d$/),
    ],
  },
  {
    name: 'cmrc2018',
    task: 'question-answering',
    settings: { ...questions, epochs: 1 },
    usesMini: true,
    language: 'zh',
    read: async (data) => [
      await readSquad(join(data, 'cmrc2018/cmrc2018_dev.half.json'), { mismatched: 'drop' }),
      await readSquad(join(data, 'cmrc2018/cmrc2018_trial.json'), { mismatched: 'keep' }),
    ],
  },
  {
    name: 'banking77',
    task: 'text-classification',
    settings: { ...sentences, 'learning-rate': 1e-4 },
    read: async (data) => [
      await labelled(join(data, 'banking77/train.csv'), 'text', 'category'),
      await labelled(join(data, 'banking77/test.csv'), 'text', 'category'),
    ],
  },
  {
    name: 'policyqa',
    task: 'question-answering',
    settings: questions,
    read: async (data) => {
      const path = join(data, 'policyqa/dev.json');
      const articles = (JSON.parse(readFileSync(path, 'utf8')) as { data: { paragraphs: { context: string }[] }[] })
        .data;
      const heldOut = new Set(everyFifth(articles)[1].flatMap((article) => article.paragraphs.map((p) => p.context)));
      const all = await readSquad(path);
      return [all.filter(({ context }) => !heldOut.has(context)), all.filter(({ context }) => heldOut.has(context))];
    },
  },
];

/** Writes the files that both sides read: JSON lines, SQuAD's JSON, or CoNLL's columns. */
export async function prepare(
  { task, read }: DataSet,
  data: string,
  folder: string,
): Promise<{ train: string; evaluation: string }> {
  const [train, evaluation] = await read(data);
  mkdirSync(folder, { recursive: true });
  const form = forms[task];
  const write = (name: string, examples: readonly Example[]) => {
    const path = join(folder, `${name}.${form.ending}`);
    writeFileSync(path, form.write(examples as never));
    return path;
  };
  return { train: write('train', train), evaluation: write('eval', evaluation) };
}

const jsonLines = {
  ending: 'jsonl',
  write: (examples: readonly object[]) => `${examples.map((example) => JSON.stringify(example)).join('\n')}\n`,
};

/** How both sides read each task's examples. */
const forms = {
  'text-classification': jsonLines,
  'sentence-similarity': jsonLines,
  'question-answering': { ending: 'json', write: squad },
  'token-classification': {
    ending: 'conll',
    write: (examples: readonly TokenClassificationExample[]) =>
      examples.map(({ tokens, tags }) => `${tokens.map((token, i) => `${token}\t${tags?.[i]}\n`).join('')}\n`).join(''),
  },
};

/** Questions as SQuAD v1.1 has them, each with its context. */
function squad(examples: readonly QuestionAnsweringExample[]): string {
  const paragraphs = examples.map(({ id, question, context, answers }) => ({
    context,
    qas: [{ id, question, answers: answers.map(({ text, start }) => ({ text, answer_start: start })) }],
  }));
  return JSON.stringify({ version: '1.1', data: [{ title: '', paragraphs }] });
}
