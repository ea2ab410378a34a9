/** @file Reads the evaluation results of a trained model: eval_results.json of its folder. */
import { exists, joinPath } from '#files';
import { readJson } from '../../platform/json/json.js';

/** Reads the scores, by name; empty if the model was not evaluated. */
export async function readEvaluationResults(folder: string): Promise<Readonly<Record<string, number>>> {
  const path = joinPath(folder, 'eval_results.json');
  if (!(await exists(path))) return {};
  const json = await readJson(path);
  const entries = typeof json === 'object' && json !== null ? Object.entries(json) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, number] => typeof entry[1] === 'number'));
}

/** The thresholds of labels that were best when the model was evaluated; undefined where it gives each text one label. */
export async function readThresholds(folder: string): Promise<Readonly<Record<string, number>> | undefined> {
  const path = joinPath(folder, 'eval_results.json');
  if (!(await exists(path))) return undefined;
  const json = (await readJson(path)) as { thresholds?: unknown } | null;
  const thresholds = json?.thresholds;
  if (typeof thresholds !== 'object' || thresholds === null) return undefined;
  return Object.fromEntries(
    Object.entries(thresholds).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}
