/** @file What `multihead compare` does: reads what two models did with the same examples, and tests their difference. */
import { join } from 'node:path';
import { exists, readText } from '#files';
import {
  type PairedBootstrapOptions,
  type PairedComparison,
  pairedBootstrap,
} from '../../../metrics/statistics/paired-bootstrap.js';
import { UserError } from '../../../platform/errors.js';
import { parseJson } from '../../../platform/json/json.js';
import type { Outcome } from '../../../tasks/outcome.js';
import { given } from '../../options/common-options.js';
import { print } from '../../output/print.js';
import { predictionsFile } from '../../output/report-files.js';

/** The command's options. */
export interface CompareArguments extends PairedBootstrapOptions {
  readonly json?: boolean;
}

/** A metric of both, and their difference. */
interface Compared extends PairedComparison {
  readonly metric: string;
  readonly first: number;
  readonly second: number;
}

/** Below this a difference counts as more than chance. */
const significant = 0.05;

/** Runs the command. */
export async function compare(first: string, second: string, options: CompareArguments): Promise<void> {
  const [a, b] = [await readOutcomes(first), await readOutcomes(second)];
  checkSameExamples(a, b, [first, second]);
  const metrics = Object.keys((a[0] as Outcome).scores);
  const compared = metrics.map((metric): Compared => {
    const scoresOf = (outcomes: readonly Outcome[]) => outcomes.map(({ scores }) => scores[metric] as number);
    const mean = (scores: readonly number[]) => scores.reduce((sum, x) => sum + x, 0) / scores.length;
    const [ofFirst, ofSecond] = [scoresOf(a), scoresOf(b)];
    return {
      metric,
      first: mean(ofFirst),
      second: mean(ofSecond),
      ...pairedBootstrap(ofFirst, ofSecond, given(options, 'resamples', 'confidence', 'seed')),
    };
  });
  if (options.json) console.log(JSON.stringify({ examples: a.length, first, second, metrics: compared }));
  else print(inWords(compared, { first, second, examples: a.length, confidence: options.confidence ?? 0.95 }));
}

async function readOutcomes(folder: string): Promise<Outcome[]> {
  const path = join(folder, predictionsFile);
  if (!(await exists(path))) {
    throw new UserError(
      `${folder}: has no ${predictionsFile}. Training with --eval writes one, and so does ` +
        `multihead evaluate TASK --model MODEL --data FILE --report ${folder}`,
    );
  }
  const lines = (await readText(path)).split('\n').filter((line) => line !== '');
  const outcomes = lines.map((line, i) => parseJson(line, `${path}:${i + 1}`) as Outcome);
  const bad = outcomes.findIndex((outcome) => typeof outcome?.scores !== 'object' || outcome.scores === null);
  if (bad >= 0) throw new UserError(`${path}:${bad + 1}: has no "scores"; is it a file that multihead wrote?`);
  const names = Object.keys(outcomes[0]?.scores ?? {});
  for (const [i, { scores }] of outcomes.entries()) {
    const odd = names.find((name) => !Number.isFinite(scores[name]));
    if (odd === undefined) continue;
    throw new UserError(
      `${path}:${i + 1}: its score "${odd}" is ${JSON.stringify(scores[odd])}; a number was expected`,
    );
  }
  if (outcomes.length === 0) throw new UserError(`${path}: is empty`);
  return outcomes;
}

/** The test is of pairs: the same examples in the same order. */
function checkSameExamples(a: readonly Outcome[], b: readonly Outcome[], [first, second]: readonly [string, string]) {
  const differs = a.findIndex(({ id, text }, i) => b[i]?.id !== id || b[i]?.text !== text);
  const place = differs < 0 ? a.length : differs;
  if (a.length === b.length && differs < 0) {
    if (Object.keys(a[0]?.scores ?? {}).join() === Object.keys(b[0]?.scores ?? {}).join()) return;
    throw new UserError(`${first} and ${second} were scored by different metrics; are they of the same task?`);
  }
  throw new UserError(
    `${first} and ${second} were not evaluated on the same examples: ${a.length} and ${b.length}, and number ` +
      `${place + 1} differs. Evaluate both on one file with multihead evaluate ... --report FOLDER.`,
  );
}

function inWords(
  compared: readonly Compared[],
  about: { first: string; second: string; examples: number; confidence: number },
): string {
  const lines = compared.map(({ metric, first, second, difference, low, high, pValue }) => {
    const signed = (value: number) => `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(4)}`;
    const interval = `[${signed(low)}, ${signed(high)}]`;
    const verdict = pValue < significant ? 'more than chance' : 'may be chance';
    return `${metric.padEnd(16)} ${first.toFixed(4)}  ${second.toFixed(4)}  ${signed(difference)}  ${interval}  p = ${pValue.toFixed(4)}  ${verdict}`;
  });
  const percent = (100 * about.confidence).toFixed(0);
  return [
    `first   ${about.first}`,
    `second  ${about.second}`,
    `${about.examples} examples; difference: second minus first, with its ${percent} % interval (paired bootstrap)`,
    '',
    ...lines,
  ].join('\n');
}
