/** @file Options of benchmarks, for `parseArgs`. */

/** An option that takes a text, with its default. */
export const string = (value?: string) => ({ type: 'string' as const, ...(value !== undefined && { default: value }) });
