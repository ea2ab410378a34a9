/** @file Models from folders in Hugging Face's layout, and back into them. */
import { exists, joinPath, writeTogether } from '#files';
import type { DeviceName } from '../engine/devices/registry.js';
import type { ParameterPlace } from '../engine/engine.js';
import { UserError } from '../errors.js';
import { type ResolveOptions, resolveOptionNames } from '../hub/options.js';
import { checkOptionNames, namesOf } from '../option-names.js';
import { formatShape, sameShape } from '../tensor/shape.js';
import { adapterKey, type ModelReference } from './adapters/adapter-config.js';
import { Adapters } from './adapters/adapters.js';
import { locateModel, modulesInAdapter } from './adapters/locate-model.js';
import { candidates, matchNames } from './checkpoint-names.js';
import { readConfig } from './config.js';
import { warnOnce } from './config-keys.js';
import type { Architecture } from './family.js';
import { narrowToBfloat16, narrowToFloat16 } from './float16.js';
import { Model } from './model.js';
import type { ModelConfig } from './model-config.js';
import type { NumberLimits, ReadLimits } from './number-limits.js';
import { SafetensorsFile, safetensorsPieces, type TensorToWrite, writeSafetensors } from './safetensors.js';
import { safetensorsIndex, shardedFiles } from './sharded-files.js';
import { ShardedSafetensors } from './sharded-safetensors.js';
import { headDiffers, type TiedWeights } from './tied-weights.js';

/** How a pretrained model is loaded. */
export interface FromPretrainedOptions<C extends ModelConfig = ModelConfig> extends ResolveOptions {
  /**
   * Settings that replace the folder's: labels for a classifier, dropout rates. Labels that the folder's model has too, all
   * of them and no others, stay in the model's own order, whose scores go with it; others make a new, untrained head.
   */
  readonly config?: Partial<C>;
  /** Where the model computes. Default: `cpu`. */
  readonly device?: DeviceName | undefined;
  /** Seed of newly initialised parameters. */
  readonly seed?: number;
}

const ownOptionNames = namesOf<Omit<FromPretrainedOptions, keyof ResolveOptions>>({
  config: true,
  device: true,
  seed: true,
});
export const fromPretrainedOptionNames = [...resolveOptionNames, ...ownOptionNames];

/** What loading a checkpoint came to. */
export interface LoadingReport {
  /** Where the weights came from. */
  readonly path: string;
  /** Parameters that the checkpoint lacks (a new task's head): they hold random numbers until trained. */
  readonly newlyInitialized: readonly string[];
  /** Tensors of the checkpoint that the model has no use for. */
  readonly unexpected: readonly string[];
  /** Of the newly initialized, those that the checkpoint has for other labels than the ones that were asked for. */
  readonly replaced?: readonly string[];
}

/** How a model is written. */
export interface SaveOptions {
  /** Half precision halves the file; numbers are rounded to it. Default: float32. */
  readonly dtype?: 'float32' | 'float16' | 'bfloat16';
}

const saveOptionNames = namesOf<SaveOptions>({ dtype: true });

const formats = {
  float32: { type: 'F32', narrow: (values: Float32Array<ArrayBuffer>) => values },
  float16: { type: 'F16', narrow: narrowToFloat16 },
  bfloat16: { type: 'BF16', narrow: narrowToBfloat16 },
} as const;

/** A class of models that a configuration makes. */
export interface ModelClass<M extends PretrainedModel> {
  new (config: M['config']): M;
  /** Hugging Face's name of the architecture, which config.json names. */
  readonly name: string;
  /** What the models of its family have in common. */
  readonly architecture: Architecture<M['config']>;
  /** What settings that replace a folder's come to, where they are more than replaced. */
  adapt?(own: M['config'], asked: Partial<M['config']>): AdaptedConfig<M['config']>;
}

/** Settings of a folder with others in their places. */
export interface AdaptedConfig<C extends ModelConfig> {
  readonly config: C;
  /** Modules whose parameters in the checkpoint are of no use with these settings. */
  readonly renewed: readonly string[];
}

/**
 * A model that can be read from a folder and written to one.
 *
 * @example
 * const model: PretrainedModel = await BertModel.fromPretrained('models/minilm');
 * await model.savePretrained('models/copy');
 */
