/** @file Loads or creates models of a class that is known only at run time. */
import { joinPath } from '#files';
import { UserError } from '../../platform/errors.js';
import { checkOptionNames } from '../../platform/option-names.js';
import { locateModel, modulesInAdapter } from '../adapters/locate-model.js';
import { candidates } from '../checkpoint/checkpoint-names.js';
import { headDiffers } from '../checkpoint/tied-weights.js';
import { openWeightsFile, weightsFile } from '../checkpoint/weights-files.js';
import { dtypeNamed } from '../dtypes.js';
import { warnOnce } from './config-keys.js';
import type {
  FromConfigOptions,
  FromPretrainedOptions,
  LoadingReport,
  ModelClass,
  PretrainedModel,
} from './pretrained.js';
import { fromPretrainedOptionNames } from './pretrained-options.js';
import { quantize } from './quantize.js';

/** `fromPretrained` for a class that is known only at run time. */
export async function loadPretrained<M extends PretrainedModel>(
  modelClass: ModelClass<M>,
  idOrFolder: string,
  options: FromPretrainedOptions<M['config']> = {},
): Promise<M> {
  checkOptionNames(options, fromPretrainedOptionNames, `${modelClass.name}.fromPretrained`);
  const { config = {}, device, dtype, seed = 42, ...source } = options;
  if (dtype !== undefined) dtypeNamed(dtype);
  const { folder, configFolder, adapter, reference } = await locateModel(idOrFolder, source);
  const { architecture } = modelClass;
  const path = joinPath(configFolder, 'config.json');
  const own = await architecture.config.fromFile(path);
  // An adapter without a configuration of its own has a head for the labels that are asked for.
  const isFixed = adapter !== undefined && configFolder !== adapter;
  const adapted = isFixed ? undefined : modelClass.adapt?.(own, config);
  const settings = architecture.config.replace(own, adapted?.config ?? config);
  const renewed = adapted?.renewed ?? [];
  const tied = withWeights(modelClass, settings, path);
  const weights = await weightsFile(folder);
  const model = (await holdsOtherHead(tied, weights))
    ? withWeights(
        modelClass,
        architecture.config.replace(settings, { tieWordEmbeddings: false } as Partial<M['config']>),
        path,
      )
    : tied;
  if (device !== undefined) await model.to(device);
  model.reference = reference;
  const inAdapter = adapter === undefined ? [] : await modulesInAdapter(adapter);
  await model.loadWeights(weights, seed, renewed, inAdapter);
  if (adapter !== undefined) await addAdapter(model, adapter, renewed);
  if (dtype !== undefined) await quantize(model, { dtype });
  return model;
}

/** Adds the adapter of a folder to its model. Parameters that it contains are not newly initialized. */
async function addAdapter(model: PretrainedModel, folder: string, renewed: readonly string[]): Promise<void> {
  await model.adapters.load(folder, 'default', renewed);
  const { newlyInitialized = [], replaced: _, ...report } = model.loadingReport as LoadingReport;
  const held = new Set(model.adapters.trainableNames('default'));
  const lacking = newlyInitialized.filter((name) => !held.has(name));
  const replaced = lacking.filter((name) => renewed.some((module) => name.startsWith(`${module}.`)));
  model.loadingReport = {
    ...report,
    path: folder,
    newlyInitialized: lacking,
    ...(replaced.length > 0 && { replaced }),
  };
}

/** Whether a checkpoint holds a head that is not the embedding's table, to which the model's settings tie it. */
async function holdsOtherHead({ tiedWeights, architecture }: PretrainedModel, weights: string): Promise<boolean> {
  if (!tiedWeights) return false;
  const file = await openWeightsFile(weights);
  const available = new Set(file.names);
  const tensorOf = (name: string) => candidates(name, architecture).find((candidate) => available.has(candidate));
  if (!(await headDiffers(file, tiedWeights, tensorOf))) return false;
  warnOnce(
    `${weights}: holds ${tiedWeights.head}, which differs from the embedding that config.json ties it to ` +
      '(tie_word_embeddings). Both are used, as in Transformers.',
  );
  return true;
}

/** Creates a model and allocates its weights, for which the sizes in a file may require too much memory. */
function withWeights<M extends PretrainedModel>(modelClass: ModelClass<M>, config: M['config'], path: string): M {
  const model = new modelClass(config);
  try {
    model.layOutWeights();
  } catch (error) {
    throw error instanceof UserError ? new UserError(`${path}: ${error.message}`, { cause: error }) : error;
  }
  return model;
}

/** `fromConfig` for a class that is known only at run time. */
export function randomModel<M extends PretrainedModel>(
  modelClass: ModelClass<M>,
  config: M['config'],
  options: FromConfigOptions = {},
): M {
  checkOptionNames(options, ['seed'], `${modelClass.name}.fromConfig`);
  const model = new modelClass(config);
  model.initializeWeights(options.seed);
  return model;
}
