/** @file The entities that the tags of a sentence mark, as seqeval (https://github.com/chakki-works/seqeval) finds them. */
import { UserError } from '../../platform/errors.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import { schemeOf, strictEntities, type TaggingScheme, taggingSchemes } from './schemes.js';
import { outsideTag, type ReadTag, readTag, readTagStrictly } from './tags.js';

/** An entity: the tokens [start, end) of a sentence. */
export interface Entity {
  /** What kind of entity: `PER` of `B-PER`. `_` where the tags name none. */
  readonly type: string;
  /** Its first token, counted from 0. */
  readonly start: number;
  /** The token behind its last. */
  readonly end: number;
}

/** Options for reading tags. */
export interface EntityOptions {
  /**
   * `default`: leniently, as the script conlleval of CoNLL-2000: an entity may begin with `I-`, and L and U mean nothing.
   * `strict`: only what begins and ends as the scheme demands is an entity. Default: `default`.
   */
  readonly mode?: 'default' | 'strict';
  /** The scheme of strict mode. Default: found by the letters of the tags (IOB2, IOE2, IOBES or BILOU). */
  readonly scheme?: TaggingScheme | undefined;
  /** Whether the letter stands at the end of a tag: `PER-B`. Default: false. */
  readonly suffix?: boolean;
}

export const entityOptionNames = namesOf<EntityOptions>({ mode: true, scheme: true, suffix: true });

/**
 * Finds the entities of a sentence's tags.
 *
 * @param tags one for each token: `O`, `B-PER`, `I-PER`
 * @throws UserError for an empty tag; in strict mode, for tags of no scheme or of another than the one named
 * @example
 * entitiesOf(['B-PER', 'I-PER', 'O', 'B-LOC'])
 * // [{ type: 'PER', start: 0, end: 2 }, { type: 'LOC', start: 3, end: 4 }]
 */
export function entitiesOf(tags: readonly string[], options: EntityOptions = {}): Entity[] {
  checkOptionNames(options, entityOptionNames, 'entitiesOf');
  return entityReader([tags], options)([tags])[0] as Entity[];
}

/** The entities of all sentences, those of each in a list. */
export type EntityReader = (sentences: readonly (readonly string[])[]) => Entity[][];

/**
 * What finds entities by the options.
 *
 * @param known sentences that tell the scheme, where it is not named
 * @throws UserError for a mode or scheme that there is not
 */
export function entityReader(
  known: readonly (readonly string[])[],
  { mode = 'default', scheme, suffix = false }: EntityOptions,
): EntityReader {
  if (mode !== 'default' && mode !== 'strict') throw new UserError(`mode is ${mode}; default or strict was expected`);
  if (scheme !== undefined && !taggingSchemes.includes(scheme)) {
    throw new UserError(`scheme is ${scheme}; one of ${taggingSchemes.join(', ')} was expected`);
  }
  if (mode === 'default') return (sentences) => defaultEntities(sentences, suffix);
  const read = (tags: readonly string[]) => tags.map((tag) => readTagStrictly(tag, suffix));
  const found = scheme ?? schemeOf(known.flatMap(read));
  return (sentences) =>
    sentences.map((sentence) => {
      const tags = read(sentence);
      return strictEntities(tags, found).map(([start, end]) => ({ type: (tags[start] as ReadTag).type, start, end }));
    });
}

/**
 * seqeval's default mode, which is conlleval's: between any two tags it asks whether an entity ends and whether one begins.
 * seqeval strings all sentences together, with an O behind each; so it is done here, since where tags are malformed, what
 * it finds depends on what stood before.
 */
function defaultEntities(sentences: readonly (readonly string[])[], suffix: boolean): Entity[][] {
  let previous: ReadTag = { ...outsideTag, type: '' };
  let begin = 0; // counted from the sentence's first token
  return sentences.map((sentence) => {
    const entities: Entity[] = [];
    for (const [i, tag] of [...sentence.map((each) => readTag(each, suffix)), outsideTag].entries()) {
      if (endsBetween(previous, tag)) entities.push({ type: previous.type, start: begin, end: i });
      if (beginsBetween(previous, tag)) begin = i;
      previous = tag;
    }
    begin -= sentence.length + 1;
    return entities;
  });
}

function endsBetween(previous: ReadTag, tag: ReadTag): boolean {
  const { prefix } = previous;
  if (prefix === 'E' || prefix === 'S') return true;
  if ((prefix === 'B' || prefix === 'I') && 'BSO'.includes(tag.prefix)) return true;
  return prefix !== 'O' && prefix !== '.' && previous.type !== tag.type;
}

function beginsBetween(previous: ReadTag, tag: ReadTag): boolean {
  const { prefix } = tag;
  if (prefix === 'B' || prefix === 'S') return true;
  if ((prefix === 'E' || prefix === 'I') && 'ESO'.includes(previous.prefix)) return true;
  return prefix !== 'O' && prefix !== '.' && previous.type !== tag.type;
}