export abstract class PretrainedModel extends Model {
  /** What loading came to; undefined for a model that was not loaded. */
  loadingReport: LoadingReport | undefined;
  /** Where the model was read from, for adapters that are saved; undefined for one that was not. */
  reference: ModelReference | undefined;
  private heldAdapters: Adapters | undefined;

  /** Its adapters. */
  get adapters(): Adapters {
    this.heldAdapters ??= new Adapters(this);
    return this.heldAdapters;
  }

  /** The file without which a folder that `savePretrained` has written holds no model. */
  get keyFile(): string {
    return this.savesAdapter ? adapterKey : modelKey;
  }

  /** An adapter that is active, and not merged, is saved instead of the whole model. */
  private get savesAdapter(): boolean {
    return this.adapters.active !== undefined && !this.adapters.isMerged;
  }

  /** What the models of its family have in common. */
  get architecture(): Architecture {
    return (this.constructor as unknown as { readonly architecture: Architecture }).architecture;
  }

  /** How much the model can read. */
  get limits(): ReadLimits {
    const { maxPositionEmbeddings, vocabSize, typeVocabSize } = this.config as ModelConfig & NumberLimits;
    const maxLength = this.architecture.maxLength?.(this.config) ?? maxPositionEmbeddings;
    return { maxLength, vocabSize, typeVocabSize };
  }

  /** The matrix that the head shares with the embedding; undefined where there is none. */
  get tiedWeights(): TiedWeights | undefined {
    return undefined;
  }

  /**
   * Reads `config.json` and `model.safetensors` of a folder, or of a model on the hub by its id. float16 and bfloat16 become float32.
   *
   * @throws UserError for a missing or malformed file, and for tensors of other shapes than the configuration says
   * @example
   * const model = await BertForQuestionAnswering.fromPretrained('models/minilm');
   * console.log(model.loadingReport?.newlyInitialized); // ['qa_outputs.weight', 'qa_outputs.bias']
   */
  static fromPretrained<M extends PretrainedModel>(
    this: ModelClass<M>,
    folder: string,
    options: FromPretrainedOptions<M['config']> = {},
  ): Promise<M> {
    return loadPretrained(this, folder, options);
  }

  /**
   * A model of random weights.
   *
   * @param seed the same seed gives the same weights
   */
  static fromConfig<M extends PretrainedModel>(this: ModelClass<M>, config: M['config'], seed = 42): M {
    return randomModel(this, config, seed);
  }

  /**
   * Fills the parameters from a safetensors file; what it lacks is newly initialised.
   *
   * @param renewed   modules that are newly initialised all the same, such as `classifier`
   * @param elsewhere modules whose values will come from elsewhere: where the file's have other shapes, they are newly
   *   initialised
   */
  async loadWeights(
    path: string,
    seed: number,
    renewed: readonly string[] = [],
    elsewhere: readonly string[] = [],
  ): Promise<LoadingReport> {
    const file = await openFile(path);
    const names = this.weights.parameters.keys();
    const { found, missing, unexpected } = matchNames(names, file.names, this.architecture, this.tiedWeights);
    const isIn = (name: string, modules: readonly string[]) => modules.some((module) => name.startsWith(`${module}.`));
    const replaced = [...found.keys()].filter((name) => isIn(name, renewed));
    if (found.size === 0) {
      throw new UserError(
        `${path}: none of its ${file.names.length} tensors fits ${this.constructor.name} ` +
          `(it has, for example, ${file.names.slice(0, 3).join(', ')}). Is it a checkpoint of ${this.config.modelType}?`,
      );
    }
    for (const [name, tensor] of found) {
      if (replaced.includes(name)) continue;
      const { shape } = file.info(tensor);
      const expected = this.weights.parameters.get(name)?.shape as readonly number[];
      if (!sameShape(shape, expected)) {
        if (isIn(name, elsewhere)) {
          replaced.push(name);
          continue;
        }
        throw new UserError(
          `${path}: ${tensor} is ${formatShape(shape)}, but config.json makes ${name} ${formatShape(expected)}. ` +
            'Do the two files belong together, and is the number of labels right?',
        );
      }
      await file.readFloat32(tensor, this.weights.view(name));
    }
    const newlyInitialized = [...missing, ...replaced];
    for (const name of newlyInitialized) this.weights.initialize(name, seed);
    this.loadingReport = { path, newlyInitialized, unexpected, ...(replaced.length > 0 && { replaced }) };
    return this.loadingReport;
  }

