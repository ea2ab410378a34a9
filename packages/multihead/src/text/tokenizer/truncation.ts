/** @file How long texts are cut: the rules of Hugging Face's tokenizers, and windows that overlap. */
import { UserError } from '../../platform/errors.js';

/** Which text of a pair is truncated. `longest_first`: the longer one, then both equally. */
export type Truncation = 'longest_first' | 'only_first' | 'only_second';

/** The end that too long texts are cut at. */
export type Side = 'left' | 'right';

/**
 * The end that a tokenizer cuts texts at: as tokenizer_config.json's `truncation_side` or tokenizer.json's `truncation` says.
 *
 * @throws UserError for another word than left and right
 */
export function truncationSide(config: Readonly<Record<string, unknown>>, truncation: unknown, where: string): Side {
  const { direction = 'right' } = (truncation ?? {}) as { readonly direction?: unknown };
  const { truncation_side: side = String(direction).toLowerCase() } = config;
  if (side === 'left' || side === 'right') return side;
  throw new UserError(`${where}: truncation_side is ${JSON.stringify(side)}; expected "left" or "right"`);
}

/**
 * How many tokens of each text remain.
 *
 * @param lengths tokens of the first and second text (0 where there is none)
 * @param room    tokens that both may have together
 * @throws UserError where nothing would remain of the text to be cut
 * @example
 * truncatedLengths([10, 3], 8, 'longest_first')   // [5, 3]
 */
export function truncatedLengths(
  [first, second]: readonly [number, number],
  room: number,
  how: Truncation,
): [number, number] {
  if (first + second <= room) return [first, second];
  if (how === 'only_first') return [remaining(first, room - second, 'first'), second];
  if (how === 'only_second') return [first, remaining(second, room - first, 'second')];
  const [short, long] = [Math.min(first, second), Math.max(first, second)];
  const cutLong = short > room ? short : Math.max(short, room - short);
  const half = Math.floor(room / 2);
  const [shortLeft, longLeft] = short + cutLong > room ? [half, half + (room % 2)] : [short, Math.min(long, cutLong)];
  return first > second ? [longLeft, shortLeft] : [shortLeft, longLeft];
}

function remaining(length: number, room: number, which: 'first' | 'second'): number {
  if (room > 0) return room;
  throw new UserError(
    `the ${which} text would have to lose ${length - room} tokens and has only ${length}, of which at least one must ` +
      'remain: the other text leaves no room. Raise the maximum length (`maxLength`), or shorten the other text.',
  );
}

/** Refuses an overlap of windows that is none. */
export function checkStride(stride: number): void {
  if (Number.isInteger(stride) && stride >= 0) return;
  throw new UserError(`stride is ${stride}; a whole number of tokens from 0 was expected`);
}

/**
 * Windows over a text: stretches of at most `size` tokens, each beginning `size - stride` after the one before, until
 * one reaches the end.
 *
 * @param length the text's tokens
 * @param size   tokens of the text that a window has room for
 * @param stride tokens by which neighbouring windows overlap
 * @param side   with `left`, windows are counted from the end
 * @throws UserError where windows of that size could not move on
 * @example
 * windows(10, 6, 2)   // [[0, 6], [4, 10]]
 */
export function windows(
  length: number,
  size: number,
  stride: number,
  side: Side = 'right',
): [start: number, end: number][] {
  if (stride >= size) {
    throw new UserError(
      `a stride of ${stride} tokens does not fit a window with room for ${size} tokens of text. ` +
        'Raise the maximum length (`maxLength`), lower the stride, or shorten the other text.',
    );
  }
  const result: [number, number][] = [];
  for (let start = 0; ; start += size - stride) {
    const end = Math.min(start + size, length);
    result.push([start, end]);
    if (end < length) continue;
    if (side === 'right') return result;
    return result.map(([start, end]): [number, number] => [length - end, length - start]).reverse();
  }
}
