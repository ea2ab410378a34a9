/** @file How text is generated: options, completed by their defaults and checked, each by itself and together. */
import type { z } from 'zod';
import { UserError } from '../../platform/errors.js';
import { parseOptions, schemaNames } from '../../platform/option-schemas.js';
import type { Tokenizer } from '../../text/tokenizer/tokenizer.js';
import { generationSchema } from './generation-schema.js';

/**
 * Options of `generate`; docs/generation-options.md lists them with their defaults and limits. What is left out is as
 * `generation_config.json` says.
 */
export interface GenerationOptions extends Readonly<z.input<typeof generationSchema>> {
  /** Signal that stops generation between two tokens; the call is rejected with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Tokenizer for `stopStrings` in `generate`; pipelines use their own. */
  readonly tokenizer?: Tokenizer | undefined;
}

/** Options with all defaults filled in. */
export interface ResolvedOptions
  extends Readonly<Omit<z.output<typeof generationSchema>, 'doSample' | 'stopStrings' | 'eosTokenId'>> {
  readonly doSample: boolean;
  readonly stopStrings: readonly string[];
  readonly eosTokenIds: readonly number[];
  readonly signal: AbortSignal | undefined;
}

export const generationOptionNames: readonly string[] = [...schemaNames(generationSchema), 'signal', 'tokenizer'];

/**
 * Validates options and fills in defaults.
 *
 * @throws UserError that names the option, its value and what was expected
 */
export function resolveOptions(options: GenerationOptions): ResolvedOptions {
  const { signal, tokenizer: _, ...given } = options;
  const { temperature, topK, topP, minP } = given;
  const narrows = [temperature, topK, topP, minP].some((value) => value !== undefined);
  const {
    doSample = narrows,
    stopStrings,
    eosTokenId,
    ...parsed
  } = parseOptions(generationSchema, given, { of: 'generate' });
  const lists = { stopStrings: [stopStrings ?? []].flat(), eosTokenIds: [eosTokenId ?? []].flat() };
  const resolved: ResolvedOptions = { ...parsed, ...lists, doSample, signal };
  checkTogether(resolved);
  return options.minNewTokens === undefined ? resolved : { ...resolved, minLength: 0 };
}

function checkTogether(options: ResolvedOptions): void {
  const { numBeams, numReturnSequences, doSample, stopStrings, overflow } = options;
  if (stopStrings.includes('')) throw new UserError('stopStrings has an empty string, which stands everywhere');
  if (numBeams > 1) {
    if (doSample) {
      throw new UserError(
        `numBeams is ${numBeams}, and tokens are to be drawn (doSample, temperature, topK, topP, minP): beam search ` +
          'looks for the most likely text. Leave one of the two out.',
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