  /**
   * Writes `config.json` and `model.safetensors` into a folder, as Hugging Face Transformers reads them. Whenever that is
   * cut off, the folder holds the model that was there, or the new one, or none that loads: never new weights with an old
   * configuration.
   *
   * Of a model with an active adapter, it is the adapter that is written, as PEFT reads it; `adapters.merge()` before makes it
   * a plain model.
   */
  async savePretrained(folder: string, options: SaveOptions = {}): Promise<void> {
    checkOptionNames(options, saveOptionNames, 'savePretrained');
    const gone = await shardedFiles(folder, safetensorsIndex);
    await writeTogether(folder, await this.files(options), this.keyFile, gone);
  }

  /** The files that `savePretrained` writes, by their names. */
  async files(options: SaveOptions = {}): Promise<Record<string, string | Uint8Array[]>> {
    checkOptionNames(options, saveOptionNames, 'files');
    const { dtype = 'float32' } = options;
    if (this.savesAdapter) return this.adapters.files();
    const { name, architecture } = this.constructor as ModelClass<PretrainedModel>;
    const json = architecture.config.toJson({ ...this.config, architectures: [name] });
    // Transformers rounds to the type that config.json names, by either name: it is what is written, not what was read.
    const named = ['dtype', 'torch_dtype'].filter((key) => key in json);
    for (const key of dtype === 'float32' ? named : ['dtype', ...named]) json[key] = dtype;
    return {
      'model.safetensors': safetensorsPieces(await this.tensors(dtype)),
      [modelKey]: `${JSON.stringify(json, null, 2)}\n`,
    };
  }

  /** Writes the parameters to a safetensors file. */
  async saveWeights(path: string, options: SaveOptions = {}): Promise<void> {
    checkOptionNames(options, saveOptionNames, 'saveWeights');
    const { dtype = 'float32' } = options;
    await writeSafetensors(path, await this.tensors(dtype));
  }

  /** Writes the parameters that learn to a safetensors file. */
  async saveTrainable(path: string): Promise<void> {
    const { laidOut } = this.weights;
    await writeSafetensors(path, await this.tensorsOf('float32', (_, i) => laidOut[i]?.trainable === true));
  }

  private tensors(dtype: keyof typeof formats): Promise<TensorToWrite[]> {
    return this.tensorsOf(dtype, ({ name }) => !this.adapters.holds(name));
  }

  private async tensorsOf(
    dtype: keyof typeof formats,
    isChosen: (place: ParameterPlace, i: number) => boolean,
  ): Promise<TensorToWrite[]> {
    const { data, places } = await this.weights.read();
    const { type, narrow } = formats[dtype];
    return places.filter(isChosen).map(({ name, shape, offset, length }) => ({
      name,
      dtype: type,
      shape: [...shape],
      data: narrow(data.subarray(offset, offset + length)),
    }));
  }
}

/** The file without which a model's folder holds no model: a model that is replaced is without it for a moment. */
export const modelKey = 'config.json';

/** `fromPretrained` for a class that is known only at run time. */
export async function loadPretrained<M extends PretrainedModel>(
  modelClass: ModelClass<M>,
  idOrFolder: string,
  options: FromPretrainedOptions<M['config']> = {},
): Promise<M> {
  checkOptionNames(options, fromPretrainedOptionNames, `${modelClass.name}.fromPretrained`);
  const { config = {}, device, seed = 42, ...source } = options;
  const { folder, configFolder, adapter, reference } = await locateModel(idOrFolder, source);
  const { architecture } = modelClass;
  const own = await readConfig(configFolder, architecture.config);
  // An adapter without a configuration of its own has a head for the labels that are asked for.
  const isFixed = adapter !== undefined && configFolder !== adapter;
  const adapted = (isFixed ? undefined : modelClass.adapt?.(own, config)) ?? {
    config: architecture.config.replace(own, config),
    renewed: [],
  };
  const path = joinPath(configFolder, 'config.json');
  const tied = withWeights(modelClass, adapted.config, path);
  const weights = await weightsFile(folder);
  const model = (await holdsOtherHead(tied, weights))
    ? withWeights(modelClass, { ...adapted.config, tieWordEmbeddings: false }, path)
    : tied;
  if (device !== undefined) await model.to(device);
  model.reference = reference;
  const inAdapter = adapter === undefined ? [] : await modulesInAdapter(adapter);
  await model.loadWeights(weights, seed, adapted.renewed, inAdapter);
  if (adapter !== undefined) await addAdapter(model, adapter, adapted.renewed);
  return model;
}

