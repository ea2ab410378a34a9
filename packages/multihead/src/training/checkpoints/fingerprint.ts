/** @file A short mark of data, by which a resumed run sees that it goes on with what it began with. */
import type { Feature } from '../../tasks/task.js';

/** 64 bits, mixed like FNV-1a with two different primes. It tells accidents apart, it is no protection against intent. */
class Mark {
  private high = 0x811c9dc5;
  private low = 0xcbf29ce4;

  add(value: number): void {
    this.high = Math.imul(this.high ^ value, 0x01000193);
    this.low = Math.imul((this.low ^ value) + (this.high >>> 15), 0x85ebca6b);
  }

  toString(): string {
    return [this.high, this.low].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
  }
}

/** The mark of bytes. */
export function fingerprintOfBytes(bytes: Uint8Array): string {
  const mark = new Mark();
  for (const byte of bytes) mark.add(byte);
  return mark.toString();
}

/** The mark of features: their tokens and targets, in their order. */
export function fingerprintOfFeatures(features: readonly (Feature & { readonly target?: unknown })[]): string {
  const mark = new Mark();
  for (const { inputIds, tokenTypeIds, target } of features) {
    mark.add(inputIds.length);
    for (const id of inputIds) mark.add(id);
    for (const type of tokenTypeIds) mark.add(type);
    addText(mark, JSON.stringify(target) ?? '');
  }
  return mark.toString();
}

/** The mark of examples as they were read. */
export function fingerprintOfExamples(examples: readonly unknown[]): string {
  const mark = new Mark();
  for (const example of examples) addText(mark, JSON.stringify(example));
  return mark.toString();
}

function addText(mark: Mark, text: string): void {
  mark.add(text.length);
  for (let i = 0; i < text.length; i++) mark.add(text.charCodeAt(i));
}
