/** @file The options of `multihead search` that `multihead train` does not have. */
import { Option } from 'commander';
import { pruners } from '../../../search/pruners/registry.js';
import { samplers } from '../../../search/samplers/registry.js';
import { number } from '../../options/common-options.js';
import { jsonObject } from '../../options/json-object.js';

const rows = (all: readonly { readonly name: string; readonly description: string }[]): string =>
  all.map(({ name, description }) => `${name}: ${description}`).join('; ');

/** The options that `multihead train` does not have. */
export const ownOptions = (): Option[] => [
  new Option('--space <file>', "JSON with the search space (default: the task's own)"),
  new Option('--trials <count>', 'number of trials, those of a resumed search included').argParser(number).default(20),
  new Option('--sampler <name>', rows(samplers())).choices(samplers().map(({ name }) => name)).default('tpe'),
  new Option('--sampler-options <json>', "the sampler's own options").argParser(jsonObject),
  new Option('--pruner <name>', rows(pruners())).choices(pruners().map(({ name }) => name)).default('none'),
  new Option('--pruner-options <json>', "the pruner's own options").argParser(jsonObject),
  new Option(
    '--objective <metric>',
    'metric to search by, or `seconds` of training; may be given several times (default: the metric of --metric-for-best-model)',
  ).argParser((text: string, before: readonly string[] = []) => [...before, text]),
  new Option('--jobs <count>', 'trials at the same time, in processes of their own').argParser(number).default(1),
  new Option(
    '--storage <place>',
    "a journal file in Optuna's format (default: search.journal in --output); postgres://..., postgres for the URL in DATABASE_URL, or pglite:FOLDER",
  ),
  new Option(
    '--expire-after <seconds>',
    'silence after which a worker counts as gone, and another one continues its trials',
  )
    .argParser(number)
    .default(300),
  new Option('--study <name>', 'name of the study in its storage (default: the name of the task)'),
  new Option('--keep-models <which>', 'trained models to keep').choices(['best', 'all', 'none']).default('best'),
];
