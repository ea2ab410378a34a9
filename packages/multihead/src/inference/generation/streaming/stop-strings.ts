/** @file Finds stop strings in a text that arrives in pieces. */

/** What of a text may be shown after a piece of it has come. */
export interface Released {
  /** What can be part of no stop string any more. */
  readonly text: string;
  /** Whether a stop string was found; the text ends before it. */
  readonly isFound: boolean;
}

/** Holds back what may be the beginning of a stop string. */
export class StopStrings {
  private held = '';
  private isFound = false;

  /** @param stopStrings none of them empty */
  constructor(private readonly stopStrings: readonly string[]) {}

  /** Adds a piece, and returns the text that is final. */
  push(piece: string): Released {
    if (this.isFound) return { text: '', isFound: true };
    this.held += piece;
    const places = this.stopStrings.map((stop) => this.held.indexOf(stop)).filter((at) => at >= 0);
    this.isFound = places.length > 0;
    const end = this.isFound ? Math.min(...places) : this.held.length - this.longestBeginning();
    const text = this.held.slice(0, end);
    this.held = this.isFound ? '' : this.held.slice(end);
    return { text, isFound: this.isFound };
  }

  /** Whether the text would contain a stop string with this continuation, which is not added. */
  wouldStop(piece: string): boolean {
    return this.isFound || this.stopStrings.some((stop) => (this.held + piece).includes(stop));
  }

  /** Ends the text, and returns what was held back. */
  end(): string {
    const rest = this.held;
    this.held = '';
    return rest;
  }

  /** Length of the longest end of the text that a stop string begins with. */
  private longestBeginning(): number {
    let longest = 0;
    for (const stop of this.stopStrings) {
      for (let length = Math.min(stop.length - 1, this.held.length); length > longest; length--) {
        if (this.held.endsWith(stop.slice(0, length))) longest = length;
      }
    }
    return longest;
  }
}
