/**
 * @file Python's `text.strip(characters)` in templates. @huggingface/jinja 0.5.11 ignores the characters and strips all white space,
 * so that a call with characters becomes a call of a function that obeys them. Qwen3's template has `content.lstrip('\n')`.
 */

/** A node of a parsed template, of which only some have these. */
interface AstNode {
  readonly type?: unknown;
  callee?: AstNode;
  args?: unknown[];
  readonly object?: unknown;
  readonly property?: AstNode;
  readonly value?: unknown;
}

const methods = ['strip', 'lstrip', 'rstrip'];
const functionOf = (method: string): string => `python_${method}`;

/** Replaces the calls, in place. */
export function rewriteStrips(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  const call = node as AstNode;
  const { callee } = call;
  const method = callee?.type === 'MemberExpression' ? callee.property?.value : undefined;
  if (call.type === 'CallExpression' && methods.includes(method as string) && call.args && call.args.length > 0) {
    call.args = [callee?.object, ...call.args];
    call.callee = { type: 'Identifier', value: functionOf(method as string) };
  }
  for (const inner of Object.values(node)) rewriteStrips(inner);
}

/** The functions that the calls become. */
export const stripFunctions: Readonly<Record<string, unknown>> = {
  [functionOf('strip')]: (text: string, characters: string) => strip(text, characters, true, true),
  [functionOf('lstrip')]: (text: string, characters: string) => strip(text, characters, true, false),
  [functionOf('rstrip')]: (text: string, characters: string) => strip(text, characters, false, true),
};

function strip(text: string, characters: string, atStart: boolean, atEnd: boolean): string {
  if (typeof text !== 'string') throw new Error('strip() of what is no text');
  const set = new Set(characters);
  const letters = [...text];
  const isKept = (letter: string) => !set.has(letter);
  const start = atStart ? letters.findIndex(isKept) : 0;
  const end = atEnd ? letters.findLastIndex(isKept) + 1 : letters.length;
  return start < 0 ? '' : letters.slice(start, end).join('');
}
