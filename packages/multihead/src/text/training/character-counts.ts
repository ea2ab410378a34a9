/** @file How often each character (code point) occurs. */

/** Counts characters. Halves of surrogate pairs count as U+FFFD, as which tokenizers read them. */
export class CharacterCounter {
  private readonly counts = new Float64Array(0x110000);

  add(text: string): void {
    for (let at = 0; at < text.length; at++) {
      const code = text.codePointAt(at) as number;
      if (code > 0xffff) at++;
      const isHalf = code >= 0xd800 && code <= 0xdfff;
      (this.counts[isHalf ? 0xfffd : code] as number)++;
    }
  }

  finish(): { counts: Map<string, number>; tooLong: number; forgotten: number } {
    const counts = new Map<string, number>();
    for (let code = 0; code < this.counts.length; code++) {
      const count = this.counts[code] as number;
      if (count > 0) counts.set(String.fromCodePoint(code), count);
    }
    return { counts, tooLong: 0, forgotten: 0 };
  }
}
