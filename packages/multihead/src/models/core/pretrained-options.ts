/** @file The names of the options of `fromPretrained`. */
import { type ResolveOptions, resolveOptionNames } from '../../hub/options.js';
import { namesOf } from '../../platform/option-names.js';
import type { FromPretrainedOptions } from './pretrained.js';

const ownOptionNames = namesOf<Omit<FromPretrainedOptions, keyof ResolveOptions>>({
  config: true,
  device: true,
  dtype: true,
  seed: true,
});
export const fromPretrainedOptionNames = [...resolveOptionNames, ...ownOptionNames];
