/**
 * @file Masking for masked language modeling (Devlin et al. 2019, section 3.1): 15 % of the tokens are predicted; of
 *   those 80 % are replaced by [MASK], 10 % by another token, and 10 % are unchanged.
 */
import { UserError } from '../../platform/errors.js';
import type { Random } from '../../platform/random.js';
import type { Tokenizer } from '../../text/tokenizer/tokenizer.js';

/** Options of `Masking`. */
export interface MaskingOptions {
  /** Fraction of the tokens to predict. Default: 0.15. */
  readonly mlmProbability?: number;
  /** Whether all tokens of a word are masked together, so that none gives the others away. Default: true. */
  readonly wholeWordMasking?: boolean;
}

/** A text with masked tokens. */
export interface MaskedText {
  readonly inputIds: number[];
  /** Positions to predict, in ascending order. */
  readonly places: number[];
  /** Original tokens at these positions. */
  readonly labels: number[];
}

/** Masks tokens of texts; created once per tokenizer. */
export class Masking {
  private readonly maskId: number;
  private readonly vocabSize: number;
  private readonly isSpecial: Uint8Array;
  /** Tokens that are the first of a word, as far as they say so themselves. */
  private readonly begins: Uint8Array;
  /** Tokens that are the last of a word. */
  private readonly ends: Uint8Array;
  private readonly probability: number;

  /**
   * @throws UserError if the tokenizer has no mask token or does not define word boundaries, or for an invalid fraction
   */
  constructor(tokenizer: Tokenizer, { mlmProbability = 0.15, wholeWordMasking = true }: MaskingOptions = {}) {
    if (!(mlmProbability > 0 && mlmProbability < 1)) {
      throw new UserError(`mlmProbability is ${mlmProbability}; it must be a share above 0 and below 1, such as 0.15`);
    }
    const { maskId, vocabulary } = tokenizer;
    if (maskId === undefined) {
      throw new UserError(
        'The tokenizer has no mask token, which masked language modelling needs. Name one in tokenizer_config.json ' +
          '("mask_token": "[MASK]"), or pretrain text-generation instead.',
      );
    }
    this.maskId = maskId;
    this.probability = mlmProbability;
    this.vocabSize = Math.max(...vocabulary.values()) + 1;
    this.isSpecial = new Uint8Array(this.vocabSize);
    this.begins = new Uint8Array(this.vocabSize).fill(1);
    this.ends = new Uint8Array(this.vocabSize);
    for (const id of tokenizer.specialIds) this.isSpecial[id] = 1;
    if (wholeWordMasking) this.markWords(tokenizer);
  }

  private markWords({ vocabulary, wordBoundaries }: Tokenizer): void {
    if (!wordBoundaries) {
      throw new UserError(
        "wholeWordMasking hides the tokens of a word together, but this tokenizer's tokens do not say where words begin " +
          '(as ##ing, Ġgame and ▁game do). `wholeWordMasking: false` hides tokens by themselves.',
      );
    }
    for (const [token, id] of vocabulary) {
      this.begins[id] = Number(wordBoundaries.begins(token));
      this.ends[id] = Number(wordBoundaries.ends(token));
    }
  }

  /** Masks tokens of a text, except special tokens. A text without other tokens has no masked positions. */
  hide(ids: readonly number[], random: Random): MaskedText {
    const words = random.shuffle(this.words(ids));
    const tokens = words.reduce((sum, word) => sum + word.length, 0);
    const wanted = Math.max(1, Math.round(tokens * this.probability));
    const chosen: number[] = [];
    for (const word of words) {
      // As BERT's own code has it: a word too long for what is left is skipped, unless nothing is chosen yet.
      if (chosen.length > 0 && chosen.length + word.length > wanted) continue;
      chosen.push(...word);
      if (chosen.length >= wanted) break;
    }
    const places = chosen.sort((a, b) => a - b);
    const inputIds = [...ids];
    for (const place of places) inputIds[place] = this.disguise(ids[place] as number, random);
    return { inputIds, places, labels: places.map((place) => ids[place] as number) };
  }

  private disguise(id: number, random: Random): number {
    const draw = random.uniform();
    if (draw < 0.8) return this.maskId;
    return draw < 0.9 ? random.below(this.vocabSize) : id;
  }

  /** Returns the positions of each word's tokens. */
  private words(ids: readonly number[]): number[][] {
    const words: number[][] = [];
    let isInWord = false;
    for (const [place, id] of ids.entries()) {
      if (this.isSpecial[id]) {
        isInWord = false;
        continue;
      }
      if (isInWord && !this.begins[id]) words.at(-1)?.push(place);
      else words.push([place]);
      isInWord = !this.ends[id];
    }
    return words;
  }
}
