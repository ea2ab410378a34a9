/** @file What numbers a model's embeddings have rows for. The engine would tell of others in words of its own, or read another row. */
import { UserError } from '../../platform/errors.js';

/** Sizes of a model's embeddings. */
export interface NumberLimits {
  readonly vocabSize: number;
  /** Of models that tell texts of a pair apart. */
  readonly typeVocabSize?: number | undefined;
}

/** What a model can read. */
export interface ReadLimits extends NumberLimits {
  /** The most tokens of a text. */
  readonly maxLength: number;
}

type Numbers = ArrayLike<number | bigint>;

/** @throws UserError for a token or a token type that the model does not have */
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
