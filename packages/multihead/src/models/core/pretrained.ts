/** @file Loads and saves models in Hugging Face's layout. */
import { writeTogether } from '#files';
import type { DeviceName } from '../../engine/devices/registry.js';
import type { ParameterPlace } from '../../engine/engine.js';
import type { ResolveOptions } from '../../hub/options.js';
import type { Module } from '../../nn/module.js';
import { UserError } from '../../platform/errors.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import { formatShape, sameShape } from '../../tensor/shape.js';
import { adapterKey, type ModelReference } from '../adapters/adapter-config.js';
import { Adapters } from '../adapters/adapters.js';
import { matchNames } from '../checkpoint/checkpoint-names.js';
import { type FloatName, floatFormats } from '../checkpoint/float-formats.js';
import { safetensorsPieces, type TensorToWrite, writeSafetensors } from '../checkpoint/safetensors.js';
import { safetensorsIndex, shardedFiles } from '../checkpoint/sharded-files.js';
import type { TiedWeights } from '../checkpoint/tied-weights.js';
import { openWeightsFile } from '../checkpoint/weights-files.js';
import type { DtypeName } from '../dtypes.js';
import type { Architecture } from '../family.js';
import { loadPretrained, randomModel } from './load-pretrained.js';
import { Model } from './model.js';
import type { ModelConfig } from './model-config.js';
import type { NumberLimits, ReadLimits } from './number-limits.js';

/** Options of `fromPretrained`. */
export interface FromPretrainedOptions<C extends ModelConfig = ModelConfig> extends ResolveOptions {
  /**
   * Settings that replace the folder's, such as labels for a classifier, or dropout rates. If the labels are the same
   * set as the folder's, the model keeps its own order; other labels make a new, untrained head.
   */
  readonly config?: Partial<C>;
  /** The device to compute on. Default: `cpu`. */
  readonly device?: DeviceName | undefined;
  /**
   * The number format of the weights: in another than `fp32`, the model can compute, but not be trained or saved
   * ({@link quantize}). Default: `fp32`.
   */
  readonly dtype?: DtypeName | undefined;
  /** Seed of newly initialized parameters. */
  readonly seed?: number;
}

/** Options of `fromConfig`. */
export interface FromConfigOptions {
  /** The same seed gives the same weights. Default: 42. */
  readonly seed?: number | undefined;
}

/** Report of loading a checkpoint. */
export interface LoadingReport {
  /** Where the weights came from. */
  readonly path: string;
  /** Parameters that the checkpoint lacks, such as a new task's head, and that are randomly initialized. */
  readonly newlyInitialized: readonly string[];
  /** Tensors of the checkpoint that the model does not use. */
  readonly unexpected: readonly string[];
  /** Those newly initialized parameters that the checkpoint has, but for other labels than requested. */
  readonly replaced?: readonly string[];
}

/** Options of `savePretrained`. */
export interface SaveOptions {
  /** Half precision halves the file; numbers are rounded to it. Default: float32. */
  readonly dtype?: 'float32' | 'float16' | 'bfloat16';
}

const saveOptionNames = namesOf<SaveOptions>({ dtype: true });

/** A model class that is constructed from a configuration. */
export interface ModelClass<M extends PretrainedModel> {
  new (config: M['config']): M;
  /** Hugging Face's name of the architecture, which config.json names. */
  readonly name: string;
  /** The architecture of the model's family. */
  readonly architecture: Architecture<M['config']>;
  /** Adapts the configuration of a folder to requested settings, if that takes more than replacing them. */
  adapt?(own: M['config'], asked: Partial<M['config']>): AdaptedConfig<M['config']>;
}

/** Settings of a folder with others in their places. */
export interface AdaptedConfig<C extends ModelConfig> {
  readonly config: C;
  /** Modules that must be newly initialized with these settings. */
  readonly renewed: readonly string[];
}

/**
 * Base class of models that can be loaded from and saved to a folder.
 *
 * @example
 * const model: PretrainedModel = await BertModel.fromPretrained('models/minilm');
 * await model.savePretrained('models/copy');
 */
