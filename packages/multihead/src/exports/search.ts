/** @file `multihead/search`: search of hyper-parameters. */
export { bestTrial, paretoFront } from '../search/best.js';
export { paramImportances } from '../search/importance/ped-anova.js';
export type { EndWithoutValue, ObjectiveResult, RunningTrial } from '../search/outcome.js';
export {
  definePruner,
  type Pruner,
  type PrunerDefinition,
  type PruningContext,
  type PruningDecision,
} from '../search/pruners/pruner.js';
export { type BuiltInPruner, type PrunerName, pruners, registerPruner } from '../search/pruners/registry.js';
export type { Objective } from '../search/run-trial.js';
export { type BuiltInSampler, registerSampler, type SamplerName, samplers } from '../search/samplers/registry.js';
export {
  defineSampler,
  type Sampler,
  type SamplerDefinition,
  type SamplingContext,
} from '../search/samplers/sampler.js';
export { memoryStorage, openStudy, type SearchOptions, type StudyOptions, search } from '../search/search.js';
export type {
  CategoricalDistribution,
  Distribution,
  FloatDistribution,
  IntDistribution,
  ParamValue,
} from '../search/space/distribution.js';
export type {
  Condition,
  ParamOf,
  ParamsOf,
  SearchSpace,
  SpaceDeclaration,
  SpaceEntry,
} from '../search/space/search-space.js';
export { fromUnit } from '../search/space/unit-interval.js';
export { openStorage, type StorageOptions } from '../search/storage/open-storage.js';
export { type StoredStudy, type StudyStorage, type TrialChange, TrialLost } from '../search/storage/storage.js';
export { type OptimizeOptions, Study, type StudyParts } from '../search/study.js';
export { type SuggestOptions, Trial, TrialInterrupted, type TrialParts, TrialPruned } from '../search/trial.js';
export type { AnyParams, Direction, TrialRecord, TrialState } from '../search/trial-record.js';
