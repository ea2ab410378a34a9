/** @file `search`: finds the values of parameters for which an objective is smallest or largest. */
import { UserError } from '../platform/errors.js';
import { checkOptionNames, namesOf } from '../platform/option-names.js';
import { parseOptions } from '../platform/option-schemas.js';
import { showValue } from '../platform/show-value.js';
import { type PrunerName, prunerNamed } from './pruners/registry.js';
import type { Objective } from './run-trial.js';
import { type SamplerName, samplerNamed } from './samplers/registry.js';
import { checkCompatible } from './space/compatible.js';
import { checkSpace, distributionOf, type ParamsOf, type SpaceDeclaration } from './space/search-space.js';
import { memoryJournal } from './storage/journal/journal.js';
import { JournalStorage } from './storage/journal/journal-storage.js';
import type { StudyStorage } from './storage/storage.js';
import { type OptimizeOptions, optimizeNames, Study } from './study.js';
import type { Direction } from './trial-record.js';

/** Options of a study. */
export interface StudyOptions<Space extends SpaceDeclaration = SpaceDeclaration> {
  /** Where its trials are. Default: in memory. */
  readonly storage?: StudyStorage | undefined;
  /** The study's name in its storage. Default: `study`. */
  readonly name?: string | undefined;
  /** Whether the objective is to be small or large; a list for several objectives. Default: `minimize`. */
  readonly direction?: Direction | readonly Direction[] | undefined;
  /** The declared space; a list stands for a categorical parameter. Default: the objective names its parameters as it runs. */
  readonly space?: Space | undefined;
  /** How values are drawn. Default: `tpe`. */
  readonly sampler?: SamplerName | undefined;
  /** The sampler's own options. */
  readonly samplerOptions?: Readonly<Record<string, unknown>> | undefined;
  /** When trials are ended early. Default: `none`. */
  readonly pruner?: PrunerName | undefined;
  /** The pruner's own options. */
  readonly prunerOptions?: Readonly<Record<string, unknown>> | undefined;
  /** Random seed of the sampler. Default: 42. */
  readonly seed?: number | undefined;
}

/** Options of {@link search}. */
export interface SearchOptions<Space extends SpaceDeclaration = SpaceDeclaration>
  extends StudyOptions<Space>,
    OptimizeOptions {
  readonly objective: Objective<ParamsOf<Space>>;
}

const studyNames = namesOf<StudyOptions>({
  storage: true,
  name: true,
  direction: true,
  space: true,
  sampler: true,
  samplerOptions: true,
  pruner: true,
  prunerOptions: true,
  seed: true,
});

/**
 * Holds studies in the memory of this process.
 *
 * @example
 * const storage = memoryStorage();
 * await search({ objective: (trial) => trial.suggestFloat('x', 0, 1), trials: 3, storage });
 */
export const memoryStorage = (): StudyStorage => new JournalStorage(memoryJournal());

/**
 * Opens a study, and makes it if it is not in its storage.
 *
 * @throws UserError for a space from which nothing can be drawn, or that does not go with the study's earlier trials, and for a
 *   sampler or pruner that there is not
 * @example
 * const study = await openStudy({ direction: 'maximize' });
 * await study.optimize((trial) => -((trial.suggestFloat('x', -10, 10) - 2) ** 2), { trials: 20 });
 * console.log(study.best?.params);
 */
export async function openStudy<const Space extends SpaceDeclaration>(
  options: StudyOptions<Space> = {},
): Promise<Study<ParamsOf<Space>>> {
  checkOptionNames(options, studyNames, 'openStudy');
  const { name = 'study', direction = 'minimize', seed = 42, storage = memoryStorage() } = options;
  const directions = [direction].flat() as readonly Direction[];
  const odd = directions.find((each) => each !== 'minimize' && each !== 'maximize');
  if (odd !== undefined || directions.length === 0) {
    throw new UserError(`direction is ${showValue(direction)}; it must be minimize or maximize, or a list of these`);
  }
  if (!Number.isSafeInteger(seed)) throw new UserError(`seed is ${showValue(seed)}; it must be a whole number`);
  if (typeof storage !== 'object' || typeof storage.open !== 'function') {
    throw new UserError(
      `storage is ${showValue(storage)}; a storage was expected, such as openStorage('search.journal')`,
    );
  }
  const space = options.space && checkSpace(options.space);
  const { sampler: samplerName = 'tpe', pruner: prunerName = 'none' } = options;
  if (directions.length > 1 && prunerName !== 'none') {
    throw new UserError(
      `pruner ${prunerName}: trials with several objectives report no intermediate values to prune by. ` +
        'Leave out `pruner`, or give one objective.',
    );
  }
  const ofSampler = samplerNamed(samplerName);
  const ofPruner = prunerNamed(prunerName);
  const samplerOptions = parseOptions(ofSampler.options, options.samplerOptions ?? {}, {
    of: `sampler ${samplerName}`,
    prefix: 'samplerOptions.',
  });
  const prunerOptions = parseOptions(ofPruner.options, options.prunerOptions ?? {}, {
    of: `pruner ${prunerName}`,
    prefix: 'prunerOptions.',
  });
  const sampler = ofSampler.create(samplerOptions, { space, directions });
  const pruner = prunerName === 'none' ? undefined : ofPruner.create(prunerOptions);
  const stored = await storage.open(name, directions);
  const study = new Study<ParamsOf<Space>>({ stored, sampler, pruner, seed, space });
  const trials = await study.refresh();
  for (const [param, entry] of Object.entries(space ?? {})) {
    checkCompatible(`${storage.place}: the study ${name}`, trials, param, distributionOf(entry));
  }
  return study;
}

/**
 * Searches values of parameters for which an objective is smallest, or largest.
 *
 * @returns the study with its trials and the best of them
 * @throws UserError for a space from which nothing can be drawn, and for an objective that returns no number
 * @example
 * const study = await search({
 *   space: { x: { type: 'float', low: -10, high: 10 }, y: { type: 'int', low: 0, high: 5 } },
 *   objective: ({ params: { x, y } }) => (x - 2) ** 2 + y,
 *   trials: 50,
 * });
 * console.log(study.best?.params, study.best?.values);
 */
export async function search<const Space extends SpaceDeclaration>(
  options: SearchOptions<Space>,
): Promise<Study<ParamsOf<Space>>> {
  checkOptionNames(options, ['objective', ...studyNames, ...optimizeNames], 'search');
  const { objective, trials, jobs, keepGoing, signal, onTrial, ...ofStudy } = options;
  if (typeof objective !== 'function')
    throw new UserError('search: objective is missing; a function of a trial was expected');
  const study = await openStudy(ofStudy);
  await study.optimize(objective, { trials, jobs, keepGoing, signal, onTrial });
  return study;
}
