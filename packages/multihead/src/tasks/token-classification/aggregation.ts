/** @file Aggregates tagged tokens to entities, by the rules of Transformers' TokenClassificationPipeline. */

/** How tokens are aggregated to entities. */
export type AggregationStrategy = 'none' | 'simple' | 'first' | 'average' | 'max';

/** All aggregation strategies. */
export const aggregationStrategies: readonly AggregationStrategy[] = ['none', 'simple', 'first', 'average', 'max'];

/** A token with the probability of each tag. */
export interface TextToken {
  readonly id: number;
  /** As the vocabulary has it; what the vocabulary lacks, as the text has it. */
  readonly word: string;
  /** The probability of each tag. */
  readonly scores: readonly number[];
  /** Its start in the text, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** Its index in the window; [CLS] is 0. */
  readonly index: number;
  /** Whether it continues the word of the token before. */
  readonly isSubword: boolean;
}

/** A token with its most likely tag. */
export interface TaggedToken {
  /** The tag: `B-PER`. */
  readonly entity: string;
  /** Its probability. */
  readonly score: number;
  /** Its index in the text; [CLS] is 0. */
  readonly index: number;
  /** As the vocabulary has it: `##soft`. */
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

/** An entity: adjacent tokens of the same type. */
export interface EntityGroup {
  /** Its type: `PER`. */
  readonly entityGroup: string;
  /** The mean of its tokens' (or words') scores. */
  readonly score: number;
  /** Its decoded tokens. The original text is `text.slice(start, end)`. */
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

/** An entity before its tokens are decoded. */
export interface TokenGroup extends Omit<EntityGroup, 'word'> {
  readonly tokens: readonly TextToken[];
}

/** A token, or all tokens of a word, with one tag. */
interface Tagged {
  readonly entity: string;
  readonly score: number;
  readonly tokens: readonly TextToken[];
}

/** Each token with its most likely tag. */
export const taggedTokens = (tokens: readonly TextToken[], labels: readonly string[]): TaggedToken[] =>
  tokens.map(({ scores, index, word, start, end }) => {
    const best = highest(scores);
    return { entity: labels[best] as string, score: scores[best] as number, index, word, start, end };
  });

/** The entities of a window's tokens. */
export function tokenGroups(
  tokens: readonly TextToken[],
  labels: readonly string[],
  strategy: Exclude<AggregationStrategy, 'none'>,
): TokenGroup[] {
  const words = strategy === 'simple' ? tokens.map((token) => [token]) : wordsOf(tokens);
  const groups: Tagged[][] = [];
  for (const word of words) {
    const tagged = tagWord(word, labels, strategy);
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (group && last && continues(last.entity, tagged.entity)) group.push(tagged);
    else groups.push([tagged]);
  }
  return groups.map((group) => {
    const all = group.flatMap((each) => each.tokens);
    return {
      entityGroup: kindOf((group[0] as Tagged).entity),
      score: mean(group.map(({ score }) => score)),
      start: (all[0] as TextToken).start,
      end: (all.at(-1) as TextToken).end,
      tokens: all,
    };
  });
}

/**
 * Of entities that overlap, as windows do, the longer one; of equal length the surer one.
 *
 * @param groups of all windows of a text
 */
export function withoutOverlaps<Group extends TokenGroup>(groups: readonly Group[]): Group[] {
  const kept: Group[] = [];
  for (const group of [...groups].sort((a, b) => a.start - b.start)) {
    const last = kept.at(-1);
    if (!last || group.start >= last.end) {
      kept.push(group);
      continue;
    }
    const longer = group.end - group.start - (last.end - last.start);
    if (longer > 0 || (longer === 0 && group.score > last.score)) kept[kept.length - 1] = group;
  }
  return kept;
}

function wordsOf(tokens: readonly TextToken[]): TextToken[][] {
  const words: TextToken[][] = [];
  for (const token of tokens) {
    const word = words.at(-1);
    if (word && token.isSubword) word.push(token);
    else words.push([token]);
  }
  return words;
}

/** One tag for all tokens of a word. */
function tagWord(tokens: readonly TextToken[], labels: readonly string[], strategy: AggregationStrategy): Tagged {
  const scores = { first: firstOf, simple: firstOf, max: surestOf, average: averageOf, none: firstOf }[strategy](
    tokens,
  );
  const best = highest(scores);
  return { entity: labels[best] as string, score: scores[best] as number, tokens };
}

const firstOf = ([first]: readonly TextToken[]): readonly number[] => (first as TextToken).scores;

const surestOf = (tokens: readonly TextToken[]): readonly number[] =>
  firstOf(tokens.toSorted((a, b) => Math.max(...b.scores) - Math.max(...a.scores)));

const averageOf = (tokens: readonly TextToken[]): readonly number[] =>
  firstOf(tokens).map((_, label) => mean(tokens.map(({ scores }) => scores[label] as number)));

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

const highest = (scores: readonly number[]): number => scores.indexOf(Math.max(...scores));

/** The kind of entity that a tag names: what is behind its first hyphen. */
const kindOf = (tag: string): string => tag.slice(tag.indexOf('-') + 1);

/**
 * Whether a tag continues the entity of the tag before. Transformers knows B- and I- alone; here S- and U- begin an entity as
 * B- does, and E- and L- end it, so that IOBES and BILOU are read, too.
 */
function continues(before: string, tag: string): boolean {
  return !/^[BSU]-/.test(tag) && !/^[ESLU]-/.test(before) && typeOf(before) === typeOf(tag);
}

const typeOf = (tag: string): string => (/^[BIESLU]-/.test(tag) ? tag.slice(2) : tag);