export abstract class PretrainedModel<Scores extends object = object> extends Model<Scores> {
  /** Report of loading the model; undefined if it was not loaded. */
  loadingReport: LoadingReport | undefined;
  /** Where the model was loaded from, which saved adapters refer to; undefined if it was not loaded. */
  reference: ModelReference | undefined;
  /** Layers that only the loss of a training run has: trained with the model, but not saved with it. */
  lossHead: Module | undefined;
  private heldAdapters: Adapters | undefined;

  /** The model's adapters. */
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

  /** Limits of the model's inputs. */
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
   * Loads a model from a folder (`config.json` and `model.safetensors`) or, by id, from the hub. float16 and bfloat16
   * weights are converted to float32.
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
   * Creates a model with random weights, from a seed.
   *
   * @example
   * const model = BertModel.fromConfig(new BertConfig({ numHiddenLayers: 2 }), { seed: 1 });
   */
  static fromConfig<M extends PretrainedModel>(
    this: ModelClass<M>,
    config: M['config'],
    options: FromConfigOptions = {},
  ): M {
    return randomModel(this, config, options);
  }

  /**
   * Loads the parameters from a safetensors file; parameters that it lacks are newly initialized.
   *
   * @param renewed   modules that are newly initialized all the same, such as `classifier`
   * @param elsewhere modules whose values will come from elsewhere: where the file's have other shapes, they are newly
   *   initialized
   */
  async loadWeights(
    path: string,
    seed: number,
    renewed: readonly string[] = [],
    elsewhere: readonly string[] = [],
  ): Promise<LoadingReport> {
    const file = await openWeightsFile(path);
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
   * Saves `config.json` and `model.safetensors` to a folder, in Transformers' format. If saving is interrupted, the
   * folder has the old model, the new one, or none that loads, but never new weights with an old configuration.
   *
   * With an active adapter, only the adapter is saved, in PEFT's format; call `adapters.merge()` first to save a plain
   * model.
   */
  async savePretrained(folder: string, options: SaveOptions = {}): Promise<void> {
    checkOptionNames(options, saveOptionNames, 'savePretrained');
    const gone = await shardedFiles(folder, safetensorsIndex);
    await writeTogether(folder, await this.files(options), this.keyFile, gone);
  }

  /** Returns the files that `savePretrained` writes, by name. */
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

  /** Saves the parameters to a safetensors file. */
  async saveWeights(path: string, options: SaveOptions = {}): Promise<void> {
    checkOptionNames(options, saveOptionNames, 'saveWeights');
    const { dtype = 'float32' } = options;
    await writeSafetensors(path, await this.tensors(dtype));
  }

  /** Saves the trainable parameters to a safetensors file. */
  async saveTrainable(path: string): Promise<void> {
    const { laidOut } = this.weights;
    await writeSafetensors(path, await this.tensorsOf('float32', (_, i) => laidOut[i]?.trainable === true));
  }

  private tensors(dtype: FloatName): Promise<TensorToWrite[]> {
    return this.tensorsOf(dtype, ({ name }) => !this.adapters.holds(name) && !isOfLoss(name));
  }

  private async tensorsOf(
    dtype: FloatName,
    isChosen: (place: ParameterPlace, i: number) => boolean,
  ): Promise<TensorToWrite[]> {
    const { data, places } = await this.weights.read();
    const { type, narrow } = floatFormats[dtype];
    return places.filter(isChosen).map(({ name, shape, offset, length }) => ({
      name,
      dtype: type,
      shape: [...shape],
      data: narrow(data.subarray(offset, offset + length)),
    }));
  }
}

/** Whether a parameter belongs to layers that only a loss has. */
export const isOfLoss = (parameter: string): boolean => parameter.startsWith('loss_head.');

/** The file without which a model's folder holds no model: a model that is replaced is without it for a moment. */
export const modelKey = 'config.json';
