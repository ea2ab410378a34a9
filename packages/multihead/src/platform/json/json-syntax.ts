/** @file Where a JSON text breaks the grammar of RFC 8259: JavaScript engines often do not say. */

/** The first offence in a JSON text. */
export interface JsonError {
  /** UTF-16 index into the text. */
  readonly offset: number;
  /** What was wrong, in words: `expected ',' or '}', found "x"`. */
  readonly problem: string;
}

type Expecting = 'value' | 'value or ]' | 'name' | 'name or }' | 'colon' | 'comma or end' | 'nothing';

const inWords: Record<Expecting, string> = {
  value: 'a value',
  'value or ]': "a value or ']'",
  name: 'a name in double quotes',
  'name or }': "a name in double quotes or '}'",
  colon: "':'",
  'comma or end': '', // depends on what is open
  nothing: 'the end',
};

const whitespace = /[ \t\n\r]*/y;
// The opening quote and all that may follow it, up to the closing quote: anything from U+0020 but `"` and `\`, and escapes.
const stringBody = /"(?:[ !#-[\]-\uffff]+|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*/y;
const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/**
 * Finds the first place where a text is not JSON.
 *
 * @returns the place and the problem, or nothing if the text is valid JSON
 * @example
 * findJsonError('{"a": 1,}')   // { offset: 8, problem: `expected a name in double quotes, found "}"` }
 */
export function findJsonError(text: string): JsonError | undefined {
  const closers: string[] = []; // of the arrays and objects that are open, outermost first
  let expecting: Expecting = 'value';
  let offset = 0;

  /** The end of what the pattern matches here; -1 if nothing. */
  const endOf = (pattern: RegExp) => {
    pattern.lastIndex = offset;
    return pattern.test(text) ? pattern.lastIndex : -1;
  };
  const afterValue = (): Expecting => (closers.length > 0 ? 'comma or end' : 'nothing');

  for (;;) {
    offset = endOf(whitespace);
    const character = text[offset];
    if (character === undefined && expecting === 'nothing') return undefined;

    const wantsValue: boolean = expecting === 'value' || expecting === 'value or ]';
    const wantsName: boolean = expecting === 'name' || expecting === 'name or }';
    const mayClose: boolean = expecting === 'comma or end' || expecting === 'value or ]' || expecting === 'name or }';

    if (mayClose && character === closers.at(-1)) {
      closers.pop();
      expecting = afterValue();
      offset++;
    } else if (character === '"' && (wantsValue || wantsName)) {
      offset = endOf(stringBody);
      if (text[offset] !== '"') return { offset, problem: brokenString(text, offset) };
      expecting = wantsName ? 'colon' : afterValue();
      offset++;
    } else if (wantsValue && (character === '[' || character === '{')) {
      closers.push(character === '[' ? ']' : '}');
      expecting = character === '[' ? 'value or ]' : 'name or }';
      offset++;
    } else if (wantsValue && endOf(scalar) > 0) {
      offset = endOf(scalar);
      expecting = afterValue();
    } else if (expecting === 'colon' && character === ':') {
      expecting = 'value';
      offset++;
    } else if (expecting === 'comma or end' && character === ',') {
      expecting = closers.at(-1) === ']' ? 'value' : 'name';
      offset++;
    } else {
      const expected = inWords[expecting] || `',' or '${closers.at(-1)}'`;
      return { offset, problem: `expected ${expected}, found ${found(text, offset)}` };
    }
  }
}

function brokenString(text: string, offset: number): string {
  if (offset === text.length) return 'a string is not closed';
  if (text[offset] === '\\') return `no such escape in a string: ${text.slice(offset, offset + 2)}`;
  return `a string holds a raw control character, ${JSON.stringify(text[offset])}: write it as an escape`;
}

function found(text: string, offset: number): string {
  const character = text.codePointAt(offset);
  return character === undefined ? 'the end' : JSON.stringify(String.fromCodePoint(character));
}
