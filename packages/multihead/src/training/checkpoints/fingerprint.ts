/** @file Fingerprints of data, by which a resumed run checks that its data is unchanged. */
import { Hash } from '../../platform/hash.js';

/** Returns the fingerprint of bytes. */
export function fingerprintOfBytes(bytes: Uint8Array): string {
  const hash = new Hash();
  for (const byte of bytes) hash.add(byte);
  return hash.toString();
}

/** Returns the fingerprint of examples, as they were read. */
export function fingerprintOfExamples(examples: readonly unknown[]): string {
  const hash = new Hash();
  for (const example of examples) hash.addText(JSON.stringify(example));
  return hash.toString();
}