/** Puts the adapter of a folder on its model. What it has values for is not newly initialised. */
async function addAdapter(model: PretrainedModel, folder: string, renewed: readonly string[]): Promise<void> {
  await model.adapters.load(folder, 'default', renewed);
  const { newlyInitialized = [], replaced: _, ...report } = model.loadingReport as LoadingReport;
  const held = new Set(model.adapters.trainableNames('default'));
  const lacking = newlyInitialized.filter((name) => !held.has(name));
  const replaced = lacking.filter((name) => renewed.some((module) => name.startsWith(`${module}.`)));
  model.loadingReport = {
    ...report,
    ...{ path: folder, newlyInitialized: lacking },
    ...(replaced.length > 0 && { replaced }),
  };
}

/** Whether a checkpoint holds a head that is not the embedding's table, to which the model's settings tie it. */
async function holdsOtherHead({ tiedWeights, architecture }: PretrainedModel, weights: string): Promise<boolean> {
  if (!tiedWeights) return false;
  const file = await openFile(weights);
  const available = new Set(file.names);
  const tensorOf = (name: string) => candidates(name, architecture).find((candidate) => available.has(candidate));
  if (!(await headDiffers(file, tiedWeights, tensorOf))) return false;
  warnOnce(
    `${weights}: holds ${tiedWeights.head}, which differs from the embedding that config.json ties it to ` +
      '(tie_word_embeddings). Both are used, as in Transformers.',
  );
  return true;
}

/** A model with room for its weights, which the sizes in a file may ask too much of. */
function withWeights<M extends PretrainedModel>(modelClass: ModelClass<M>, config: M['config'], path: string): M {
  const model = new modelClass(config);
  try {
    model.weights;
  } catch (error) {
    throw error instanceof UserError ? new UserError(`${path}: ${error.message}`, { cause: error }) : error;
  }
  return model;
}

/** `fromConfig` for a class that is known only at run time. */
export function randomModel<M extends PretrainedModel>(
  modelClass: ModelClass<M>,
  config: M['config'],
  seed: number,
): M {
  const model = new modelClass(config);
  for (const name of model.weights.parameters.keys()) model.weights.initialize(name, seed);
  return model;
}

/** The weights of a folder, in one file or in several; only the headers are read. */
export const openWeights = async (folder: string): Promise<SafetensorsFile | ShardedSafetensors> =>
  openFile(await weightsFile(folder));

const openFile = (path: string): Promise<SafetensorsFile | ShardedSafetensors> =>
  path.endsWith('.index.json') ? ShardedSafetensors.open(joinPath(path, '..'), path) : SafetensorsFile.open(path);

/** The file with a folder's weights, or an error that says what is there instead. */
async function weightsFile(folder: string): Promise<string> {
  const path = joinPath(folder, 'model.safetensors');
  if (await exists(path)) return path;
  const index = joinPath(folder, safetensorsIndex);
  if (await exists(index)) return index;
  if (await exists(joinPath(folder, 'pytorch_model.bin'))) {
    throw new UserError(
      `${folder}: has pytorch_model.bin but no model.safetensors. A pickle can run code, so it is not read: convert it ` +
        'in Python with model.save_pretrained(folder), which writes safetensors.',
    );
  }
  if (/\/snapshots\/[0-9a-f]{40}\/?$/.test(folder)) {
    throw new UserError(
      `${folder}: the cache has only a part of this model, without model.safetensors. Run once online, without ` +
        'HF_HUB_OFFLINE, and the rest is fetched.',
    );
  }
  throw new UserError(
    `${folder}: no model.safetensors. Give a folder in Hugging Face's layout, or train from scratch.`,
  );
}
