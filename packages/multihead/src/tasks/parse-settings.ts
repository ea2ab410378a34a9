/** @file Values of flags that are lists or several settings. */
import { UserError } from '../platform/errors.js';

/** A list with commas between. */
export const parseNames = (text: string): string[] => text.split(',').map((part) => part.trim());

/** `scale=20,symmetric=true`, or a JSON object. */
export function parseSettings(text: string): Record<string, unknown> {
  if (text.trimStart().startsWith('{')) {
    try {
      return JSON.parse(text) as Record<string, unknown>;
    } catch (error) {
      throw new UserError(`It is not valid JSON: ${(error as Error).message}.`);
    }
  }
  return Object.fromEntries(
    parseNames(text).map((pair) => {
      const [, name, value = ''] = /^([\w]+)\s*=\s*(\S+)$/.exec(pair) ?? [];
      if (name === undefined)
        throw new UserError(`"${pair}" is not a setting; name=value was expected, such as scale=20.`);
      if (value === 'true' || value === 'false') return [name, value === 'true'];
      return [name, Number.isNaN(Number(value)) ? value : Number(value)];
    }),
  );
}
