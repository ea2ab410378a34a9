/** @file What a model came to when it was trained: eval_results.json of its folder. */
import { exists, joinPath } from '#files';
import { readJson } from '../data/json.js';

/** The scores by name; none where the model was not evaluated. */
export async function readEvaluationResults(folder: string): Promise<Readonly<Record<string, number>>> {
  const path = joinPath(folder, 'eval_results.json');
  if (!(await exists(path))) return {};
  const json = await readJson(path);
  const entries = typeof json === 'object' && json !== null ? Object.entries(json) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, number] => typeof entry[1] === 'number'));
}
