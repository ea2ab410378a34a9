/** @file Defaults that a model folder brings along: Hugging Face's `generation_config.json`. */
import { UserError } from '../../platform/errors.js';
import type { GenerationSettings } from './generation-settings.js';
import type { GenerationOptions } from './options.js';

/** What `generation_config.json` says, as far as Multihead knows it. */
export interface GenerationConfig {
  readonly options: GenerationOptions;
  /** The token that a text begins with. */
  readonly bosTokenId: number | undefined;
  /** The file, for errors in what it says. */
  readonly path?: string | undefined;
}

type Kind = 'number' | 'boolean' | 'numbers' | 'strings' | 'early';

/** Options by their names in the file, with what they may be. */
const known: Readonly<Record<string, readonly [option: keyof GenerationOptions, kind: Kind]>> = {
  max_new_tokens: ['maxNewTokens', 'number'],
  max_length: ['maxLength', 'number'],
  min_length: ['minLength', 'number'],
  min_new_tokens: ['minNewTokens', 'number'],
  do_sample: ['doSample', 'boolean'],
  temperature: ['temperature', 'number'],
  top_k: ['topK', 'number'],
  top_p: ['topP', 'number'],
  min_p: ['minP', 'number'],
  repetition_penalty: ['repetitionPenalty', 'number'],
  no_repeat_ngram_size: ['noRepeatNgramSize', 'number'],
  num_beams: ['numBeams', 'number'],
  length_penalty: ['lengthPenalty', 'number'],
  early_stopping: ['earlyStopping', 'early'],
  num_return_sequences: ['numReturnSequences', 'number'],
  stop_strings: ['stopStrings', 'strings'],
  eos_token_id: ['eosTokenId', 'numbers'],
};

const fits: Readonly<Record<Kind, (value: unknown) => boolean>> = {
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  numbers: (value) => [value].flat().every((item) => typeof item === 'number'),
  strings: (value) => [value].flat().every((item) => typeof item === 'string'),
  early: (value) => typeof value === 'boolean' || value === 'never',
};

const expected: Readonly<Record<Kind, string>> = {
  number: 'a number',
  boolean: 'true or false',
  numbers: 'a token number or a list of them',
  strings: 'a string or a list of them',
  early: 'true, false or "never"',
};

/** Values that say nothing to Python and that options may not have: what they are there. */
const asInPython: Readonly<Partial<Record<keyof GenerationOptions, (value: number) => number>>> = {
  minLength: (value) => Math.max(0, value),
  minNewTokens: (value) => Math.max(0, value),
  noRepeatNgramSize: (value) => Math.max(0, value),
  // Of no probability at all, the likeliest token remains; of more than there is, all do.
  topP: (value) => Math.min(1, value === 0 ? Number.MIN_VALUE : value),
};

/** Settings that would make another text, and the values at which they do not. Lists that are empty do not, either. */
const unsupported: Readonly<Record<string, readonly unknown[]>> = {
  suppress_tokens: [],
  begin_suppress_tokens: [],
  bad_words_ids: [],
  force_words_ids: [],
  constraints: [],
  sequence_bias: [],
  forced_bos_token_id: [],
  forced_eos_token_id: [],
  exponential_decay_length_penalty: [],
  encoder_repetition_penalty: [1],
  encoder_no_repeat_ngram_size: [0],
  guidance_scale: [1],
  penalty_alpha: [0],
  num_beam_groups: [1],
  dola_layers: [],
  watermarking_config: [],
  max_time: [],
};

/** The same, where tokens are drawn. */
const unsupportedSampling: Readonly<Record<string, readonly unknown[]>> = {
  typical_p: [1],
  epsilon_cutoff: [0],
  eta_cutoff: [0],
  top_h: [],
};

function refuseUnsupported({ path, settings }: GenerationSettings): void {
  const settingsThatCount = { ...unsupported, ...(settings.do_sample === true && unsupportedSampling) };
  for (const [name, neutral] of Object.entries(settingsThatCount)) {
    const value = settings[name] ?? undefined;
    if (value === undefined || neutral.includes(value) || (Array.isArray(value) && value.length === 0)) continue;
    throw new UserError(
      `${path}: ${name} is ${JSON.stringify(value)}, which Multihead does not support. Remove it from the file; the text ` +
        'may then be another than in Python.',
    );
  }
}

/**
 * Takes what is known from a folder's `generation_config.json`. Settings that change the text and that Multihead does not
 * support are refused; others that it does not know have no effect.
 *
 * @throws UserError naming the file and the setting that is not what it should be
 */
export function parseGenerationConfig({ path, settings }: GenerationSettings): GenerationConfig {
  refuseUnsupported({ path, settings });
  const check = (name: string, kind: Kind) => {
    const value = settings[name];
    if (fits[kind](value)) return value;
    throw new UserError(`${path}: ${name} is ${JSON.stringify(value)}; expected ${expected[kind]}`);
  };
  const isGiven = (name: string) => settings[name] !== undefined && settings[name] !== null;
  const entries = Object.entries(known)
    .filter(([name]) => isGiven(name))
    .map(([name, [option, kind]]) => [option, asInPython[option]?.(check(name, kind) as number) ?? check(name, kind)]);
  const bos = isGiven('bos_token_id') ? (check('bos_token_id', 'number') as number) : undefined;
  return { options: { doSample: false, ...Object.fromEntries(entries) }, bosTokenId: bos, path };
}

/**
 * A caller's options over those of the folder. `temperature` and its like turn sampling on and `numBeams` above 1 turns
 * it off, whatever the folder says, unless the caller says `doSample`. Without sampling, the folder's temperature and its
 * like have no effect, whatever they are: Python saves 0 there.
 */
export function overDefaults(defaults: GenerationOptions, given: GenerationOptions): GenerationOptions {
  const { temperature, topK, topP, minP, numBeams } = given;
  const narrows = [temperature, topK, topP, minP].some((value) => value !== undefined);
  const isBeamSearch = given.doSample === undefined && !narrows && (numBeams ?? 1) > 1;
  const doSample = given.doSample ?? (narrows ? true : isBeamSearch ? false : defaults.doSample);
  const { temperature: _t, topK: _k, topP: _p, minP: _m, ...unnarrowed } = defaults;
  return {
    ...(doSample === false ? unnarrowed : defaults),
    ...given,
    doSample,
    // A folder's numbers of new tokens would count before the caller's lengths.
    maxNewTokens: given.maxNewTokens ?? (given.maxLength === undefined ? defaults.maxNewTokens : undefined),
    minNewTokens: given.minNewTokens ?? (given.minLength === undefined ? defaults.minNewTokens : undefined),
    ...(given.doSample === undefined && narrows && { numBeams: numBeams ?? 1 }),
  };
}
