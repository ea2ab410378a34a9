/** @file Defaults that a model folder brings along: Hugging Face's `generation_config.json`. */
import { UserError } from '../../errors.js';
import type { GenerationSettings } from '../../models/generation-settings.js';
import type { GenerationOptions } from './options.js';

/** What `generation_config.json` says, as far as Multihead knows it. */
export interface GenerationConfig {
  readonly options: GenerationOptions;
  /** The token that a text begins with. */
  readonly bosTokenId: number | undefined;
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

/**
 * Takes what is known from a folder's `generation_config.json`. Settings that Multihead does not know have no effect.
 *
 * @throws UserError naming the file and the setting that is not what it should be
 */
export function parseGenerationConfig({ path, settings }: GenerationSettings): GenerationConfig {
  const check = (name: string, kind: Kind) => {
    if (fits[kind](settings[name])) return settings[name];
    throw new UserError(`${path}: ${name} is ${JSON.stringify(settings[name])}; expected ${expected[kind]}`);
  };
  const isGiven = (name: string) => settings[name] !== undefined && settings[name] !== null;
  const entries = Object.entries(known)
    .filter(([name]) => isGiven(name))
    .map(([name, [option, kind]]) => [option, check(name, kind)]);
  const bos = isGiven('bos_token_id') ? (check('bos_token_id', 'number') as number) : undefined;
  return { options: { doSample: false, ...Object.fromEntries(entries) }, bosTokenId: bos };
}

/**
 * A caller's options over those of the folder. `temperature` and its like turn sampling on and `numBeams` above 1 turns
 * it off, whatever the folder says, unless the caller says `doSample`.
 */
export function overDefaults(defaults: GenerationOptions, given: GenerationOptions): GenerationOptions {
  const { temperature, topK, topP, minP, numBeams, maxLength } = given;
  const merged = { ...defaults, ...given };
  // A folder's max_new_tokens would count before the caller's maxLength.
  const maxNewTokens = given.maxNewTokens ?? (maxLength === undefined ? defaults.maxNewTokens : undefined);
  if (given.doSample !== undefined) return { ...merged, maxNewTokens };
  const narrows = [temperature, topK, topP, minP].some((value) => value !== undefined);
  if (narrows) return { ...merged, maxNewTokens, doSample: true, numBeams: numBeams ?? 1 };
  return { ...merged, maxNewTokens, doSample: (numBeams ?? 1) > 1 ? false : defaults.doSample };
}
