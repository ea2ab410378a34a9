/**
 * @file Which tokens are hidden for masked language modelling, and behind what (Devlin et al. 2019, section 3.1): 15 % of
 * the tokens are to be guessed; of those 80 % become [MASK], 10 % another token, 10 % stay as they are.
 */
import { UserError } from '../../platform/errors.js';
import type { Random } from '../../platform/random.js';
import type { Tokenizer } from '../../text/tokenizer/tokenizer.js';

/** How tokens are chosen. */
export interface MaskingOptions {
  /** Share of the tokens that are to be guessed. Default: 0.15. */
  readonly mlmProbability?: number;
  /** Whether the pieces of a word are hidden together, so that none gives the others away. Default: true. */
  readonly wholeWordMasking?: boolean;
}

/** A text with some of its tokens hidden. */
export interface MaskedText {
  readonly inputIds: number[];
  /** Places that are to be guessed, rising. */
  readonly places: number[];
  /** What stood there. */
  readonly labels: number[];
}

/** Hides tokens of texts; made once for a tokenizer. */
export class Masking {
  private readonly maskId: number;
  private readonly vocabSize: number;
  private readonly isSpecial: Uint8Array;
  /** Tokens that are the first of a word, as far as they say so themselves. */
  private readonly begins: Uint8Array;
  /** Tokens that are the last of a word. */
  private readonly ends: Uint8Array;
  private readonly probability: number;

  /** @throws UserError where the tokenizer has no mask token or does not say what a word is, or the share cannot be */
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

  /** Hides tokens of a text; special ones never. A text without any other gives no places. */
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

  /** The places of each word's pieces. */
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
