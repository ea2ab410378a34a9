/** @file `generation_config.json` of a model folder: how its author would have it generate text. */
import { exists, joinPath, readTextAtMost } from '#files';
import { UserError } from '../../platform/errors.js';
import { parseJson } from '../../platform/json/json.js';

/** The settings, under their names in the file. */
export interface GenerationSettings {
  readonly path: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/**
 * Reads the file; without settings where there is none.
 *
 * @throws UserError where it holds no JSON object
 */
export async function readGenerationSettings(folder: string): Promise<GenerationSettings> {
  const path = joinPath(folder, 'generation_config.json');
  if (!(await exists(path))) return { path, settings: {} };
  const json = parseJson(await readTextAtMost(path), path);
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) {
    return { path, settings: json as Record<string, unknown> };
  }
  throw new UserError(`${path}: holds no JSON object; generation settings were expected`);
}
