/** @file `multihead convert gguf`. */
import { convertGguf } from '../../../../convert/gguf/convert-gguf.js';
import type { FloatName } from '../../../../models/checkpoint/float-formats.js';
import type { Imported, ImportTarget } from './importer.js';

/** Converts the file. */
export const convertGgufFile = (
  { checkpoint, dtype }: Readonly<Record<string, string | undefined>>,
  { output, gone }: ImportTarget,
): Promise<Imported> => convertGguf(checkpoint as string, output, { dtype: dtype as FloatName | undefined, gone });
