/** @file Parameters by Hugging Face's names in Python. */

/** An object with its names in camelCase: `top_k` as `topK`. Other values are unchanged. */
export function camelCaseKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name.replace(/(?<=[a-z0-9])_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      each,
    ]),
  );
}
