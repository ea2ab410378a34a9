/**
 * @file Checks that ids are within a model's embeddings. The engine's own errors would be obscure, or it would read
 *   another row.
 */
import { UserError } from '../../platform/errors.js';

/** Sizes of a model's embeddings. */
export interface NumberLimits {
  readonly vocabSize: number;
  /** For models that distinguish the texts of a pair. */
  readonly typeVocabSize?: number | undefined;
}

/** Limits of a model's inputs. */
export interface ReadLimits extends NumberLimits {
  /** Maximum number of tokens of a text. */
  readonly maxLength: number;
}

type Numbers = ArrayLike<number | bigint>;

/** @throws UserError for a token or a token type that the model lacks */
export function checkNumbers(
  tokens: Numbers,
  types: Numbers | undefined,
  { vocabSize, typeVocabSize }: NumberLimits,
): void {
  const token = firstOutside(tokens, vocabSize);
  if (token !== undefined) {
    throw new UserError(
      `token number ${token}, but the model's vocabulary has ${vocabSize} tokens, from 0 on. ` +
        'Tokenizer and model do not belong together.',
    );
  }
  const type = types && typeVocabSize !== undefined ? firstOutside(types, typeVocabSize) : undefined;
  if (type === undefined) return;
  throw new UserError(
    `token type ${type}, but the model has ${typeVocabSize} (type_vocab_size in config.json): it does not tell the second ` +
      'text of a pair from the first. Give it single texts, or a model for pairs.',
  );
}

function firstOutside(numbers: Numbers, size: number): number | bigint | undefined {
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i] as number | bigint;
    if (number < 0 || number >= size) return number;
  }
  return undefined;
}
