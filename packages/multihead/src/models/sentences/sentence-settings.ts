/**
 * @file How a folder wants its sentence vectors made: the files that Python's sentence-transformers (6.2 and before)
 * writes beside a BERT.
 *
 *     modules.json                       the modules in their order: Transformer, Pooling and, where it is, Normalize
 *     1_Pooling/config.json              pooling_mode, or in older files a flag a mode: pooling_mode_mean_tokens
 *     sentence_bert_config.json          max_seq_length, do_lower_case
 *     tokenizer_config.json              model_max_length, where version 6 keeps the former
 *     config_sentence_transformers.json  prompts, the one that stands before every text, and how vectors are compared
 */
import { exists, joinPath, readTextAtMost } from '#files';
import { UserError } from '../../platform/errors.js';
import { parseJson } from '../../platform/json/json.js';
import { safeName } from '../../platform/safe-name.js';
import { type SimilarityName, similarityNames } from '../../platform/similarity-names.js';
import { type SentencePooling, sentencePoolings } from './sentence-poolings.js';
import { tokenizerMaxLength } from './tokenizer-max-length.js';

/** What sentence-transformers' files say. */
export interface SentenceSettings {
  /** The folder with the weights and the tokenizer: the same, or in old models `0_Transformer` in it. */
  readonly modelFolder: string;
  readonly pooling: SentencePooling;
  /** Whether vectors get the Euclidean length 1. */
  readonly normalize: boolean;
  /** How two vectors are compared. */
  readonly comparison: SimilarityName;
  /** The most tokens of a text, special ones included. */
  readonly maxSeqLength: number | undefined;
  /** Whether texts are put in lower case before the tokenizer sees them. */
  readonly doLowerCase: boolean;
  /** The prompts by their names, such as `query` and `document`. */
  readonly prompts: Readonly<Record<string, string>>;
  /** Put before every text for which no other prompt is named; empty where the folder names none. */
  readonly prompt: string;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads the files of a folder.
 *
 * @returns undefined for a folder that is no model of sentence-transformers: it has no modules.json
 * @throws UserError naming the file, for one that cannot be understood, and for a module or a kind of pooling that
 *   Multihead does not compute
 * @example
 * await readSentenceSettings('all-MiniLM-L6-v2');
 * // { modelFolder: 'all-MiniLM-L6-v2', pooling: 'mean', normalize: true, maxSeqLength: 256, doLowerCase: false, ... }
 */
export async function readSentenceSettings(folder: string): Promise<SentenceSettings | undefined> {
  const path = joinPath(folder, 'modules.json');
  if (!(await exists(path))) return undefined;
  const modules = readModules(parseJson(await readTextAtMost(path), path), path);
  const modelFolder = modules.transformer === '' ? folder : joinPath(folder, modules.transformer);
  // A name that does not exist would be looked for on the hub.
  if (!(await exists(modelFolder)))
    throw new UserError(`${path}: names the folder ${modules.transformer}, which is not there`);
  const transformer = await readObject(joinPath(modelFolder, 'sentence_bert_config.json'));
  const pooling = await readObject(joinPath(folder, modules.pooling, 'config.json'));
  const shared = await readObject(joinPath(folder, 'config_sentence_transformers.json'));
  const prompts = readPrompts(shared.json, shared.path);
  const prompt = defaultPrompt(shared.json, prompts, shared.path);
  if (Object.values(prompts).some((each) => each !== '') && pooling.json.include_prompt === false) {
    throw new UserError(`${pooling.path}: include_prompt is false; Multihead pools over the prompt's tokens too`);
  }
  const { max_seq_length: maxSeqLength, do_lower_case: doLowerCase } = transformer.json;
  if (maxSeqLength != null && !(Number.isInteger(maxSeqLength) && (maxSeqLength as number) > 0)) {
    throw new UserError(
      `${transformer.path}: max_seq_length is ${JSON.stringify(maxSeqLength)}; expected a whole number from 1, or null`,
    );
  }
  return {
    modelFolder,
    pooling: poolingMode(pooling.json, pooling.path),
    normalize: modules.normalize,
    comparison: comparisonOf(shared.json, shared.path),
    maxSeqLength: (maxSeqLength as number | null) ?? (await tokenizerMaxLength(modelFolder)),
    doLowerCase: doLowerCase === true,
    prompts,
    prompt,
  };
}

/** The folders of the modules. Newer versions write longer names of classes; the last part has stayed. */
function readModules(json: unknown, path: string): { transformer: string; pooling: string; normalize: boolean } {
  const modules = (Array.isArray(json) ? json : []) as readonly Json[];
  const kinds = modules.map((module) => String(module?.type).split('.').at(-1));
  const expected = ['Transformer', 'Pooling', 'Normalize'];
  if (kinds.join() === 'Transformer') {
    throw new UserError(
      `${path}: has a Transformer alone, as the folder of a cross-encoder, which compares two texts and makes no vectors; use it with ` +
        "pipeline('text-ranking'). To use the folder as a plain BERT, take modules.json out of it.",
    );
  }
  if (kinds.length < 2 || kinds.some((kind, i) => kind !== expected[i])) {
    throw new UserError(
      `${path}: its modules are ${kinds.join(', ') || 'none'}; Multihead computes Transformer, Pooling and Normalize, in ` +
        'this order. To use the folder as a plain BERT, take modules.json out of it.',
    );
  }
  // The transformer may lie in the folder itself: its path is then empty.
  const [transformer, pooling] = modules.map(({ path: name }, i) =>
    i === 0 && name === '' ? '' : safeName(name, path),
  ) as [string, string];
  return { transformer, pooling, normalize: kinds.length === 3 };
}

/** A JSON object out of a file; an empty one where there is no file, as Python has it. */
async function readObject(path: string): Promise<{ json: Json; path: string }> {
  if (!(await exists(path))) return { json: {}, path };
  const json = parseJson(await readTextAtMost(path), path);
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return { json: json as Json, path };
  throw new UserError(`${path}: holds no JSON object`);
}

const flagPrefix = 'pooling_mode_';
/** The names of older files' flags, behind that. */
export const poolingFlags: Readonly<Record<SentencePooling, string>> = {
  cls: 'cls_token',
  mean: 'mean_tokens',
  max: 'max_tokens',
  lasttoken: 'lasttoken',
};

function poolingMode(json: Json, path: string): SentencePooling {
  const flags = Object.keys(json).filter((name) => name.startsWith(flagPrefix) && json[name] === true);
  const nameOf = (flag: string) => sentencePoolings.find((mode) => `${flagPrefix}${poolingFlags[mode]}` === flag);
  const flagged = flags.map((flag) => nameOf(flag) ?? flag.slice(flagPrefix.length));
  const modes = json.pooling_mode === undefined ? flagged : [json.pooling_mode].flat().map(String);
  const [first = 'mean', ...others] = modes;
  const mode = sentencePoolings.find((name) => name === first);
  if (mode && others.length === 0) return mode;
  throw new UserError(
    `${path}: pools by ${modes.join(' and ')}; Multihead pools by one of ${sentencePoolings.join(', ')}. To use the folder ` +
      'as a plain BERT, take modules.json out of it.',
  );
}

function readPrompts({ prompts }: Json, path: string): Readonly<Record<string, string>> {
  if (prompts == null) return {};
  const entries = typeof prompts === 'object' && !Array.isArray(prompts) ? Object.entries(prompts) : undefined;
  if (entries?.every(([, prompt]) => typeof prompt === 'string')) return Object.fromEntries(entries);
  throw new UserError(`${path}: prompts is ${JSON.stringify(prompts)}; expected an object of texts by their names`);
}

function comparisonOf({ similarity_fn_name: name }: Json, path: string): SimilarityName {
  if (name == null) return 'cosine';
  const known = similarityNames.find((each) => each === name);
  if (known) return known;
  throw new UserError(
    `${path}: similarity_fn_name is ${JSON.stringify(name)}; expected one of ${similarityNames.join(', ')}`,
  );
}

function defaultPrompt(
  { default_prompt_name: name }: Json,
  prompts: SentenceSettings['prompts'],
  path: string,
): string {
  if (name == null) return '';
  const prompt = Object.hasOwn(prompts, String(name)) ? prompts[String(name)] : undefined;
  if (prompt !== undefined) return prompt;
  throw new UserError(`${path}: default_prompt_name is ${JSON.stringify(name)}, which is none of its prompts`);
}
