/** @file The kinds of files that are damaged: what a sound one is, how it is damaged, and how it is read. */
import { cpSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import {
  AutoConfig,
  AutoModelForCausalLM,
  AutoTokenizer,
  BertForSequenceClassification,
  labelSet,
  readClassificationExamples,
  readCorpus,
  readSquad,
} from '../../index.js';
import { modelInputs } from '../../models/model.js';
import { SafetensorsFile } from '../../models/safetensors.js';
import { readSentenceSettings } from '../../models/sentence-transformers.js';
import type { Random } from '../../random.js';
import { readRunState } from '../../training/checkpoint.js';
import { byteTokenizer } from '../byte-tokenizer.js';
import { toyFolder, toyRows } from '../toy.js';
import { mutateBytes, mutateJson, mutateSafetensors } from './mutate.js';

/** A kind of file. */
export interface Kind {
  /** Fills a folder with what is sound. Returns the path of the file that is to be damaged. */
  readonly prepare: (folder: string, index: number) => Promise<string> | string;
  readonly damage: (bytes: Uint8Array, random: Random) => Uint8Array;
  /** Reads what a user would have read, to its end. */
  readonly read: (path: string) => Promise<unknown>;
}

const fixture = (name: string) => fileURLToPath(new URL(`../../../fixtures/${name}`, import.meta.url));
const copied = (folder: string, from: string, names: readonly string[]): string => {
  for (const name of names) cpSync(join(from, name), join(folder, name));
  return join(folder, names[0] as string);
};
const written = (folder: string, name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const bytesOrJson = (bytes: Uint8Array, random: Random): Uint8Array =>
  random.below(2) ? mutateBytes(bytes, random) : Buffer.from(mutateJson(Buffer.from(bytes).toString(), random));
/** Of JSON Lines, one line is damaged in its structure. */
const bytesOrLines = (bytes: Uint8Array, random: Random): Uint8Array => {
  if (random.below(2)) return mutateBytes(bytes, random);
  const lines = Buffer.from(bytes).toString().trimEnd().split('\n');
  const at = random.below(lines.length);
  return Buffer.from(lines.map((line, i) => (i === at ? mutateJson(line, random) : line)).join('\n'));
};

async function readModel(folder: string): Promise<void> {
  const { modelType } = await AutoConfig.fromPretrained(folder);
  if (modelType !== 'bert') (await AutoModelForCausalLM.fromPretrained(folder)).decodingOutputs();
  else (await BertForSequenceClassification.fromPretrained(folder)).forward(modelInputs());
}

async function readTokenizer(folder: string): Promise<void> {
  const tokenizer = await AutoTokenizer.fromPretrained(folder);
  const texts = ['the film is good', 'a b😀 [MASK] é <|endoftext|>', ''];
  const encodings = await tokenizer.encodeBatch([...texts, ['a film', 'is good']], { maxLength: 16 });
  for (const { ids } of encodings) await tokenizer.decode(ids);
  tokenizer.files();
}

async function readTexts(path: string): Promise<number> {
  let characters = 0;
  for await (const { text } of readCorpus(path)) characters += text.length;
  return characters;
}

const readLabels = async (path: string) => labelSet(await readClassificationExamples(path), path);
const rows = toyRows(24);
const jsonLines = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const separated = (separator: string) =>
  `text${separator}label\n${rows.map(({ text, label }) => `"${text}"${separator}${label}\n`).join('')}`;
const models = ['bert/classify', 'causal/gpt2', 'causal/llama-tied'];
const sentenceFiles = ['modules.json', 'sentence_bert_config.json', 'config_sentence_transformers.json'];
let made: string | undefined;
const toy = (): string => {
  made ??= toyFolder();
  return made;
};

/** A tokenizer with the parts that the others lack. */
const manyParts = {
  version: '1.0',
  ...{ truncation: { max_length: 8, strategy: 'LongestFirst', stride: 0, direction: 'Right' }, padding: null },
  added_tokens: ['<s>', '</s>', '<unk>'].map((content, id) => {
    return { id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
  }),
  normalizer: {
    type: 'Sequence',
    normalizers: [
      { type: 'NFKC' },
      { type: 'Replace', pattern: { Regex: ' {2,}' }, content: ' ' },
      { type: 'Lowercase' },
    ],
  },
  pre_tokenizer: {
    type: 'Sequence',
    pretokenizers: [
      { type: 'Split', pattern: { Regex: '\\d|\\p{P}' }, behavior: 'Isolated', invert: false },
      { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
    ],
  },
  post_processor: {
    type: 'RobertaProcessing',
    ...{ sep: ['</s>', 1], cls: ['<s>', 0], trim_offsets: true, add_prefix_space: true },
  },
  decoder: { type: 'Sequence', decoders: [{ type: 'ByteFallback' }, { type: 'Metaspace', replacement: '▁' }] },
  model: {
    type: 'Unigram',
    unk_id: 2,
    byte_fallback: false,
    vocab: ['<s>', '</s>', '<unk>', '▁', '▁the', '▁film', 'g', 'o', 'd', '▁is', 'a', 'b'].map((token, i) => [
      token,
      -i,
    ]),
  },
};

/** The kinds by name. */
export const kinds: Readonly<Record<string, Kind>> = {
  safetensors: {
    prepare: (folder) => copied(folder, fixture('bert/classify'), ['model.safetensors', 'config.json']),
    damage: mutateSafetensors,
    async read(path) {
      const file = await SafetensorsFile.open(path);
      for (const name of file.names.filter((name) => /^(B?F\d+)$/.test(file.info(name).dtype))) {
        await file.readFloat32(name);
      }
      await readModel(dirname(path));
    },
  },
  'model.safetensors.index.json': {
    async prepare(folder) {
      copied(folder, fixture('bert/classify'), ['config.json']);
      cpSync(fixture('bert/classify/model.safetensors'), join(folder, 'model-00001-of-00001.safetensors'));
      const { names } = await SafetensorsFile.open(join(folder, 'model-00001-of-00001.safetensors'));
      const weight_map = Object.fromEntries(names.map((name) => [name, 'model-00001-of-00001.safetensors']));
      return written(folder, 'model.safetensors.index.json', JSON.stringify({ metadata: {}, weight_map }));
    },
    damage: bytesOrJson,
    read: (path) => readModel(dirname(path)),
  },
  'config.json': {
    prepare: (folder, index) =>
      copied(folder, fixture(models[index % 3] as string), ['config.json', 'model.safetensors']),
    damage: bytesOrJson,
    read: (path) => readModel(dirname(path)),
  },
  'tokenizer.json': {
    async prepare(folder, index) {
      if (index % 3 === 2) return written(folder, 'tokenizer.json', JSON.stringify(manyParts));
      const tokenizer = index % 3 ? byteTokenizer() : await AutoTokenizer.fromPretrained(toy());
      const files = tokenizer.files();
      written(folder, 'tokenizer_config.json', files['tokenizer_config.json'] as string);
      return written(folder, 'tokenizer.json', files['tokenizer.json'] as string);
    },
    damage: bytesOrJson,
    read: (path) => readTokenizer(dirname(path)),
  },
  'tokenizer_config.json': {
    async prepare(folder, index) {
      const files = (await AutoTokenizer.fromPretrained(toy())).files();
      const beside = index % 2 ? 'tokenizer.json' : 'vocab.txt';
      written(folder, beside, files[beside] as string);
      return written(folder, 'tokenizer_config.json', files['tokenizer_config.json'] as string);
    },
    damage: bytesOrJson,
    read: (path) => readTokenizer(dirname(path)),
  },
  'vocab.txt': {
    prepare: (folder) => copied(folder, toy(), ['vocab.txt']),
    damage: mutateBytes,
    read: (path) => readTokenizer(dirname(path)),
  },
  'sentence-transformers': {
    prepare(folder, index) {
      cpSync(fixture('sentence/model'), folder, { recursive: true });
      return join(folder, [...sentenceFiles, '1_Pooling/config.json'][index % 4] as string);
    },
    damage: bytesOrJson,
    read: (path) => readSentenceSettings(path.replace(/(\/1_Pooling)?\/[^/]*$/, '')),
  },
  'trainer_state.json': {
    prepare: (folder) =>
      written(
        folder,
        'trainer_state.json',
        JSON.stringify({
          ...{ step: 4, epoch: 1, stepInEpoch: 0, best: 0.5, lossSum: 1.5, epochLoss: 0.7, seconds: 3 },
          settings: { epochs: 3, learningRate: 2e-5, trainingData: 'a1b2' },
        }),
      ),
    damage: bytesOrJson,
    read: (path) => readRunState(dirname(path)),
  },
  SQuAD: {
    prepare: (folder) => copied(folder, fixture('data'), ['squad.json']),
    damage: bytesOrJson,
    read: (path) => readSquad(path),
  },
  CSV: { prepare: (folder) => written(folder, 'rows.csv', separated(',')), damage: mutateBytes, read: readLabels },
  TSV: { prepare: (folder) => written(folder, 'rows.tsv', separated('\t')), damage: mutateBytes, read: readLabels },
  'JSON Lines': {
    prepare: (folder) => written(folder, 'rows.jsonl', jsonLines),
    damage: bytesOrLines,
    read: readLabels,
  },
  'JSON Lines of a corpus': {
    prepare: (folder) => written(folder, 'rows.jsonl', jsonLines),
    damage: bytesOrLines,
    read: readTexts,
  },
  Parquet: {
    prepare(folder, index) {
      const name = ['body', 'gzip', 'snappy', 'zstd'][index % 4];
      return copied(folder, fixture('data/corpus'), [`${name}.parquet`]);
    },
    damage: mutateBytes,
    read: readTexts,
  },
  gzip: {
    prepare: (folder, index) =>
      index % 2
        ? written(folder, 'rows.txt.gz', gzipSync(separated(' ')))
        : written(folder, 'rows.jsonl.gz', gzipSync(jsonLines)),
    damage: mutateBytes,
    read: readTexts,
  },
};
