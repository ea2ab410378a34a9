/**
 * @file `npm run bench -- intents --model DIR --data ../shared/data --output DIR`: intents of Banking77 and CLINC150 from a model of
 * sentence vectors, with few texts of each and with all: a linear probe of the frozen model, few-shot training, fine-tuning.
 *
 * A run leaves its result in the output folder, and is not done again. `--only NAME,NAME` takes some of the rows, `--seeds 3` that
 * many draws of the few texts and orders of training. `--sides multihead,pytorch` does the same in PyTorch, with the same texts.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  AutoModelForSequenceClassification,
  AutoTokenizer,
  type ClassificationExample,
  classificationTask,
  evaluateExamples,
  FewShotClassification,
  fewShotTraining,
  linearProbe,
  readClassificationExamples,
  Trainer,
} from 'multihead';
import { meanAndDeviation } from 'multihead/metrics';
import { defaultTrainingOptions } from 'multihead/training';
import { Peer, peerScript, python, threads } from './peer.js';
import { string } from './string-option.js';
import { uniform } from './uniform.js';

/** A row of the table. */
interface Row {
  readonly name: string;
  readonly data: keyof typeof readers;
  /** Texts of each label that are learned from; undefined for all. */
  readonly shots?: number;
  readonly method: 'probe' | 'few-shot' | 'fine-tuning';
  /** Pairs of each text in few-shot training. */
  readonly pairsPerText?: number;
}

const few = (data: Row['data'], shots: number, pairsPerText = 5): Row[] => [
  { name: `${data}-${shots}-probe`, data, shots, method: 'probe' },
  { name: `${data}-${shots}-few-shot`, data, shots, method: 'few-shot', pairsPerText },
];
const whole = (data: Row['data']): Row[] => [
  { name: `${data}-all-probe`, data, method: 'probe' },
  { name: `${data}-all-fine-tuning`, data, method: 'fine-tuning' },
];
const rows: readonly Row[] = [
  ...few('banking77', 5),
  ...few('banking77', 10),
  ...few('banking77', 30, 2),
  ...whole('banking77'),
  ...few('clinc150', 10),
  ...whole('clinc150'),
];

/** Fine-tuning on all texts, from a probe. */
const fineTuning = { epochs: 3, batchSize: 32, learningRate: 1e-4, warmupRatio: 0.1 };
const labelSmoothing = 0.1;

type Split = readonly [train: readonly ClassificationExample[], test: readonly ClassificationExample[]];

const readers = {
  async banking77(data: string): Promise<Split> {
    const columns = { text: 'text', label: 'category' };
    const read = (name: string) => readClassificationExamples(join(data, 'banking77', name), { columns });
    return [await read('train.csv'), await read('test.csv')];
  },
  async clinc150(data: string): Promise<Split> {
    const path = join(data, 'clinc150/data_small.json');
    const splits = JSON.parse(readFileSync(path, 'utf8')) as Record<string, [text: string, intent: string][]>;
    const read = (split: string) => (splits[split] ?? []).map(([text, label]) => ({ text, label }));
    return [read('train'), read('test')];
  },
};

/** Runs what is not done yet, and prints the table. */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      model: string(),
      data: string('../shared/data'),
      output: string(),
      seeds: string('3'),
      only: string(),
      sides: string('multihead'),
    },
  });
  const { model, data, output } = values as Record<'model' | 'data' | 'output', string>;
  const chosen = rows.filter(({ name }) => values.only === undefined || values.only.split(',').includes(name));
  const sides = (values.sides as string).split(',').map((name) => {
    const run = allSides[name as keyof typeof allSides];
    if (!run) throw new Error(`there is no side ${name}; there are: ${Object.keys(allSides).join(', ')}`);
    return [name, run] as const;
  });
  mkdirSync(output, { recursive: true });
  for (let seed = 1; seed <= Number(values.seeds); seed++) {
    for (const row of chosen) {
      // Without draws and random numbers, a probe of all texts is the same with each seed.
      if (seed > 1 && row.method === 'probe' && row.shots === undefined) continue;
      for (const [side, run] of sides) {
        const path = join(output, `${nameOn(side, row)}-${seed}.json`);
        if (existsSync(path)) continue;
        const result = await run(row, model, await readers[row.data](data), seed);
        writeFileSync(`${path}.partial`, JSON.stringify(result));
        renameSync(`${path}.partial`, path);
        const { accuracy, seconds } = result;
        console.log(`${nameOn(side, row)}, seed ${seed}: ${(100 * accuracy).toFixed(2)} % in ${seconds} s`);
      }
    }
  }
  for (const name of rows.flatMap((row) => sides.map(([side]) => nameOn(side, row)))) {
    const paths = Array.from({ length: Number(values.seeds) }, (_, i) => join(output, `${name}-${i + 1}.json`));
    const found = paths.filter((path) => existsSync(path)).map((path) => JSON.parse(readFileSync(path, 'utf8')));
    if (found.length === 0) continue;
    const { mean, deviation } = meanAndDeviation(found.map(({ accuracy }) => 100 * accuracy));
    const spread = found.length > 1 ? ` ± ${deviation.toFixed(2)} (${found.length} seeds)` : '';
    console.log(`${name.padEnd(32)} ${mean.toFixed(2)}${spread}`);
  }
}

