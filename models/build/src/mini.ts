/**
 * @file Makes models/mini: a small BERT, English and Chinese, pretrained by masked language modelling on openly licensed
 * text with all-MiniLM-L6-v2 (Apache-2.0) as its teacher.
 *
 *     node models/build/dist/mini.js --corpus DIR --tokenizer DIR --teacher DIR --output runs/mini [--max-steps N] [--resume]
 *
 * DIR of the corpus: one .txt a source, a paragraph a line (models/build/dist/corpus makes it). A run that was stopped goes on
 * with --resume, to the same bits.
 */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  AutoTokenizer,
  BertForMaskedLM,
  DistilledLanguageModeling,
  evaluateLanguageModel,
  listSource,
  MaskedLanguageModeling,
  parseConfig,
  type TaughtFeature,
  type Tokenizer,
  Trainer,
} from 'multihead';
import { reduceVectors, teacherVectors, wordEmbeddings } from './teacher.js';
import { readUnits, type Unit } from './units.js';

const { values } = parseArgs({
  options: {
    corpus: { type: 'string' },
    tokenizer: { type: 'string' },
    teacher: { type: 'string' },
    output: { type: 'string', default: 'runs/mini' },
    'max-steps': { type: 'string', default: '20000' },
    'batch-size': { type: 'string', default: '64' },
    'learning-rate': { type: 'string', default: '1e-3' },
    'units-per-source': { type: 'string', default: '2500' },
    resume: { type: 'boolean', default: false },
  },
});
const { corpus, tokenizer: tokenizerFolder, teacher, output } = values;
if (!corpus || !tokenizerFolder || !teacher) throw new Error('give --corpus, --tokenizer and --teacher');

/** BERT-Mini's shape (Turc et al. 2019). */
const shape = { hidden_size: 256, num_hidden_layers: 4, num_attention_heads: 4, intermediate_size: 1024 };
const size = shape.hidden_size;
const maxLength = 128;
/** One unit in a hundred is held out. */
const validationEvery = 100;

mkdirSync(output, { recursive: true });
const tokenizer = await AutoTokenizer.fromPretrained(tokenizerFolder);
const files = readdirSync(corpus).filter((name) => name.endsWith('.txt'));
const perSource = Number(values['units-per-source']);
const units = distinct(files.sort().flatMap((name) => spread(readUnits(join(corpus, name)), perSource)));
const features = await featuresOf(units, tokenizer);
const [held, train] = [
  features.filter((_, i) => i % validationEvery === 0),
  features.filter((_, i) => i % validationEvery !== 0),
];
console.log(
  JSON.stringify({
    type: 'units',
    units: units.length,

    tokens: features.reduce((sum, { inputIds }) => sum + inputIds.length, 0),
  }),
);

const config = parseConfig(
  {
    ...{ model_type: 'bert', vocab_size: tokenizer.vocabSize, ...shape, max_position_embeddings: 512 },
    ...{ hidden_dropout_prob: 0.1, attention_probs_dropout_prob: 0.1, pad_token_id: tokenizer.padId },
  },
  'models/mini',
);
const model = BertForMaskedLM.fromConfig(config);
model.weights
  .view('bert.embeddings.word_embeddings.weight')
  .set(await wordEmbeddings(teacher, tokenizer, { size, deviation: 0.04 }));

const task = new DistilledLanguageModeling({ tokenizer, hiddenSize: size });
const guessing = new MaskedLanguageModeling({ tokenizer });
const trainer = new Trainer({
  ...{ model, task, tokenizer, train: listSource(train), output, resume: values.resume },
  evaluation: {
    evaluate: () => evaluateLanguageModel(model, guessing, held.slice(0, 2000), { batchSize: 64 }),
    fingerprint: () => String(held.length),
  },
  ...{ maxSteps: Number(values['max-steps']), batchSize: Number(values['batch-size']) },
  ...{ learningRate: Number(values['learning-rate']), lrSchedulerType: 'cosine', warmupSteps: 500, weightDecay: 0.01 },
  ...{ adamBeta2: 0.98, evalSteps: 500, saveSteps: 250, seed: 1 },
  onEvent: (event) => {
    if (event.type === 'step' && event.step % 50 !== 0) return;
    const { batches: _, ...told } = event as typeof event & { batches?: unknown };
    console.log(JSON.stringify(told));
  },
});
await trainer.train();
await model.savePretrained(join(output, 'float16'), { dtype: 'float16' });
await model.dispose();

/** Each text once. */
function distinct(units: readonly Unit[]): Unit[] {
  return [...new Map(units.map((unit) => [unit.text, unit])).values()];
}

/** At most so many units, evenly from the whole. */
function spread(units: readonly Unit[], most: number): Unit[] {
  if (units.length <= most) return [...units];
  return Array.from({ length: most }, (_, i) => units[Math.floor((i * units.length) / most)] as Unit);
}

async function featuresOf(units: readonly Unit[], tokenizer: Tokenizer): Promise<TaughtFeature[]> {
  const encodings = await tokenizer.encodeBatch(
    units.map(({ text }) => text),
    { maxLength },
  );
  const texts = [...new Set(units.flatMap(({ taughtAs }) => taughtAs ?? []))];
  const vectors = await teacherVectors(teacher as string, texts, output);
  const width = vectors.length / texts.length;
  const reduced = reduceVectors(vectors, width, size);
  const rows = new Map(texts.map((text, row) => [text, row]));
  return units.map(({ taughtAs }, i) => {
    const row = taughtAs === undefined ? undefined : rows.get(taughtAs);
    const { ids = [], typeIds = [] } = encodings[i] ?? {};
    return {
      ...{ inputIds: ids, tokenTypeIds: typeIds },
      teacher: row === undefined ? undefined : reduced.subarray(row * size, (row + 1) * size),
    };
  });
}
