/** @file Fingerprints of data, by which a resumed run sees that it has the data that it began with. */
import { Hash } from '../../platform/hash.js';

/** The fingerprint of bytes. */
export function fingerprintOfBytes(bytes: Uint8Array): string {
  const hash = new Hash();
  for (const byte of bytes) hash.add(byte);
  return hash.toString();
}

/** The fingerprint of examples as they were read. */
export function fingerprintOfExamples(examples: readonly unknown[]): string {
  const hash = new Hash();
  for (const example of examples) hash.addText(JSON.stringify(example));
  return hash.toString();
}
