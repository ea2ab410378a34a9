/**
 * @file Makes models/mini: a small BERT, English and Chinese. It begins as a part of all-MiniLM-L6-v2 (Apache-2.0): three of its
 * six layers, half of their inner units, and a vocabulary of its own. It is then pretrained on openly licensed text by
 * masked language modelling, with that model as its teacher.
 *
 *     node models/build/dist/mini.js --corpus DIR --teacher DIR --output runs/mini [--max-steps N] [--resume]
 *
 * DIR of the corpus: one .txt a source, a paragraph a line (`npm run build:corpus` makes it). A run that was stopped goes on
 * with --resume, to the same bits.
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  AutoTokenizer,
  BertModel,
  DistilledLanguageModeling,
  evaluateLanguageModel,
  type Tokenizer,
  Trainer,
  tokenFeature,
} from 'multihead';
import { studentOf } from './student.js';
import { type TeachableFeature, taughtSource } from './teacher.js';
import { readUnits, type Unit } from './units.js';
import { chooseVocabulary } from './vocabulary.js';

const { values } = parseArgs({
  options: {
    corpus: { type: 'string' },
    teacher: { type: 'string' },
    output: { type: 'string', default: 'runs/mini' },
    'max-steps': { type: 'string', default: '20000' },
    'batch-size': { type: 'string', default: '64' },
    'learning-rate': { type: 'string', default: '5e-4' },
    'units-per-source': { type: 'string', default: '20000' },
    resume: { type: 'boolean', default: false },
  },
});
const { corpus, teacher: teacherFolder, output } = values;
if (!corpus || !teacherFolder) throw new Error('give --corpus and --teacher');

/** What is kept of the teacher: 12 heads of 32 stay, since its hidden size does. */
const kept = { layers: [0, 2, 5], intermediateSize: 768 };
const vocabularySize = { english: 7700, chinese: 2100 };
const maxLength = 128;
/** One unit in a hundred is held out. */
const validationEvery = 100;

mkdirSync(output, { recursive: true });
const teacher = {
  model: await BertModel.fromPretrained(teacherFolder),
  tokenizer: await AutoTokenizer.fromPretrained(teacherFolder),
};
const perSource = Number(values['units-per-source']);
const sources = readdirSync(corpus)
  .filter((name) => name.endsWith('.txt'))
  .sort()
  .map((name) => spread(readUnits(join(corpus, name)), perSource));
const tokenizer = await makeTokenizer(join(output, 'tokenizer'));
const features = await featuresOf(distinct(sources.flat()), tokenizer);
const held = features.filter((_, i) => i % validationEvery === 0).slice(0, 2000);
const train = features.filter((_, i) => i % validationEvery !== 0);
const model = studentOf(teacher.model, { teacherTokenizer: teacher.tokenizer, tokenizer }, kept);
const tokens = features.reduce((sum, { inputIds }) => sum + inputIds.length, 0);
console.log(JSON.stringify({ type: 'texts', texts: features.length, tokens, parameters: model.weights.count }));

const task = new DistilledLanguageModeling({ tokenizer, hiddenSize: model.config.hiddenSize });
const trainer = new Trainer({
  model,
  task,
  tokenizer,
  train: taughtSource(train, tokenizer, teacher),
  output,
  resume: values.resume,
  evaluation: {
    evaluate: () => evaluateLanguageModel(model, task, held, { batchSize: 64 }),
    fingerprint: () => String(held.length),
  },
  maxSteps: Number(values['max-steps']),
  batchSize: Number(values['batch-size']),
  learningRate: Number(values['learning-rate']),
  lrSchedulerType: 'cosine',
  warmupRatio: 0.06,
  weightDecay: 0.01,
  adamBeta2: 0.98,
  evalSteps: 500,
  saveSteps: 500,
  seed: 1,
  onEvent: (event) => {
    if (event.type === 'step' && event.step % 50 !== 0) return;
    const { batches: _, ...told } = event as typeof event & { batches?: unknown };
    console.log(JSON.stringify(told));
  },
});
await trainer.train();
await model.savePretrained(join(output, 'float16'), { dtype: 'float16' });
await model.dispose();
await teacher.model.dispose();

/** A WordPiece tokenizer of the chosen vocabulary, as files in a folder. */
async function makeTokenizer(folder: string): Promise<Tokenizer> {
  const vocabulary = await chooseVocabulary(teacher.tokenizer, sources, vocabularySize);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'vocab.txt'), `${vocabulary.join('\n')}\n`);
  writeFileSync(join(folder, 'tokenizer_config.json'), JSON.stringify({ do_lower_case: true, model_max_length: 512 }));
  return AutoTokenizer.fromPretrained(folder);
}

/** Each text once. */
function distinct(units: readonly Unit[]): Unit[] {
  return [...new Map(units.map((unit) => [unit.text, unit])).values()];
}

/** At most so many units, evenly from the whole. */
function spread(units: readonly Unit[], most: number): Unit[] {
  if (units.length <= most) return [...units];
  return Array.from({ length: most }, (_, i) => units[Math.floor((i * units.length) / most)] as Unit);
}

async function featuresOf(units: readonly Unit[], tokenizer: Tokenizer): Promise<TeachableFeature[]> {
  const encodings = await tokenizer.encodeBatch(
    units.map(({ text }) => text),
    { maxLength },
  );
  return units.map(({ isTaught }, i) => {
    const { inputIds = [], tokenTypeIds = [] } = encodings[i] ?? {};
    return tokenFeature({ inputIds, tokenTypeIds }, { isTaught });
  });
}
