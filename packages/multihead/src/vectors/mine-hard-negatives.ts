/**
 * @file Negatives that are hard to tell from positives: texts near to a query that do not answer it, as `mine_hard_negatives` of
 *   sentence-transformers finds them.
 */
import { UserError } from '../platform/errors.js';
import { checkOptionNames, namesOf } from '../platform/option-names.js';
import { Random } from '../platform/random.js';
import { showValue } from '../platform/show-value.js';
import { scoreFunctionNamed } from './score-functions.js';
import { semanticSearch } from './semantic-search.js';
import { checkCount, type Vectors } from './vectors.js';

/** A query and a text that answers it. A query may stand in several pairs. */
export interface PositivePair {
  readonly anchor: string;
  readonly positive: string;
}

/** Options of {@link mineHardNegatives}. */
export interface HardNegativeOptions {
  /** Makes vectors of queries, and of documents unless `embedDocuments` does. */
  readonly embed: (texts: string[]) => Promise<Vectors>;
  /** Makes vectors of documents, such as with a prompt of their own. */
  readonly embedDocuments?: ((texts: string[]) => Promise<Vectors>) | undefined;
  /** Texts among which negatives are sought, beside all positives. Default: none. */
  readonly corpus?: readonly string[] | undefined;
  /** Number of negatives of each pair. Default: 3. */
  readonly numNegatives?: number | undefined;
  /** Number of the nearest candidates that are skipped. Default: 0. */
  readonly rangeMin?: number | undefined;
  /**
   * Number of the nearest candidates that are considered. Default: as many as needed, and ten times `numNegatives` where
   * candidates may be refused by their scores.
   */
  readonly rangeMax?: number | undefined;
  /** The greatest score of a negative. */
  readonly maxScore?: number | undefined;
  /** The least score of a negative. */
  readonly minScore?: number | undefined;
  /** How much lower a negative's score must be than that of the query's lowest positive. */
  readonly absoluteMargin?: number | undefined;
  /** The same as a share of the positive's score: 0.05 keeps negatives of at most 95 % of it. */
  readonly relativeMargin?: number | undefined;
  /** `top`: the nearest candidates; `random`: a random choice of all that are left. Default: `top`. */
  readonly samplingStrategy?: 'top' | 'random' | undefined;
  /** Seed of the choice, a whole number. Default: 42. */
  readonly seed?: number | undefined;
  /** Scores documents for a query in place of cosines, by a cross-encoder, say: a number for each, in their order. Default: cosines. */
  readonly score?: ((query: string, documents: readonly string[]) => Promise<readonly number[]>) | undefined;
}

const optionNames = namesOf<HardNegativeOptions>({
  embed: true,
  embedDocuments: true,
  corpus: true,
  numNegatives: true,
  rangeMin: true,
  rangeMax: true,
  maxScore: true,
  minScore: true,
  absoluteMargin: true,
  relativeMargin: true,
  samplingStrategy: true,
  seed: true,
  score: true,
});

/** A pair with its negatives. */
export interface MinedPair extends PositivePair {
  /** Score of the positive. */
  readonly score: number;
  /** Highest score first; fewer than asked for, where no more are left. */
  readonly negatives: readonly { readonly text: string; readonly score: number }[];
}

/**
 * Finds hard negatives for pairs of a query and a text that answers it. Texts that answer the same query are not among them, nor
 * is the query itself where it is in the corpus (sentence-transformers keeps it as a candidate).
 *
 * @returns the pairs in the order of their queries' first appearance, each once
 * @throws UserError for no pairs, ranges that leave no candidates, and vectors or scores that are not one for each text
 * @example
 * import { pipeline } from 'multihead';
 * import { mineHardNegatives } from 'multihead/vectors';
 * const embed = await pipeline('feature-extraction', 'all-MiniLM-L6-v2');
 * const pairs = [
 *   { anchor: 'Where is my parcel?', positive: 'Parcels take two days.' },
 *   { anchor: 'When are you open?', positive: 'From nine to five.' },
 * ];
 * await mineHardNegatives(pairs, { embed, numNegatives: 1, relativeMargin: 0.05 });
 */
