/** @file Leaves out paragraphs that were seen before, in any source. */
import { createHash } from 'node:crypto';

/**
 * A memory of paragraphs. Two are the same if their letters are: case, digits, punctuation and spaces do not count, so
 * that "Step 1: Save." and "Step 2: Save" do not both stay. 96 bits of SHA-1 are kept of each.
 */
export class SeenParagraphs {
  private readonly seen = new Set<string>();

  /** Is the paragraph new? It is remembered. */
  add(paragraph: string): boolean {
    const letters = paragraph.toLowerCase().replace(/[^\p{Letter}]/gu, '');
    const key = createHash('sha1').update(letters).digest().toString('latin1', 0, 12);
    if (this.seen.has(key)) return false;
    this.seen.add(key);
    return true;
  }
}
