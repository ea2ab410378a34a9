import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StopStrings } from './stop-strings.js';

/** What is shown of a text in pieces, and whether a stop string was found. */
function run(stopStrings: string[], pieces: string[]): { shown: string[]; isFound: boolean } {
  const stops = new StopStrings(stopStrings);
  const shown: string[] = [];
  for (const piece of pieces) {
    const { text, isFound } = stops.push(piece);
    shown.push(text);
    if (isFound) return { shown, isFound };
  }
  return { shown: [...shown, stops.end()], isFound: false };
}

describe('stop strings', () => {
  test('cut the text before them, also where they span pieces', () => {
    expect(run(['END'], ['so it E', 'N', 'D and more'])).toEqual({ shown: ['so it ', '', ''], isFound: true });
    expect(run(['\n\n'], ['a\n', 'b\n', '\nc'])).toEqual({ shown: ['a', '\nb', ''], isFound: true });
  });

  test('hold back no more than what may become one', () => {
    expect(run(['END'], ['E', 'EN', 'O'])).toEqual({ shown: ['', 'E', 'ENO', ''], isFound: false });
    expect(run(['END'], ['x', 'EN'])).toEqual({ shown: ['x', '', 'EN'], isFound: false });
    expect(run([], ['a', 'b'])).toEqual({ shown: ['a', 'b', ''], isFound: false });
  });

  test('of several in one piece, the first in the text counts', () => {
    expect(run(['bc', 'abcd'], ['abcd'])).toEqual({ shown: [''], isFound: true });
    expect(run(['y', 'x'], ['1x2y'])).toEqual({ shown: ['1'], isFound: true });
  });

  test('one stop string is found wherever the pieces are cut', () => {
    const letters = (limits: { minLength?: number; maxLength: number }) =>
      fc.array(fc.constantFrom('a', 'b'), limits).map((all) => all.join(''));
    fc.assert(
      fc.property(letters({ minLength: 1, maxLength: 4 }), fc.array(letters({ maxLength: 4 })), (stop, pieces) => {
        const text = pieces.join('');
        const at = text.indexOf(stop);
        const { shown, isFound } = run([stop], pieces);
        expect(isFound).toBe(at >= 0);
        expect(shown.join('')).toBe(at >= 0 ? text.slice(0, at) : text);
      }),
    );
  });
});
