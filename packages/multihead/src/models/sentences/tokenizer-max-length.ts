/** @file The length of texts that a folder's tokenizer names, where sentence-transformers 6 keeps that of its models. */
import { exists, joinPath, readTextAtMost } from '#files';
import { parseJson } from '../../platform/json/json.js';

/** Hugging Face writes 1e30 for "no limit". */
const noLimit = 1e15;

/** `model_max_length` of tokenizer_config.json; undefined where it names none, or no limit. */
export async function tokenizerMaxLength(folder: string): Promise<number | undefined> {
  const path = joinPath(folder, 'tokenizer_config.json');
  if (!(await exists(path))) return undefined;
  const json = parseJson(await readTextAtMost(path), path) as { readonly model_max_length?: unknown } | null;
  const length = json?.model_max_length;
  return typeof length === 'number' && length >= 1 && length < noLimit ? length : undefined;
}
