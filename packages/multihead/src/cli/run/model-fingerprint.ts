/** @file Fingerprint of a model's folder: work that was begun with one model is resumed with the same model only. */
import { createHash } from 'node:crypto';
import { joinPath, listDirectory, readChunks } from '#files';
import { scoresFile, tokenizerFileNames } from '../../training/trainer/run-files.js';

/** The files that predictions depend on: weights in all forms, configuration, tokenizer, and thresholds with the scores. */
const isOfModel = (name: string): boolean =>
  ['config.json', scoresFile, ...tokenizerFileNames].includes(name) || /\.(safetensors|bin|index\.json)$/.test(name);

/** SHA-256 of the names and contents of a model's files. */
export async function modelFingerprint(folder: string): Promise<string> {
  const hash = createHash('sha256');
  for (const name of (await listDirectory(folder)).filter(isOfModel)) {
    hash.update(`${name}\0`);
    for await (const bytes of readChunks(joinPath(folder, name))) hash.update(bytes);
  }
  return hash.digest('hex');
}
