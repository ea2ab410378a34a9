/** @file How text is generated: Hugging Face's options in camelCase, what they may be, and what they are by default. */
import { UserError } from '../../platform/errors.js';
import { namesOf } from '../../platform/option-names.js';
import { checkWhole } from '../../tasks/validate-features.js';
import type { Tokenizer } from '../../text/tokenizer/tokenizer.js';

/** Options of `generate`. What is left out is as `generation_config.json` says, else as said here. */
export interface GenerationOptions {
  /** The most tokens to add to a prompt. Default: 256, or as many as the model has positions for. */
  readonly maxNewTokens?: number | undefined;
  /** The most tokens of prompt and text together; `maxNewTokens` counts before it. */
  readonly maxLength?: number | undefined;
  /** The text does not end before prompt and text have so many tokens; `minNewTokens` counts before it. Default: 0. */
  readonly minLength?: number | undefined;
  /** The text does not end before it has so many tokens. Default: 0. */
  readonly minNewTokens?: number | undefined;
  /**
   * Whether tokens are drawn by their probabilities (true) or the likeliest is taken (false). Default: true where
   * `temperature`, `topK`, `topP` or `minP` is given, else false.
   */
  readonly doSample?: boolean | undefined;
  /** Divides the scores before drawing, above 0. Default: 1. */
  readonly temperature?: number | undefined;
  /** Draw among so many likeliest tokens; 0 for all. Default: 50, as in Hugging Face. */
  readonly topK?: number | undefined;
  /** Draw among the likeliest tokens that together have this probability, above 0. Default: 1, all. */
  readonly topP?: number | undefined;
  /** Draw among the tokens at least so likely, as a share of the likeliest's probability. Default: 0, all. */
  readonly minP?: number | undefined;
  /** Scores of tokens that were there are divided by this (multiplied, where negative), above 0. Default: 1. */
  readonly repetitionPenalty?: number | undefined;
  /** No n-gram of so many tokens comes twice; 0 for no limit. Default: 0. */
  readonly noRepeatNgramSize?: number | undefined;
  /** Sequences that beam search keeps; 1 for none. Default: 1. */
  readonly numBeams?: number | undefined;
  /** A beam's score is its log-probability by length to this power: above 0 favours long texts. Default: 1. */
  readonly lengthPenalty?: number | undefined;
  /** Beam search ends when there are `numBeams` texts (true), none better is likely (false) or possible ('never'). */
  readonly earlyStopping?: boolean | 'never' | undefined;
  /** Texts a prompt. Default: 1. More need sampling, or as many beams. */
  readonly numReturnSequences?: number | undefined;
  /** The text ends where one of these begins; it is not part of the text. */
  readonly stopStrings?: string | readonly string[] | undefined;
  /** Tokens that end the text. Default: the model's. */
  readonly eosTokenId?: number | readonly number[] | undefined;
  /**
   * Decides what is drawn: the same seed gives a prompt the same text, whatever other prompts are in the batch. Texts of
   * one prompt differ. Default: 42.
   */
  readonly seed?: number | undefined;
  /**
   * What happens when the model has no positions left. `error` (default): more tokens than it has positions for are
   * refused beforehand. `slide`: the sequence is cut to its last half (of the model's positions), which is read anew.
   */
  readonly overflow?: 'error' | 'slide' | undefined;
  /** Stops between two tokens; the call is rejected with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** For `stopStrings` in `generate`; pipelines have their own. */
  readonly tokenizer?: Tokenizer | undefined;
}

/** Options with all that was left out. */
export interface ResolvedOptions {
  readonly maxNewTokens: number | undefined;
  readonly maxLength: number | undefined;
  readonly minLength: number;
  readonly minNewTokens: number;
  readonly doSample: boolean;
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
  readonly minP: number;
  readonly repetitionPenalty: number;
  readonly noRepeatNgramSize: number;
  readonly numBeams: number;
  readonly lengthPenalty: number;
  readonly earlyStopping: boolean | 'never';
  readonly numReturnSequences: number;
  readonly stopStrings: readonly string[];
  readonly eosTokenIds: readonly number[];
  readonly seed: number;
  readonly overflow: 'error' | 'slide';
  readonly signal: AbortSignal | undefined;
}

export const generationOptionNames = namesOf<GenerationOptions>({
  maxNewTokens: true,
  maxLength: true,
  minLength: true,
  minNewTokens: true,
  doSample: true,
  temperature: true,
  topK: true,
  topP: true,
  minP: true,
  repetitionPenalty: true,
  noRepeatNgramSize: true,
  numBeams: true,
  lengthPenalty: true,
  earlyStopping: true,
  numReturnSequences: true,
  stopStrings: true,
  eosTokenId: true,
  seed: true,
  overflow: true,
  signal: true,
  tokenizer: true,
});

