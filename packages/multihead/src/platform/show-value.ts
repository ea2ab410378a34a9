/** @file A value as messages show it. */

/** Levels of lists and objects that are shown. */
const maxDepth = 6;

/**
 * A value as JSON would write it, and what JSON cannot write: integers beyond 2^53, NaN, functions.
 *
 * @example
 * showValue({ id: 9007199254740993n })   // {"id":9007199254740993}
 * showValue([1, Number.NaN])             // [1,NaN]
 */
export function showValue(value: unknown, depth = 0): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  if (depth === maxDepth) return '...';
  if (Array.isArray(value)) return `[${value.map((item) => showValue(item, depth + 1)).join(',')}]`;
  if ('toJSON' in value) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return `{${entries.map(([name, item]) => `${JSON.stringify(name)}:${showValue(item, depth + 1)}`).join(',')}}`;
}
