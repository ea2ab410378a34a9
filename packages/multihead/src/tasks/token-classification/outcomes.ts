/** @file Outcomes of token classification. */
import type { TokenClassificationExample } from '../../data/examples/token-classification/token-examples.js';
import type { Outcome } from '../outcome.js';
import { entitiesIn, type FoundEntity, joined } from './reading.js';
import type { TagPrediction, TokenClassification } from './token-classification.js';

/**
 * Returns the outcomes of a token classification evaluation. A sentence with a wrong or missing entity is a mistake.
 */
export function tagOutcomes(
  task: Pick<TokenClassification, 'reading' | 'ownTags'>,
  predictions: readonly TagPrediction[],
  examples: readonly TokenClassificationExample[],
  from = 0,
): Outcome[] {
  const reading = task.reading();
  return examples.map((example, i) => {
    const { tokens, line } = example;
    const { tags, scores } = predictions[i] as TagPrediction;
    const right = task.ownTags(example);
    const [reference, prediction] = [right, tags].map((each) => entitiesIn(tokens, each, reading).map(named));
    const places = (of: readonly string[]) => entitiesIn(tokens, of, reading).map(placeOf);
    const [expected, found] = [places(right), new Set(places(tags))];
    const all = expected.length + found.size;
    const f1 = all === 0 ? 1 : (2 * expected.filter((place) => found.has(place)).length) / all;
    const accuracy = tags.filter((tag, k) => tag === right[k]).length / Math.max(1, tags.length);
    const confidence = scores.length > 0 ? Math.min(...scores) : 0;
    return {
      id: String(line ?? from + i),
      text: joined(tokens),
      confidence,
      reference: reference as readonly string[],
      prediction: prediction as readonly string[],
      scores: { f1, accuracy },
      isMistake: f1 < 1,
      badness: (1 - f1) * (1 + confidence),
    };
  });
}

const named = ({ text, type }: FoundEntity): string => `${text} (${type})`;

const placeOf = ({ start, end, type }: FoundEntity): string => `${start}:${end}:${type}`;
