/** @file Fingerprints of data, by which a resumed run sees that it has the data that it began with. */
import { Hash } from '../../platform/hash.js';
import type { Feature } from '../../tasks/task.js';

/** The fingerprint of bytes. */
export function fingerprintOfBytes(bytes: Uint8Array): string {
  const hash = new Hash();
  for (const byte of bytes) hash.add(byte);
  return hash.toString();
}

/** The fingerprint of features: their tokens and targets, in their order. */
export function fingerprintOfFeatures(features: readonly (Feature & { readonly target?: unknown })[]): string {
  const hash = new Hash();
  for (const { inputIds, tokenTypeIds, target } of features) {
    hash.add(inputIds.length);
    for (const id of inputIds) hash.add(id);
    for (const type of tokenTypeIds) hash.add(type);
    hash.addText(JSON.stringify(target) ?? '');
  }
  return hash.toString();
}

/** The fingerprint of examples as they were read. */
export function fingerprintOfExamples(examples: readonly unknown[]): string {
  const hash = new Hash();
  for (const example of examples) hash.addText(JSON.stringify(example));
  return hash.toString();
}
