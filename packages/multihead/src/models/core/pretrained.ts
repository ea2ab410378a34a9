/** @file Models from folders in Hugging Face's layout, and back into them. */
import { writeTogether } from '#files';
import type { DeviceName } from '../../engine/devices/registry.js';
import type { ParameterPlace } from '../../engine/engine.js';
import type { ResolveOptions } from '../../hub/options.js';
import { UserError } from '../../platform/errors.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import { formatShape, sameShape } from '../../tensor/shape.js';
import { adapterKey, type ModelReference } from '../adapters/adapter-config.js';
import { Adapters } from '../adapters/adapters.js';
import { matchNames } from '../checkpoint/checkpoint-names.js';
import { narrowToBfloat16, narrowToFloat16 } from '../checkpoint/float16.js';
import { safetensorsPieces, type TensorToWrite, writeSafetensors } from '../checkpoint/safetensors.js';
import { safetensorsIndex, shardedFiles } from '../checkpoint/sharded-files.js';
import type { TiedWeights } from '../checkpoint/tied-weights.js';
import { openWeightsFile } from '../checkpoint/weights-files.js';
import type { Architecture } from '../family.js';
import { loadPretrained, randomModel } from './load-pretrained.js';
import { Model } from './model.js';
import type { ModelConfig } from './model-config.js';
import type { NumberLimits, ReadLimits } from './number-limits.js';

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

/** How a model of random weights is made. */
export interface FromConfigOptions {
  /** The same seed gives the same weights. Default: 42. */
  readonly seed?: number | undefined;
}

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
export abstract class PretrainedModel<Scores extends object = object> extends Model<Scores> {
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
   * A model of random weights, as `new` makes it, of a seed.
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