/** What a run comes to: the share of the test texts whose label is found, and seconds. */
interface Result {
  readonly accuracy: number;
  readonly seconds: number;
}

const nameOn = (side: string, { name }: Row): string => (side === 'multihead' ? name : `${name}-${side}`);

const trainingTexts = (row: Row, all: readonly ClassificationExample[], seed: number) =>
  row.shots === undefined ? all : draw(all, row.shots, seed);

/** The same in PyTorch. */
async function inPyTorch(row: Row, folder: string, [all, test]: Split, seed: number): Promise<Result> {
  const peer = new Peer(python, [peerScript('intents.py'), '--model', folder, '--threads', threads]);
  const { weightDecay, maxGradNorm } = defaultTrainingOptions;
  const ofMethod = row.method === 'few-shot' ? fewShotTraining : { ...fineTuning, labelSmoothing };
  const settings = { weightDecay, maxGradNorm, ...ofMethod };
  const { method, pairsPerText } = row;
  const train = trainingTexts(row, all, seed);
  const result = await peer.ask({ method, seed, settings, pairs_per_text: pairsPerText, train, test });
  peer.end();
  return result as unknown as Result;
}

async function here(row: Row, folder: string, split: Split, seed: number): Promise<Result> {
  const began = performance.now();
  const accuracy = await accuracyOf(row, folder, split, seed);
  return { accuracy, seconds: Math.round((performance.now() - began) / 1000) };
}

const allSides = { multihead: here, pytorch: inPyTorch };

/** The share of the test texts whose label is found. */
async function accuracyOf(row: Row, folder: string, [all, test]: Split, seed: number): Promise<number> {
  const train = trainingTexts(row, all, seed);
  const labels = [...new Set(all.map(({ label }) => String(label)))].sort();
  const config = { id2label: labels, classifierPooling: 'mean' as const };
  const model = await AutoModelForSequenceClassification.fromPretrained(folder, { config, seed });
  const tokenizer = await AutoTokenizer.fromPretrained(folder);
  const task = classificationTask(model.config, { tokenizer, labelSmoothing, linearProbe: true });
  if (row.method === 'probe') {
    await linearProbe(model, task, train);
  } else if (row.method === 'few-shot') {
    const { pairsPerText } = row;
    const fewShot = new FewShotClassification({ tokenizer, labels, pairsPerText, seed });
    await new Trainer({ model, task: fewShot, train, seed, ...fewShotTraining }).train();
  } else {
    await new Trainer({ model, task, train, seed, ...fineTuning }).train();
  }
  const { metrics } = await evaluateExamples(model, task, test);
  await model.dispose();
  return metrics.accuracy as number;
}

/** Some texts of each label, drawn without replacement. */
function draw(examples: readonly ClassificationExample[], count: number, seed: number): ClassificationExample[] {
  const random = uniform(seed);
  const left = new Map<string, ClassificationExample[]>();
  for (const example of examples)
    left.set(String(example.label), [...(left.get(String(example.label)) ?? []), example]);
  return [...left.values()].flatMap((texts) =>
    Array.from(
      { length: Math.min(count, texts.length) },
      () => texts.splice(Math.floor(random() * texts.length), 1)[0],
    ),
  ) as ClassificationExample[];
}
