/** @file Models by name in a browser: a name is the address of a folder, used unchanged. On Node: `node.ts`. */
import type { PartOfData } from './dataset-name.js';
import type { ResolveOptions } from './options.js';

/** The address itself. */
export const resolveModel = async (address: string, _options: ResolveOptions = {}): Promise<string> => address;

/** The address itself. */
export const resolveDataset = async (
  address: string,
  _part: PartOfData = 'train',
  _options: Omit<ResolveOptions, 'parts' | 'revision'> = {},
): Promise<string> => address;
