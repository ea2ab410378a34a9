/**
 * @file Tagging schemes read strictly, as seqeval 1.2.2's `scheme.py` does: what does not begin and end as its scheme
 * demands is no entity.
 */
import { UserError } from '../../platform/errors.js';
import { outsideTag, type ReadTag } from './tags.js';

/** A tagging scheme. */
export type TaggingScheme = 'IOB1' | 'IOB2' | 'IOE1' | 'IOE2' | 'IOBES' | 'BILOU';

/** Two neighbouring tags: letters that the first may have, those of the second, and whether their types are the same. */
type Pattern = readonly [previous: string, current: string, types: 'same' | 'different' | 'any'];

interface Scheme {
  /** The letters that there are. */
  readonly prefixes: string;
  /** The second tag begins an entity. */
  readonly start: readonly Pattern[];
  /** The second tag continues the entity that the first one is in. */
  readonly inside: readonly Pattern[];
  /** The entity that the first tag is in may end there. */
  readonly end: readonly Pattern[];
}

const any = 'IOBESUL';

const schemes: Readonly<Record<TaggingScheme, Scheme>> = {
  IOB1: {
    prefixes: 'IOB',
    start: [
      ['OB', 'I', 'any'],
      ['I', 'I', 'different'],
      ['IB', 'B', 'same'],
    ],
    inside: [['BI', 'I', 'same']],
    end: [
      ['IB', 'I', 'different'],
      ['I', 'OB', 'any'],
      ['B', 'O', 'any'],
      ['B', 'B', 'same'],
    ],
  },
  IOB2: {
    prefixes: 'IOB',
    start: [[any, 'B', 'any']],
    inside: [['BI', 'I', 'same']],
    end: [
      ['IB', 'OB', 'any'],
      ['IB', 'I', 'different'],
    ],
  },
  IOE1: {
    prefixes: 'IOE',
    start: [
      ['OE', 'I', 'any'],
      ['I', 'I', 'different'],
      ['E', 'E', 'same'],
    ],
    inside: [['I', 'IE', 'same']],
    end: [
      ['I', 'IE', 'different'],
      ['I', 'O', 'any'],
      ['E', 'IE', 'same'],
    ],
  },
  IOE2: {
    prefixes: 'IOE',
    start: [
      ['OE', 'IE', 'any'],
      ['I', 'IE', 'different'],
    ],
    inside: [['I', 'IE', 'same']],
    end: [['E', any, 'any']],
  },
  IOBES: {
    prefixes: 'IOBES',
    start: [[any, 'BS', 'any']],
    inside: [['BI', 'IE', 'same']],
    end: [['SE', any, 'any']],
  },
  BILOU: {
    prefixes: 'BILOU',
    start: [[any, 'BU', 'any']],
    inside: [['BI', 'IL', 'same']],
    end: [['UL', any, 'any']],
  },
};

/** The names of the schemes. */
export const taggingSchemes = Object.keys(schemes) as readonly TaggingScheme[];

/**
 * The entities of a sentence's tags: first token, and the one behind the last.
 *
 * @throws UserError for a tag that the scheme does not have
 */
export function strictEntities(tags: readonly ReadTag[], scheme: TaggingScheme): [start: number, end: number][] {
  const { prefixes, start, inside, end } = schemes[scheme];
  const at = (index: number): ReadTag => tags[index] ?? outsideTag;
  const found: [number, number][] = [];
  let previous = outsideTag;
  for (let i = 0; i < tags.length; ) {
    const first = at(i);
    if (!prefixes.includes(first.prefix)) {
      throw new UserError(
        `the tag ${JSON.stringify(first.tag)} is none of the scheme ${scheme}, whose tags begin with ${listed(prefixes)}`,
      );
    }
    const begin = i++;
    if (matches(start, previous, first)) {
      while (i < tags.length && matches(inside, at(i - 1), at(i))) i++;
      if (matches(end, at(i - 1), at(i))) found.push([begin, i]);
    }
    previous = at(i - 1);
  }
  return found;
}

const matches = (patterns: readonly Pattern[], previous: ReadTag, current: ReadTag): boolean =>
  patterns.some(
    ([before, now, types]) =>
      before.includes(previous.prefix) &&
      now.includes(current.prefix) &&
      (types === 'any' || (types === 'same') === (previous.type === current.type)),
  );

const listed = (prefixes: string): string => [...prefixes].join(', ');

/** Which letters a scheme that is found by its tags has, and which must be among them. */
const detected: readonly (readonly [TaggingScheme, has: string, needs: RegExp])[] = [
  ['IOB2', 'IOB', /B/],
  ['IOE2', 'IOE', /E/],
  ['IOBES', 'IOBES', /B.*E|^S$/],
  ['BILOU', 'BILOU', /B.*L|^U$/],
];

/**
 * The scheme of tags, found by their letters: IOB2, IOE2, IOBES or BILOU (IOB1 and IOE1 have no letters of their own).
 *
 * @throws UserError where the letters are of no scheme
 */
export function schemeOf(tags: readonly ReadTag[]): TaggingScheme {
  const letters = [...new Set(tags.map(({ prefix }) => prefix))].sort().join('');
  const found = detected.find(
    ([, has, needs]) => [...letters].every((letter) => has.includes(letter)) && needs.test(letters),
  );
  if (found) return found[0];
  throw new UserError(
    `the tags begin with ${listed(letters) || 'nothing'}, as in no scheme that can be told by them; ` +
      `name one of ${taggingSchemes.join(', ')}`,
  );
}