export async function mineHardNegatives(
  pairs: readonly PositivePair[],
  options: HardNegativeOptions,
): Promise<MinedPair[]> {
  checkOptionNames(options, optionNames, 'mineHardNegatives');
  const documents = [...new Set([...(options.corpus ?? []), ...pairs.map(({ positive }) => positive)])];
  const rowOf = new Map(documents.map((text, row) => [text, row]));
  const positivesOf = new Map<string, Set<number>>();
  const pairsOf = new Map<string, number>();
  for (const { anchor, positive } of pairs) {
    const rows = positivesOf.get(anchor) ?? new Set();
    positivesOf.set(anchor, rows.add(rowOf.get(positive) as number));
    pairsOf.set(anchor, (pairsOf.get(anchor) ?? 0) + 1);
  }
  const mostPositives = [...pairsOf.values()].reduce((most, count) => Math.max(most, count), 0);
  const settings = checked(options, pairs.length, mostPositives);
  const queries = [...positivesOf.keys()];
  const embedDocuments = options.embedDocuments ?? options.embed;
  const ofQueries = checkedVectors(await options.embed(queries), queries, 'embed');
  const ofDocuments = checkedVectors(
    await embedDocuments(documents),
    documents,
    options.embedDocuments ? 'embedDocuments' : 'embed',
  );
  const candidates = settings.rangeMax + mostPositives;
  // One more: a query that is in the corpus is the nearest to itself.
  const found = await semanticSearch(ofQueries, ofDocuments, { topK: candidates + 1 });
  const [, size] = ofQueries.shape;
  const { pair: cosine } = scoreFunctionNamed('cosine');
  const random = new Random(BigInt(settings.seed));
  const mined: MinedPair[] = [];
  for (const [row, anchor] of queries.entries()) {
    const positives = [...(positivesOf.get(anchor) as Set<number>)];
    const others = (found[row] ?? []).filter(({ corpusId }) => corpusId !== rowOf.get(anchor));
    const scored = await scoresOf(
      { query: anchor, positives, candidates: others.slice(0, candidates) },
      {
        options,
        documents,
        cosine: (document) => cosine(ofQueries.data, row * size, ofDocuments.data, document * size, size),
      },
    );
    const chosen = choose(scored, positives, settings, random);
    for (const [i, document] of positives.entries()) {
      const score = scored.positives[i] as number;
      const negatives = chosen.map(([id, score]) => ({ text: documents[id] as string, score }));
      mined.push({ anchor, positive: documents[document] as string, score, negatives });
    }
  }
  return mined;
}

function checkedVectors(vectors: Vectors, texts: readonly string[], name: string): Vectors {
  const [count] = vectors.shape;
  if (count === texts.length) return vectors;
  throw new UserError(
    `mineHardNegatives: ${name} returned ${count} vectors for ${texts.length} texts; expected one for each`,
  );
}

type Scored = readonly [document: number, score: number];

/** Scores of a query's positives and of its candidates, by cosine or by the given function. */
async function scoresOf(
  {
    query,
    positives,
    candidates,
  }: {
    readonly query: string;
    readonly positives: readonly number[];
    readonly candidates: readonly { readonly corpusId: number; readonly score: number }[];
  },
  {
    options,
    documents,
    cosine,
  }: {
    readonly options: HardNegativeOptions;
    readonly documents: readonly string[];
    readonly cosine: (document: number) => number;
  },
): Promise<{ readonly positives: readonly number[]; readonly candidates: readonly Scored[] }> {
  const ids = candidates.map(({ corpusId }) => corpusId);
  if (!options.score) {
    return { positives: positives.map(cosine), candidates: candidates.map(({ corpusId, score }) => [corpusId, score]) };
  }
  const scores = await options.score(
    query,
    [...positives, ...ids].map((id) => documents[id] as string),
  );
  if (scores.length !== positives.length + ids.length) {
    throw new UserError(
      `mineHardNegatives: score gave ${scores.length} scores of ${positives.length + ids.length} documents`,
    );
  }
  const odd = scores.findIndex((score: unknown) => typeof score !== 'number' || !Number.isFinite(score));
  if (odd >= 0) {
    throw new UserError(
      `mineHardNegatives: score gave ${showValue(scores[odd])} for document ${odd}; a number for each was expected, in the order of the documents`,
    );
  }
  const ofCandidates = ids.map((id, i): Scored => [id, scores[positives.length + i] as number]);
  return { positives: scores.slice(0, positives.length), candidates: ofCandidates };
}

