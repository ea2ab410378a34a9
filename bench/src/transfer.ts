/**
 * @file `npm run bench -- transfer --model models/mini --data ../shared/data`: what pretraining is worth. A pretrained model
 * and the same architecture from random weights are fine-tuned on SST-2 and Banking77 with the same settings, over several
 * seeds; and the pretrained one guesses masked words of WikiText-2's test text.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  AutoTokenizer,
  BertConfig,
  BertForMaskedLM,
  BertForSequenceClassification,
  classificationTask,
  evaluateLanguageModel,
  labelSet,
  MaskedLanguageModeling,
  readClassificationExamples,
  Trainer,
} from 'multihead';
import { string } from './string-option.js';

interface DataSet {
  readonly name: string;
  readonly train: string;
  readonly test: string;
  readonly epochs: number;
  readonly maxLength: number;
}

const dataSets: readonly DataSet[] = [
  { name: 'SST-2', train: 'sst2/train.tsv', test: 'sst2/dev.tsv', epochs: 3, maxLength: 64 },
  { name: 'Banking77', train: 'banking77/train.csv', test: 'banking77/test.csv', epochs: 6, maxLength: 64 },
];

/** Runs the benchmark and prints a line for each data set, start and seed, and the means. */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      model: string('models/mini'),
      data: string('../shared/data'),
      seeds: string('3'),
      only: string(),
      'learning-rate': string('3e-4'),
      'batch-size': string('32'),
    },
  });
  const { model, data } = values as { model: string; data: string };
  for (const dataSet of dataSets) {
    if (values.only && values.only !== dataSet.name) continue;
    const scores: Record<string, number[]> = { pretrained: [], random: [] };
    for (let seed = 1; seed <= Number(values.seeds); seed++) {
      for (const start of ['pretrained', 'random'] as const) {
        const settings = {
          seed,
          learningRate: Number(values['learning-rate']),
          batchSize: Number(values['batch-size']),
        };
        const { accuracy, seconds } = await fineTune(model, data, dataSet, start === 'random', settings);
        scores[start]?.push(accuracy);
        console.log(`${dataSet.name} seed ${seed} ${start}: ${accuracy.toFixed(2)} (${seconds.toFixed(0)} s)`);
      }
    }
    for (const [start, found] of Object.entries(scores)) console.log(`${dataSet.name} ${start}: ${summary(found)}`);
  }
  if (!values.only || values.only === 'WikiText-2') await guessWords(model, join(data, 'wikitext-2/test.txt'));
}

async function fineTune(
  folder: string,
  data: string,
  { train: trainFile, test, epochs, maxLength }: DataSet,
  isRandom: boolean,
  settings: { seed: number; learningRate: number; batchSize: number },
): Promise<{ accuracy: number; seconds: number }> {
  const train = await readClassificationExamples(join(data, trainFile));
  const evaluation = await readClassificationExamples(join(data, test));
  const { names, problemType } = labelSet([...train, ...evaluation]);
  const config = { id2label: names, numLabels: names.length, problemType };
  const { seed } = settings;
  const model = isRandom
    ? BertForSequenceClassification.fromConfig({ ...(await BertConfig.fromPretrained(folder)), ...config }, { seed })
    : await BertForSequenceClassification.fromPretrained(folder, { config, seed });
  const tokenizer = await AutoTokenizer.fromPretrained(folder);
  const task = classificationTask(model.config, { tokenizer, maxLength });
  const trainer = new Trainer({
    model,
    task,
    tokenizer,
    train,
    epochs,
    warmupRatio: 0.1,
    weightDecay: 0.01,
    ...settings,
  });
  const { seconds } = await trainer.train();
  const { metrics } = await trainer.evaluate(evaluation);
  await model.dispose();
  return { accuracy: 100 * (metrics.accuracy as number), seconds };
}

/** The share of masked words of a text that the model finds, in stretches of 126 tokens. */
async function guessWords(folder: string, path: string): Promise<void> {
  const model = await BertForMaskedLM.fromPretrained(folder);
  const tokenizer = await AutoTokenizer.fromPretrained(folder);
  const task = new MaskedLanguageModeling({ tokenizer });
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim().length > 40);
  const encoded = await tokenizer.encodeBatch(lines, { addSpecialTokens: false });
  const features = encoded.flatMap(({ inputIds: ids }) =>
    Array.from({ length: Math.ceil(ids.length / 126) }, (_, i) => task.feature(ids.slice(i * 126, (i + 1) * 126))),
  );
  const { report } = await evaluateLanguageModel(model, task, features, { batchSize: 32 });
  console.log(`WikiText-2 test, masked words:\n${report}`);
  await model.dispose();
}

function summary(scores: readonly number[]): string {
  const mean = scores.reduce((a, b) => a + b, 0) / scores.length;
  const variance = scores.reduce((sum, x) => sum + (x - mean) ** 2, 0) / Math.max(1, scores.length - 1);
  return `mean ${mean.toFixed(2)}, deviation ${Math.sqrt(variance).toFixed(2)} over ${scores.length} seeds`;
}
