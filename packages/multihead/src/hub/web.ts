/** @file Models by name in a browser: a name is the address of a folder, and stays as it is. On Node: `node.ts`. */
import type { ResolveOptions } from './options.js';

/** The address itself. */
export const resolveModel = async (address: string, _options: ResolveOptions = {}): Promise<string> => address;
