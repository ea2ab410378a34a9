/**
 * @file `npm run bench -- real --model DIR --data ../shared/data --output DIR`: real data sets, each over several seeds, with
 * Multihead and with Hugging Face Transformers on PyTorch beside it: the same weights, settings and batches (`finetune`).
 *
 * A run leaves its result in the output folder, and is not done again: the command can be ended at any time and goes on
 * where it was. `--only NAME,NAME` takes some of the data sets, so that two commands can share the work; each then prints
 * the table of all that is there.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readSquad } from 'multihead';
import { evaluateCmrc, meanAndDeviation } from 'multihead/metrics';
import { type DataSet, dataSets, prepare } from './real-data.js';
import { string } from './string-option.js';

/** A score of both sides, in percent, by its name. */
type Scores = Record<string, { readonly multihead: number; readonly pytorch: number }>;

interface Result {
  readonly scores: Scores;
  /** Of training. */
  readonly seconds: { readonly multihead: number; readonly pytorch: number };
}

/** Runs what is not done yet, and prints the table. */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      model: string(),
      mini: string('models/mini'),
      data: string('../shared/data'),
      output: string(),
      seeds: string('3'),
      only: string(),
    },
  });
  const { model, mini, data, output } = values as Record<'model' | 'mini' | 'data' | 'output', string>;
  const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => i + 1);
  const chosen = dataSets.filter(({ name }) => values.only === undefined || values.only.split(',').includes(name));
  mkdirSync(output, { recursive: true });
  for (const seed of seeds) {
    for (const dataSet of chosen) {
      const path = join(output, `${dataSet.name}-${seed}.json`);
      if (existsSync(path)) continue;
      const result = await compare(dataSet, dataSet.usesMini ? mini : model, data, join(output, dataSet.name), seed);
      writeFileSync(`${path}.partial`, JSON.stringify(result));
      renameSync(`${path}.partial`, path);
      console.log(`${dataSet.name}, seed ${seed}: ${JSON.stringify(result)}`);
    }
  }
  for (const { name } of dataSets) {
    const paths = seeds.map((seed) => join(output, `${name}-${seed}.json`)).filter((path) => existsSync(path));
    const results = paths.map((path) => JSON.parse(readFileSync(path, 'utf8')) as Result);
    if (results.length > 0) table(name, results);
  }
}

/** Both sides of one data set with one seed. */
async function compare(dataSet: DataSet, model: string, data: string, folder: string, seed: number): Promise<Result> {
  const { task, settings, language = 'en' } = dataSet;
  const { train, evaluation } = await prepare(dataSet, data, folder);
  const options = { ...settings, model, train, eval: evaluation, output: folder, seed, language, evaluate: 'end' };
  const { status, stdout } = spawnSync(
    process.execPath,
    [
      fileURLToPath(new URL('./main.js', import.meta.url)),
      ...['finetune', task],
      ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8', maxBuffer: 2 ** 28 },
  );
  if (status !== 0) throw new Error(`${dataSet.name}, seed ${seed}: finetune ended with ${status}`);
  const lines = stdout.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
  const ours = lines.find((line) => line.side === 'multihead' && line.type === 'evaluation').metrics;
  const theirs = lines.find((line) => line.summary);
  const seconds = {
    multihead: lines.find((line) => line.side === 'multihead' && line.type === 'end').seconds,
    pytorch: theirs.train_seconds,
  };
  if (task === 'text-classification') {
    return { scores: { accuracy: { multihead: 100 * ours.accuracy, pytorch: theirs.summary.accuracy } }, seconds };
  }
  if (task === 'token-classification') {
    return { scores: { f1: { multihead: 100 * ours.f1, pytorch: theirs.summary.f1 } }, seconds };
  }
  if (task === 'sentence-similarity') {
    const names = ['spearman_cosine', 'pearson_cosine'];
    const both = (name: string) => ({ multihead: 100 * ours[name], pytorch: theirs.summary[name] });
    return { scores: Object.fromEntries(names.map((name) => [name, both(name)])), seconds };
  }
  const rival = language === 'zh' ? await chineseScores(evaluation, folder) : theirs.summary;
  const scores = {
    exact_match: { multihead: ours.exact_match, pytorch: rival.exact_match },
    f1: { multihead: ours.f1, pytorch: rival.f1 },
  };
  return { scores, seconds };
}

/** The rival's answers by CMRC 2018's own rule. */
async function chineseScores(evaluation: string, folder: string): Promise<{ exact_match: number; f1: number }> {
  const predictions = JSON.parse(readFileSync(join(folder, 'pytorch', 'predictions.json'), 'utf8'));
  const { exactMatch, f1 } = evaluateCmrc(predictions, await readSquad(evaluation, { mismatched: 'keep' }));
  return { exact_match: exactMatch, f1 };
}

/** One line for each score: mean ± deviation of both sides, and their difference. */
function table(name: string, results: readonly Result[]): void {
  const minutes = (side: 'multihead' | 'pytorch') =>
    (meanAndDeviation(results.map(({ seconds }) => seconds[side])).mean / 60).toFixed(1);
  for (const score of Object.keys((results[0] as Result).scores)) {
    const of = (side: 'multihead' | 'pytorch') =>
      meanAndDeviation(results.flatMap(({ scores }) => scores[score]?.[side] ?? []));
    const [ours, theirs] = [of('multihead'), of('pytorch')];
    const show = ({ mean, deviation }: typeof ours) => `${mean.toFixed(2)} ± ${deviation.toFixed(2)}`;
    const difference = ours.mean - theirs.mean;
    console.log(
      `| ${name} | ${score} | ${results.length} | ${show(ours)} | ${show(theirs)} | ` +
        `${difference < 0 ? '' : '+'}${difference.toFixed(2)} | ${minutes('multihead')} / ${minutes('pytorch')} |`,
    );
  }
}
