/** @file A value of a file as messages show it. */

/**
 * A value as JSON would write it, and what JSON cannot write: integers beyond 2^53, NaN.
 *
 * @example
 * showValue({ id: 9007199254740993n })   // {"id":"9007199254740993"}
 * showValue(Number.NaN)                  // NaN
 */
export function showValue(value: unknown): string {
  if (typeof value === 'bigint' || typeof value === 'number') return `${value}`;
  return (
    JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? `${inner}` : inner)) ?? String(value)
  );
}
