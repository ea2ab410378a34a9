/** @file The names that a run owns in its output folder, and may write and remove. All other files are left alone. */
import { exists, isAbandoned, joinPath, listDirectory, nameOfPartial } from '#files';
import { adapterKey, adapterWeights } from '../../models/adapters/adapter-config.js';
import { shardedFiles } from '../../models/checkpoint/sharded-files.js';
import { sentenceFileNames } from '../../models/sentences/sentence-files.js';
import { UserError } from '../../platform/errors.js';

/** The trained model, whole or as an adapter. `report` files belong to it: they go before another model comes in its place. */
const modelFiles = ['model.safetensors', 'config.json', adapterKey, adapterWeights];

/** Other forms of weights, which would lie beside new ones as if they were theirs, and indexes of such in several files. */
const otherWeights = ['model.safetensors.index.json', 'pytorch_model.bin', 'pytorch_model.bin.index.json'];

/** What tokenizers of all kinds leave in a folder. */
export const tokenizerFileNames = [
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'vocab.txt',
  'vocab.json',
  'merges.txt',
  'tokenizer.model',
  'chat_template.jinja',
];

/** The scores of the model that the folder holds, which its evaluation while training found. */
export const scoresFile = 'eval_results.json';

/** What an evaluation of the model that the folder holds leaves there. */
export const reportFileNames = [
  'report.json',
  'report.html',
  'predictions.jsonl',
  'eval_predictions.json',
  'eval_nbest_predictions.json',
  'eval_null_odds.json',
];

/** The state of the run. It marks a folder as a run's. */
export const stateFile = 'trainer_state.json';

/** Logs and state of the run. */
const record = ['events.jsonl', stateFile];

export const checkpointPattern = /^checkpoint-(\d+)$/;

const results = new Set([
  ...modelFiles,
  ...sentenceFileNames,
  ...otherWeights,
  ...tokenizerFileNames,
  scoresFile,
  ...reportFileNames,
]);
const records = new Set([...record, 'skipped-rows.jsonl', 'run.lock']);

/** Whether a name in an output folder is one that a run may write. */
export const isOwned = (name: string): boolean =>
  results.has(name) || records.has(name) || checkpointPattern.test(name);

/** The names in a folder that a new run would take the place of: a model, its checkpoints, or what looks like either. */
async function resultsIn(folder: string): Promise<string[]> {
  if (!(await exists(folder))) return [];
  const names = await listDirectory(folder);
  const taken = names.includes(stateFile) ? [...results] : [...results, ...record];
  return [...taken.filter((name) => names.includes(name)), ...names.filter((name) => checkpointPattern.test(name))];
}

/**
 * Refuses a folder that holds what a new run would replace.
 *
 * @param remedy what to do about it
 */
export async function refuseResults(folder: string, remedy: string): Promise<void> {
  const names = await resultsIn(folder);
  if (names.length === 0) return;
  const rest = names.length > 4 ? ` and ${names.length - 4} more` : '';
  throw new UserError(`${folder}: already holds ${names.slice(0, 4).join(', ')}${rest}. ${remedy}`);
}

/** Names in a folder that belong to the model that it holds, in whatever form, and go when another takes its place. */
export async function namesOfModel(folder: string): Promise<string[]> {
  const sharded = await Promise.all(otherWeights.map((name) => shardedFiles(folder, name)));
  return [...sharded.flat(), ...modelFiles, ...sentenceFileNames, ...otherWeights, ...tokenizerFileNames];
}

/** Paths of what killed runs left half written or half removed in a folder. What a live process writes is not among them. */
export async function abandonedIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of await listDirectory(folder)) {
    const meant = nameOfPartial(name);
    const path = joinPath(folder, name);
    if (meant !== undefined && isOwned(meant) && (await isAbandoned(path))) found.push(path);
  }
  return found;
}
