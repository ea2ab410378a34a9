import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findJsonError } from './json-syntax.js';

test.each([
  ['', 0, 'expected a value, found the end'],
  ['{"a": x}', 6, 'expected a value, found "x"'],
  ['{"a": 1,}', 8, 'expected a name in double quotes, found "}"'],
  ['{a: 1}', 1, `expected a name in double quotes or '}', found "a"`],
  ['{"a" 1}', 5, `expected ':', found "1"`],
  ['{"a": 1 "b": 2}', 8, `expected ',' or '}', found "\\""`],
  ['[1, 2', 5, `expected ',' or ']', found the end`],
  ['[1,]', 3, 'expected a value, found "]"'],
  ['[,]', 1, `expected a value or ']', found ","`],
  ['[}', 1, `expected a value or ']', found "}"`],
  ['1 2', 2, 'expected the end, found "2"'],
  ['01', 1, 'expected the end, found "1"'],
  ['[NaN]', 1, `expected a value or ']', found "N"`],
  ["{'a': 1}", 1, `expected a name in double quotes or '}', found "'"`],
  ['"abc', 4, 'a string is not closed'],
  ['["a\\x"]', 3, 'no such escape in a string: \\x'],
  ['"a\nb"', 2, 'a string holds a raw control character, "\\n": write it as an escape'],
  ['[😀]', 1, `expected a value or ']', found "😀"`],
])('%j: at %i, %s', (text, offset, problem) => {
  expect(findJsonError(text)).toEqual({ offset, problem });
});

test('does not run out of stack on deep nesting', () => {
  expect(findJsonError('['.repeat(200_000))?.offset).toBe(200_000);
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test('finds an error exactly where JSON.parse does not accept the text', () => {
  const damage = fc.record({ at: fc.nat(), remove: fc.nat(2), insert: fc.constantFrom('', ...'{}[],:"\\0-.e \n') });
  fc.assert(
    fc.property(fc.json(), damage, (json, { at, remove, insert }) => {
      const start = at % (json.length + 1);
      const text = json.slice(0, start) + insert + json.slice(start + remove);
      expect(findJsonError(json)).toBeUndefined();
      expect(findJsonError(text) === undefined).toBe(isJson(text));
    }),
    { numRuns: 2000 },
  );
});

test('finds an error exactly where JSON.parse does, in sequences of tokens', () => {
  const tokens = fc.array(
    fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '1', '-', '0.5e+1', 'true', 'nul', ' ', '"\\u00e9"', '\t'),
    { maxLength: 7 },
  );
  fc.assert(
    fc.property(tokens, (parts) => {
      expect(findJsonError(parts.join('')) === undefined).toBe(isJson(parts.join('')));
    }),
    { numRuns: 2000 },
  );
});
