/** @file From the tokens of texts to encodings: truncated or cut into windows, with special tokens around them. */
import { UserError } from '../../platform/errors.js';
import type { RawTokens } from '../backends/backend.js';
import type { EncodeOptions, WindowOptions } from './encode-options.js';
import { assemble, cutTo, type Encoding, type Stretch } from './encoding.js';
import type { Template } from './post-processor.js';
import { type Side, truncatedLengths, windows } from './truncation.js';
import { type WordEncoding, wordIdsOf } from './word-encoding.js';

/** Assembles the encodings of a tokenizer. */
export class EncodingAssembler {
  /**
   * @param template the places of the special tokens
   * @param cutSide  the end at which long texts are cut
   */
  constructor(
    private readonly template: Template,
    private readonly cutSide: Side,
  ) {}

  /**
   * Number of tokens that are left for texts beside the special ones.
   *
   * @throws UserError where there is none
   */
  room(maxLength: number, isPair: boolean, addSpecialTokens: boolean): number {
    const special = addSpecialTokens ? this.arrangement(isPair).filter((piece) => 'special' in piece).length : 0;
    if (Number.isInteger(maxLength) && maxLength > special) return maxLength - special;
    throw new UserError(
      `a maximum length of ${maxLength} leaves no room for text beside ${special} special tokens; ` +
        `a whole number from ${special + 1} was expected`,
    );
  }

  /** The encoding of a text or pair, truncated to the maximum length. */
  truncated(first: RawTokens, second: RawTokens | undefined, options: EncodeOptions): Encoding {
    const { addSpecialTokens = true, maxLength, truncation = 'longest_first' } = options;
    const lengths = [first.ids.length, second?.ids.length ?? 0] as const;
    const [firstEnd, secondEnd] =
      maxLength === undefined
        ? lengths
        : truncatedLengths(lengths, this.room(maxLength, second !== undefined, addSpecialTokens), truncation);
    const A = cutTo(first, firstEnd, this.cutSide);
    const B = second && cutTo(second, secondEnd, this.cutSide);
    return assemble(this.arrangement(second !== undefined), { A, B }, addSpecialTokens);
  }

  /** The windows of a text, or of one text of a pair, whose other text is repeated in each. */
  windows(first: RawTokens, second: RawTokens | undefined, options: WindowOptions): Encoding[] {
    const { maxLength, stride, truncation } = options;
    const cutsSecond = (truncation ?? (second ? 'only_second' : 'only_first')) === 'only_second';
    if (cutsSecond && !second) throw new UserError('truncation is only_second, but an input is one text, not a pair');
    const whole = (raw: RawTokens): Stretch => ({ raw, start: 0, end: raw.ids.length });
    const other = cutsSecond ? first : second;
    const size = this.room(maxLength, second !== undefined, true) - (other?.ids.length ?? 0);
    const A = whole(first);
    const B = second && whole(second);
    const cut = cutsSecond ? (second as RawTokens) : first;
    return windows(cut.ids.length, size, stride, this.cutSide).map(([start, end]) => {
      const window = { raw: cut, start, end };
      return assemble(this.arrangement(B !== undefined), cutsSecond ? { A, B: window } : { A: window, B }, true);
    });
  }

  /**
   * The windows of a sentence that came as words.
   *
   * @param wordOf the word of each token
   * @param size   tokens of a window, without special ones
   */
  wordWindows(raw: RawTokens, wordOf: readonly number[], size: number, stride: number): WordEncoding[] {
    return windows(raw.ids.length, size, stride, this.cutSide).map(([from, to]) => {
      const window = assemble(this.template.single, { A: { raw, start: from, end: to }, B: undefined }, true);
      return Object.assign(window, { wordIds: wordIdsOf(window, wordOf, from) });
    });
  }

  private arrangement(isPair: boolean): Template['single'] {
    return isPair ? this.template.pair : this.template.single;
  }
}
