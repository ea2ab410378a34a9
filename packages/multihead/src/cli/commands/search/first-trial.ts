/** @file The first trial of a search: the defaults. The best trial is never worse than it. */
import type { Command } from 'commander';
import { UserError } from '../../../platform/errors.js';
import { describeOptions } from '../../../platform/option-schemas.js';
import { contains, type ParamValue } from '../../../search/space/distribution.js';
import { distributionOf, isActive, type SearchSpace } from '../../../search/space/search-space.js';
import type { TaskDefinition } from '../../../tasks/define-task.js';
import { methodOf } from '../../../training/methods/registry.js';
import { trainingOptions } from '../../../training/trainer/options.js';
import { camelCase } from '../../options/flag-names.js';
import { runSettings } from '../../options/run-options.js';
import { flagOf } from '../../options/schema-options.js';
import type { TrainArguments } from '../train/train.js';
import { optionValues } from './space-file.js';
import { startTrial } from './start-trial.js';

/** What is searched. */
interface Searched {
  readonly task: TaskDefinition;
  readonly space: SearchSpace;
  readonly command: Command;
}

type Given = Readonly<Record<string, unknown>> & TrainArguments;

/**
 * The values that a run without a search would have, as far as they lie in the space. Finds them by a dry run, which fails at
 * once where no trial could run.
 *
 * @param objective metrics that are compared
 */
export async function firstTrial(
  searched: Searched,
  given: Given,
  objective: readonly string[] | undefined,
): Promise<Record<string, ParamValue>> {
  let found: Readonly<Record<string, unknown>> | undefined;
  const { seeds: _, resume: __, ...once } = given;
  const options = { ...once, objective, dryRun: true, json: true };
  const child = startTrial({ task: searched.task.name, options }, undefined);
  const end = await child.run(async (event) => {
    if (event.type === 'dry-run') found = event.settings;
  });
  if (end.type === 'failed') throw new UserError(end.message);
  if (!found) throw new UserError('the dry run before the search was ended from outside');
  return defaultParams(searched, given, found);
}

/**
 * The defaults of the parameters of a space, of those that a trial with these values has.
 *
 * @param found the settings of a run without a search
 */
export function defaultParams(
  { task, space, command }: Searched,
  given: Given | Readonly<Record<string, never>>,
  found: Readonly<Record<string, unknown>>,
): Record<string, ParamValue> {
  const declared = [task.options.training, task.options.settings].flatMap(describeOptions);
  const settings: Readonly<Record<string, unknown>> = {
    ...Object.fromEntries(declared.map((option) => [camelCase(flagOf(option)), option.default])),
    ...found,
    method: methodOf(trainingOptions(runSettings(given))).name,
    ...given,
  };
  const params: Record<string, ParamValue> = {};
  for (const [key, entry] of Object.entries(space)) {
    if (!isActive(entry, params)) continue;
    const any = 'choices' in entry ? entry.choices[0] : entry.low;
    const [attribute = ''] = Object.keys(optionValues(command, { [key]: any }));
    const value = settings[attribute] as ParamValue;
    if (contains(distributionOf(entry), value)) params[key] = value;
  }
  return params;
}