type Settings = ReturnType<typeof checked>;

/** The negatives of a query: what is no positive and within all bounds, by its score. */
function choose(
  {
    positives: ofPositives,
    candidates,
  }: { readonly positives: readonly number[]; readonly candidates: readonly Scored[] },
  positives: readonly number[],
  { rangeMin, rangeMax, numNegatives, samplingStrategy, bounds }: Settings,
  random: Random,
): Scored[] {
  const { maxScore, minScore, absoluteMargin, relativeMargin } = bounds;
  const lowest = Math.min(...ofPositives);
  const isLeft = ([document, score]: Scored): boolean =>
    !positives.includes(document) &&
    (absoluteMargin === undefined || score + absoluteMargin <= lowest) &&
    (relativeMargin === undefined || score <= lowest - Math.abs(lowest) * relativeMargin) &&
    (maxScore === undefined || score <= maxScore) &&
    (minScore === undefined || score >= minScore);
  const left = candidates
    .filter(isLeft)
    .sort(([, a], [, b]) => b - a)
    .slice(0, rangeMax)
    .slice(rangeMin);
  if (samplingStrategy === 'top' || left.length <= numNegatives) return left.slice(0, numNegatives);
  const places = [...left.keys()];
  for (let i = 0; i < numNegatives; i++) {
    const j = i + random.below(places.length - i);
    [places[i], places[j]] = [places[j] as number, places[i] as number];
  }
  return places
    .slice(0, numNegatives)
    .sort((a, b) => a - b)
    .map((place) => left[place] as Scored);
}

/**
 * Whether the nearest candidates may be refused by their scores. `minScore` refuses the nearest only where others than cosines
 * are bounded, as in sentence-transformers.
 */
const hasBounds = ({ maxScore, minScore, absoluteMargin, relativeMargin, score }: HardNegativeOptions): boolean =>
  [maxScore, absoluteMargin, relativeMargin, score && minScore].some((bound) => bound !== undefined);

function checked(options: HardNegativeOptions, pairs: number, mostPositives: number) {
  const { numNegatives = 3, rangeMin = 0, samplingStrategy = 'top', seed = 42 } = options;
  if (pairs === 0) throw new UserError('mineHardNegatives: there are no pairs');
  checkCount('numNegatives', numNegatives);
  checkCount('rangeMin', rangeMin, 0);
  if (!Number.isSafeInteger(seed)) throw new UserError(`seed is ${showValue(seed)}; it must be a whole number`);
  if (samplingStrategy !== 'top' && samplingStrategy !== 'random') {
    throw new UserError(`samplingStrategy is ${showValue(samplingStrategy)}; there are: top, random`);
  }
  const perNegative = hasBounds(options) ? 10 : 1;
  const rangeMax = options.rangeMax ?? rangeMin + perNegative * numNegatives + mostPositives;
  checkCount('rangeMax', rangeMax);
  if (numNegatives > rangeMax - rangeMin) {
    throw new UserError(
      `mineHardNegatives: rangeMin ${rangeMin} and rangeMax ${rangeMax} leave ${Math.max(rangeMax - rangeMin, 0)} candidates; ` +
        `numNegatives is ${numNegatives}`,
    );
  }
  const { maxScore, minScore, absoluteMargin, relativeMargin } = options;
  const bounds = { maxScore, minScore, absoluteMargin, relativeMargin };
  for (const [name, bound] of Object.entries(bounds)) {
    if (bound === undefined || (typeof bound === 'number' && !Number.isNaN(bound))) continue;
    throw new UserError(`${name} is ${showValue(bound)}; it must be a number`);
  }
  if (minScore !== undefined && maxScore !== undefined && minScore > maxScore) {
    throw new UserError(`minScore is ${minScore}, above maxScore, ${maxScore}; no negative could have such a score`);
  }
  return { numNegatives, rangeMin, rangeMax, samplingStrategy, seed, bounds };
}
