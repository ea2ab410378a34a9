/** @file Generation defaults of a model folder: Hugging Face's `generation_config.json`. */
import { UserError } from '../../platform/errors.js';
import { describeOptions, type OptionDescription } from '../../platform/option-schemas.js';
import { generationSchema } from './generation-schema.js';
import type { GenerationSettings } from './generation-settings.js';
import type { GenerationOptions } from './options.js';

/** The supported settings of `generation_config.json`. */
export interface GenerationConfig {
  readonly options: GenerationOptions;
  /** The token that begins a text. */
  readonly bosTokenId: number | undefined;
  /** The file, for errors in what it says. */
  readonly path?: string | undefined;
}

/** Options that Transformers' file does not have. */
const notInFile: readonly string[] = ['seed', 'overflow'] satisfies readonly (keyof GenerationOptions)[];

/** Options by their names in the file: maxNewTokens as max_new_tokens. */
const known = new Map(
  describeOptions(generationSchema)
    .filter(({ name }) => !notInFile.includes(name))
    .map((option) => [option.name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), option]),
);

/** What a value must be; of numbers, limits are checked when they count, together with the caller's options. */
function misfit({ type, schema, meta }: OptionDescription, value: unknown): string | undefined {
  if (type === 'number' || type === 'integer') return typeof value === 'number' ? undefined : 'a number';
  if (type === 'boolean') return typeof value === 'boolean' ? undefined : 'true or false';
  if ([value].flat().every((item) => typeof item === 'number') && meta.parse === Number) return undefined;
  return schema.safeParse(value).success ? undefined : meta.expected;
}

/** Values that say nothing to Python and that options may not have: what they are there. */
const asInPython: Readonly<Partial<Record<keyof GenerationOptions, (value: number) => number>>> = {
  minLength: (value) => Math.max(0, value),
  minNewTokens: (value) => Math.max(0, value),
  noRepeatNgramSize: (value) => Math.max(0, value),
  // Of no probability at all, the most likely token remains; of more than there is, all do.
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
 * @throws UserError naming the file and the invalid setting
 */
export function parseGenerationConfig({ path, settings }: GenerationSettings): GenerationConfig {
  refuseUnsupported({ path, settings });
  const refuse = (name: string, expected: string): never => {
    throw new UserError(`${path}: ${name} is ${JSON.stringify(settings[name])}; expected ${expected}`);
  };
  const isGiven = (name: string) => settings[name] !== undefined && settings[name] !== null;
  const entries = [...known].flatMap(([name, option]) => {
    if (!isGiven(name)) return [];
    const expected = misfit(option, settings[name]);
    if (expected !== undefined) refuse(name, expected);
    const value = asInPython[option.name as keyof GenerationOptions]?.(settings[name] as number) ?? settings[name];
    return [[option.name, value]];
  });
  const bos = isGiven('bos_token_id') ? settings.bos_token_id : undefined;
  if (bos !== undefined && typeof bos !== 'number') return refuse('bos_token_id', 'a number');
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
