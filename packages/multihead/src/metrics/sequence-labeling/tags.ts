/** @file Tags taken apart: `B-PER` is the letter B and the type PER. */
import { UserError } from '../../platform/errors.js';

/** A tag in its parts. */
export interface ReadTag {
  /** As it is written. */
  readonly tag: string;
  /** Where in an entity the token is, by the scheme: B, I, O, E, S, L, U. */
  readonly prefix: string;
  /** The kind of entity; `_` where the tag names none. */
  readonly type: string;
}

/** What stands before and behind a sentence. */
export const outsideTag: ReadTag = { tag: 'O', prefix: 'O', type: '_' };

/**
 * Takes a tag apart as seqeval's default mode does: a letter, and what is behind the first hyphen.
 *
 * @param suffix whether the letter stands at the end: `PER-B`
 */
export function readTag(tag: string, suffix: boolean): ReadTag {
  const [prefix, rest] = partsOf(tag, suffix);
  const hyphen = suffix ? rest.lastIndexOf('-') : rest.indexOf('-');
  const type = hyphen < 0 ? rest : suffix ? rest.slice(0, hyphen) : rest.slice(hyphen + 1);
  return { tag, prefix, type: type || '_' };
}

/** Takes a tag apart as seqeval's strict mode does: a letter, and what is left without hyphens around it. */
export function readTagStrictly(tag: string, suffix: boolean): ReadTag {
  const [prefix, rest] = partsOf(tag, suffix);
  return { tag, prefix, type: rest.replace(/^-+|-+$/g, '') || '_' };
}

function partsOf(tag: string, suffix: boolean): [prefix: string, rest: string] {
  const characters = [...tag];
  if (characters.length === 0) throw new UserError('a tag is empty; a tag such as "O" or "B-PER" was expected');
  const prefix = (suffix ? characters.pop() : characters.shift()) as string;
  return [prefix, characters.join('')];
}
