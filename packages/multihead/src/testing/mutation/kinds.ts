/** @file The kinds of files that are damaged: what a sound one is, how it is damaged, and how it is read. */
import { cpSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { GgufFile } from '../../convert/gguf/gguf-file.js';
import {
  AutoConfig,
  AutoModelForCausalLM,
  AutoTokenizer,
  BertForSequenceClassification,
  convertGguf,
  labelSet,
  openClassificationStream,
  readClassificationExamples,
  readCorpus,
  readLlama2c,
  readLlama2cTokenizer,
  readQuestionAnsweringExamples,
  readSquad,
} from '../../index.js';
import { parseGenerationConfig } from '../../inference/generation/generation-config.js';
import { readGenerationSettings } from '../../inference/generation/generation-settings.js';
import { SafetensorsFile } from '../../models/checkpoint/safetensors.js';
import { modelInputs } from '../../models/core/model.js';
import { readSentenceSettings } from '../../models/sentences/sentence-settings.js';
import { byteTokenizer } from '../byte-tokenizer.js';
import { toyRows } from '../toy.js';
import { bytesOrJson, bytesOrLines, copied, fixture, type Kind, toy, written } from './kind.js';
import { mutateBytes, mutateSafetensors } from './mutate.js';
import { runKinds } from './run-kinds.js';

async function readModel(folder: string): Promise<void> {
  const { modelType } = await AutoConfig.fromPretrained(folder);
  if (modelType !== 'bert') (await AutoModelForCausalLM.fromPretrained(folder)).decodingOutputs();
  else (await BertForSequenceClassification.fromPretrained(folder)).forward(modelInputs());
}

async function readTokenizer(folder: string): Promise<void> {
  const tokenizer = await AutoTokenizer.fromPretrained(folder);
  const texts = ['the film is good', 'a b😀 [MASK] é <|endoftext|>', ''];
  const encodings = await tokenizer.encodeBatch([...texts, ['a film', 'is good']], { maxLength: 16 });
  for (const { inputIds: ids } of encodings) await tokenizer.decode(ids);
  tokenizer.files();
}

async function readTexts(path: string, textField = 'text'): Promise<number> {
  let characters = 0;
  for await (const { text } of readCorpus(path, { textField })) characters += text.length;
  return characters;
}

const readLabels = async (path: string) => labelSet(await readClassificationExamples(path), path);
const rows = toyRows(24);
const jsonLines = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const separated = (separator: string) =>
  `text${separator}label\n${rows.map(({ text, label }) => `"${text}"${separator}${label}\n`).join('')}`;
/** By the names of their files. */
const tables: readonly (readonly [name: string, content: string | Uint8Array])[] = [
  ['rows.json', JSON.stringify(rows)],
  ['rows.csv.gz', gzipSync(separated(','))],
  ['rows.json.gz', gzipSync(JSON.stringify(rows))],
  ['pairs.csv', 'premise,hypothesis,label\na man sleeps,nobody sleeps,no\nhe eats,he eats a lot,"yes"\n'],
];
const squadV2 = {
  version: 'v2.0',
  data: [
    {
      title: 'Anna',
      paragraphs: [
        {
          context: 'It was Anna, in May.',
          qas: [
            { id: '1', question: 'Who?', answers: [{ text: 'Anna', answer_start: 7 }], is_impossible: false },
            { id: '2', question: 'Why?', answers: [], is_impossible: true, plausible_answers: [] },
          ],
        },
      ],
    },
  ],
};
const questionLines = [
  { id: '1', question: 'Who?', context: 'It was Anna.', answers: { text: ['Anna'], answer_start: [7] } },
  { id: '2', question: 'When?', context: 'In May.', answers: { text: ['May'], answer_start: [3] } },
]
  .map((row) => `${JSON.stringify(row)}\n`)
  .join('');
const models = ['bert/classify', 'causal/gpt2', 'causal/llama-tied'];
const sentenceFiles = ['modules.json', 'sentence_bert_config.json', 'config_sentence_transformers.json'];

/** A tokenizer with the parts that the others lack. */
const manyParts = {
  version: '1.0',
  truncation: { max_length: 8, strategy: 'LongestFirst', stride: 0, direction: 'Right' },
  padding: null,
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
    sep: ['</s>', 1],
    cls: ['<s>', 0],
    trim_offsets: true,
    add_prefix_space: true,
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
  ...runKinds,
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
  'generation_config.json': {
    prepare: (folder) =>
      written(
        folder,
        'generation_config.json',
        JSON.stringify({
          eos_token_id: [1, 2],
          do_sample: true,
          temperature: 0.7,
          top_k: 40,
          top_p: 0.9,
          max_length: 64,
        }),
      ),
    damage: bytesOrJson,
    read: async (path) => parseGenerationConfig(await readGenerationSettings(dirname(path))),
  },
  llama2c: {
    prepare: (folder, index) =>
      copied(folder, fixture('llama2c'), [index % 2 ? 'tiny.bin' : 'tiny-tokenizer.bin', 'tiny.bin']),
    damage: mutateBytes,
    read: async (path) => {
      const model = await readLlama2c(join(dirname(path), 'tiny.bin'));
      if (path.endsWith('tokenizer.bin'))
        await readLlama2cTokenizer(path, { vocabSize: model.config.vocabSize, maxLength: 32 });
      return model.decodingOutputs();
    },
  },
  GGUF: {
    prepare: (folder, index) => copied(folder, fixture('gguf'), [`${['llama', 'qwen2', 'types'][index % 3]}.gguf`]),
    damage: mutateBytes,
    async read(path) {
      const file = await GgufFile.open(path);
      for (const tensor of file.tensors.values()) for await (const _ of file.pieces(tensor));
      if (file.text('general.architecture') !== 'none') await convertGguf(path, dirname(path));
    },
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
    read: (path) => readTexts(path),
  },
  Parquet: {
    prepare(folder, index) {
      const name = ['body', 'gzip', 'snappy', 'zstd'][index % 4];
      return copied(folder, fixture('data/corpus'), [`${name}.parquet`]);
    },
    damage: mutateBytes,
    read: (path) => readTexts(path, path.endsWith('body.parquet') ? 'body' : 'text'),
  },
  'Parquet of a table': {
    prepare: (folder, index) => copied(folder, fixture('data/tables'), [`${['squad', 'topics'][index % 2]}.parquet`]),
    damage: mutateBytes,
    read: (path) => (path.endsWith('squad.parquet') ? readQuestionAnsweringExamples(path) : readLabels(path)),
  },
  'tables in other forms': {
    prepare(folder, index) {
      const [name, content] = tables[index % tables.length] as (typeof tables)[number];
      return written(folder, name, content);
    },
    damage: (bytes, random) => (bytes[0] === 0x5b ? bytesOrJson(bytes, random) : mutateBytes(bytes, random)),
    read: readLabels,
  },
  'a streamed table': {
    prepare: (folder, index) =>
      index % 2 ? written(folder, 'rows.csv', separated(',')) : written(folder, 'rows.jsonl', jsonLines),
    damage: mutateBytes,
    async read(path) {
      const stream = await openClassificationStream(path);
      for await (const _ of stream.examples());
    },
  },
  'SQuAD v2': {
    prepare: (folder) => written(folder, 'squad-v2.json', JSON.stringify(squadV2)),
    damage: bytesOrJson,
    read: (path) => readSquad(path),
  },
  'questions of a table': {
    prepare: (folder, index) =>
      index % 2
        ? written(
            folder,
            'questions.csv',
            'question,context,answers,answer_start\nWho?,"It was Anna, in May.",Anna,7\n',
          )
        : written(folder, 'questions.jsonl', questionLines),
    damage: (bytes, random) => (bytes[0] === 0x7b ? bytesOrLines(bytes, random) : mutateBytes(bytes, random)),
    read: (path) => readQuestionAnsweringExamples(path),
  },
  gzip: {
    prepare: (folder, index) =>
      index % 2
        ? written(folder, 'rows.txt.gz', gzipSync(separated(' ')))
        : written(folder, 'rows.jsonl.gz', gzipSync(jsonLines)),
    damage: mutateBytes,
    read: (path) => readTexts(path),
  },
};