/**
 * Fills options up and checks them.
 *
 * @throws UserError that names the option, its value and what was expected
 */
export function resolveOptions(options: GenerationOptions): ResolvedOptions {
  const { temperature, topK, topP, minP } = options;
  const narrows = [temperature, topK, topP, minP].some((value) => value !== undefined);
  const eos = options.eosTokenId;
  const resolved: ResolvedOptions = {
    maxNewTokens: options.maxNewTokens,
    maxLength: options.maxLength,
    minLength: options.minLength ?? 0,
    minNewTokens: options.minNewTokens ?? 0,
    doSample: options.doSample ?? narrows,
    temperature: temperature ?? 1,
    topK: topK ?? 50,
    topP: topP ?? 1,
    minP: minP ?? 0,
    repetitionPenalty: options.repetitionPenalty ?? 1,
    noRepeatNgramSize: options.noRepeatNgramSize ?? 0,
    numBeams: options.numBeams ?? 1,
    lengthPenalty: options.lengthPenalty ?? 1,
    earlyStopping: options.earlyStopping ?? false,
    numReturnSequences: options.numReturnSequences ?? 1,
    stopStrings: options.stopStrings === undefined ? [] : [options.stopStrings].flat(),
    eosTokenIds: eos === undefined ? [] : [eos].flat(),
    seed: options.seed ?? 42,
    overflow: options.overflow ?? 'error',
    signal: options.signal,
  };
  checkNumbers(resolved);
  checkTogether(resolved);
  return options.minNewTokens === undefined ? resolved : { ...resolved, minLength: 0 };
}

/** Texts that are written side by side for one prompt. */
const mostBeams = 1000;
const mostTexts = 10_000;

function checkNumbers(options: ResolvedOptions): void {
  const { maxNewTokens, maxLength, numBeams, numReturnSequences } = options;
  checkWhole({ maxNewTokens, maxLength, numBeams, numReturnSequences });
  for (const [name, most] of Object.entries({ numBeams: mostBeams, numReturnSequences: mostTexts })) {
    const value = options[name as 'numBeams' | 'numReturnSequences'];
    if (value > most)
      throw new UserError(`${name} is ${value}; it must be at most ${most}: each takes memory of its own`);
  }
  const { minLength, minNewTokens, topK, noRepeatNgramSize, eosTokenIds } = options;
  checkWhole({ minLength, minNewTokens, topK, noRepeatNgramSize }, 0);
  for (const eosTokenId of eosTokenIds) checkWhole({ eosTokenId }, 0);
  const { temperature, topP, repetitionPenalty, minP, lengthPenalty, seed } = options;
  for (const [name, value] of Object.entries({ temperature, topP, repetitionPenalty })) {
    if (!(value > 0 && Number.isFinite(value))) throw new UserError(`${name} is ${value}; it must be above 0`);
  }
  if (!(topP <= 1)) throw new UserError(`topP is ${topP}; it must be a share, above 0 and up to 1`);
  if (!(minP >= 0 && minP <= 1)) throw new UserError(`minP is ${minP}; it must be a share, from 0 to 1`);
  for (const [name, value] of Object.entries({ lengthPenalty, seed })) {
    if (!Number.isFinite(value)) throw new UserError(`${name} is ${value}; it must be a number`);
  }
}

function checkTogether(options: ResolvedOptions): void {
  const { numBeams, numReturnSequences, doSample, stopStrings, overflow, earlyStopping } = options;
  if (stopStrings.includes('')) throw new UserError('stopStrings has an empty string, which stands everywhere');
  if (overflow !== 'error' && overflow !== 'slide') {
    throw new UserError(`overflow is ${overflow}; it must be 'error' or 'slide'`);
  }
  if (![true, false, 'never'].includes(earlyStopping)) {
    throw new UserError(`earlyStopping is ${earlyStopping}; it must be true, false or 'never'`);
  }
  if (numBeams > 1) {
    if (doSample) {
      throw new UserError(
        `numBeams is ${numBeams}, and tokens are to be drawn (doSample, temperature, topK, topP, minP): beam search ` +
          'looks for the likeliest text. Leave one of the two out.',
      );
    }
    if (stopStrings.length > 0) throw new UserError('stopStrings do not go together with numBeams above 1');
    if (overflow === 'slide') throw new UserError("overflow: 'slide' does not go together with numBeams above 1");
    if (numReturnSequences > numBeams) {
      throw new UserError(
        `numReturnSequences is ${numReturnSequences}, but there are only ${numBeams} beams (numBeams)`,
      );
    }
  } else if (numReturnSequences > 1 && !doSample) {
    throw new UserError(
      `numReturnSequences is ${numReturnSequences}, but without sampling all of them would be the same. Give doSample: ` +
        'true, or as many beams (numBeams).',
    );
  }
}

/** The options that were given, without those that are undefined. */
export const defined = (options: GenerationOptions): GenerationOptions =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
