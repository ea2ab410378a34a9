/** @file Options that there are not are refused, and the likely one is named: a slip would have no effect otherwise. */
import { distance } from 'fastest-levenshtein';
import { UserError } from './errors.js';

/** The names of an options type. The compiler sees to it that all of them are there, and no others. */
export const namesOf = <Options>(names: Readonly<Record<keyof Options, true>>): readonly string[] => Object.keys(names);

/**
 * Refuses options that there are not. One whose value is undefined counts as left out.
 *
 * @param given what the user gave, of any type
 * @param names what there is; {@link namesOf} lists it
 * @param of    what the options are of, for the message: `fill-mask`
 * @param likelyOf the name that was probably meant
 * @throws UserError that names the option, the likely one, and all that there are
 * @example
 * checkOptionNames({ top_k: 1 }, ['topK', 'targets'], 'fill-mask')
 * // fill-mask: there is no option "top_k"; there are: topK, targets. Did you mean topK?
 */
export function checkOptionNames(
  given: unknown,
  names: readonly string[],
  of: string,
  likelyOf: (name: string) => string | undefined = (name) => likelyName(name, names),
): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new UserError(
      `${of}: the options are ${JSON.stringify(given)}; expected an object such as { ${names[0]}: ... }`,
    );
  }
  const unknown = Object.entries(given).find(([name, value]) => value !== undefined && !names.includes(name));
  if (!unknown) return;
  const [name] = unknown;
  const likely = likelyOf(name);
  const hint = likely === undefined ? '' : `. Did you mean ${likely}?`;
  throw new UserError(`${of}: there is no option "${name}"; there are: ${names.join(', ')}${hint}`);
}

/**
 * Refuses a value that is none of an option's choices.
 *
 * @throws UserError that lists the choices, and names the one that was probably meant
 * @example
 * checkChoice('pooling', 'maen', ['mean', 'cls'])   // pooling is "maen"; it must be one of mean, cls. Did you mean mean?
 */
export function checkChoice<Choice extends string>(
  name: string,
  value: unknown,
  choices: readonly Choice[],
): asserts value is Choice {
  if (choices.includes(value as Choice)) return;
  const likely = likelyName(String(value), choices);
  const hint = likely === undefined ? '' : `. Did you mean ${likely}?`;
  throw new UserError(`${name} is ${JSON.stringify(value)}; it must be one of ${choices.join(', ')}${hint}`);
}

/**
 * The name that was probably meant, undefined where none is near. Python's names with underscores are near to ours, and so are the
 * same letters in another order.
 *
 * @example
 * likelyName('temprature', ['temperature', 'topP'])   // 'temperature'
 */
export function likelyName(given: string, names: readonly string[]): string | undefined {
  const plain = (name: string) => name.replaceAll(/[-_]/g, '').toLowerCase();
  const letters = (name: string) => [...plain(name)].sort().join('');
  const apartFrom = (name: string) => {
    const edits = distance(plain(given), plain(name));
    return letters(given) === letters(name) ? Math.min(edits, 1) : edits;
  };
  const near = names
    .map((name) => ({ name, apart: apartFrom(name) }))
    .filter(({ name, apart }) => apart <= Math.max(1, Math.floor(Math.min(name.length, given.length) / 3)))
    .sort((a, b) => a.apart - b.apart);
  return near[0]?.name;
}
