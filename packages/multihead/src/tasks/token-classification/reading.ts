/** @file Conversion of tags to entities, lenient or strict. */
import { type Entity, entitiesOf } from '../../metrics/sequence-labeling/entities.js';
import type { TaggingScheme } from '../../metrics/sequence-labeling/schemes.js';

/** How tags are read. */
export interface TagReading {
  readonly mode: 'default' | 'strict';
  readonly scheme?: TaggingScheme | undefined;
}

/** How the tags of labels are read, as far as it is not said: leniently, but those of BILOU, which only that scheme knows, strictly. */
export function readingOf(labels: readonly string[], asked: Partial<TagReading> = {}): TagReading {
  const isBilou = labels.some((label) => /^[UL]-/.test(label));
  const { mode = isBilou ? 'strict' : 'default', scheme = isBilou ? 'BILOU' : undefined } = asked;
  return mode === 'strict' ? { mode, scheme } : { mode };
}

/** An entity in a sentence, in words. */
export interface FoundEntity extends Entity {
  /** Its words. */
  readonly text: string;
}

/** The entities that tags mark. Of Chinese and Japanese characters there is no space between. */
export function entitiesIn(tokens: readonly string[], tags: readonly string[], reading: TagReading): FoundEntity[] {
  return entitiesOf(tags, reading).map((entity) => ({
    ...entity,
    text: joined(tokens.slice(entity.start, entity.end)),
  }));
}

const wide = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+$/u;

/** Words with spaces between, where they have any. */
export const joined = (words: readonly string[]): string =>
  words
    .map((word, i) => (i === 0 || (wide.test(word) && wide.test(words[i - 1] as string)) ? word : ` ${word}`))
    .join('');
