/** @file Loads a model's tokenizer while its engine starts, which its first prediction would wait for otherwise. */
import { tokenizerFolder } from '../models/adapters/locate-model.js';
import type { PretrainedModel } from '../models/core/pretrained.js';
import { AutoTokenizer } from '../text/tokenizer/auto-tokenizer.js';
import type { Tokenizer } from '../text/tokenizer/tokenizer.js';

/**
 * Loads the tokenizer of a folder, and starts the model's engine meanwhile.
 *
 * @param prepare starts it. Default: without any graph
 * @throws UserError for a folder without a tokenizer, and for a device that cannot run; the model is then disposed of
 */
export async function loadTokenizer(
  model: PretrainedModel,
  folder: string,
  prepare: () => Promise<unknown> = () => model.weights.engine(),
): Promise<Tokenizer> {
  try {
    const loading = tokenizerFolder(folder).then((found) => AutoTokenizer.fromPretrained(found));
    const [tokenizer] = await Promise.all([loading, prepare()]);
    return tokenizer;
  } catch (error) {
    await model.dispose();
    throw error;
  }
}
