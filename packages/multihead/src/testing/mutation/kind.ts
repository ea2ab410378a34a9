/** @file What a kind of file is that is damaged, and the ways to make a sound one and to damage it. */
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Random } from '../../platform/random.js';
import { toyFolder } from '../toy.js';
import { mutateBytes, mutateJson } from './mutate.js';

/** A kind of file. */
export interface Kind {
  /** Fills a folder with what is sound. Returns the path of the file that is to be damaged. */
  readonly prepare: (folder: string, index: number) => Promise<string> | string;
  readonly damage: (bytes: Uint8Array, random: Random) => Uint8Array;
  /** Reads what a user would have read, to its end. */
  readonly read: (path: string) => Promise<unknown>;
}

export const fixture = (name: string) => fileURLToPath(new URL(`../../../fixtures/${name}`, import.meta.url));
export const copied = (folder: string, from: string, names: readonly string[]): string => {
  for (const name of names) cpSync(join(from, name), join(folder, name));
  return join(folder, names[0] as string);
};
export const written = (folder: string, name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
export const bytesOrJson = (bytes: Uint8Array, random: Random): Uint8Array =>
  random.below(2) ? mutateBytes(bytes, random) : Buffer.from(mutateJson(Buffer.from(bytes).toString(), random));
/** Of JSON Lines, one line is damaged in its structure. */
export const bytesOrLines = (bytes: Uint8Array, random: Random): Uint8Array => {
  if (random.below(2)) return mutateBytes(bytes, random);
  const lines = Buffer.from(bytes).toString().trimEnd().split('\n');
  const at = random.below(lines.length);
  return Buffer.from(lines.map((line, i) => (i === at ? mutateJson(line, random) : line)).join('\n'));
};

let made: string | undefined;
/** The toy's folder. */
export const toy = (): string => {
  made ??= toyFolder();
  return made;
};
