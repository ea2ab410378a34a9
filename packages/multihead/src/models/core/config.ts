/**
 * @file Configurations: the settings of Hugging Face's config.json with names in camelCase. Each family has a class of them,
 * made from a declaration of how its settings are read and written. What is not known in a file is kept, and written back.
 */
import { exists, joinPath, readTextAtMost } from '#files';
import { type ResolveOptions, resolveOptionNames } from '../../hub/options.js';
import { UserError } from '../../platform/errors.js';
import { parseJson } from '../../platform/json/json.js';
import { checkOptionNames, likelyName } from '../../platform/option-names.js';
import { locateModel } from '../adapters/locate-model.js';
import { type ConfigKeys, keyOf, propertyOf, snakeCase } from './config-keys.js';
import { ConfigReader, type ModelConfig, type SettingsOrigin } from './model-config.js';

export type { ModelConfig } from './model-config.js';

/** Settings of a new configuration; omitted ones have Transformers' defaults. */
export type ConfigOptions<C extends ModelConfig> = Partial<Omit<C, 'modelType'>>;

/**
 * The configuration class of a model family.
 *
 * @example
 * const config = new GPT2Config({ hiddenSize: 128, numHiddenLayers: 4, numAttentionHeads: 4 });
 * const model = new GPT2LMHeadModel(config); // random weights
 */
export interface ConfigClass<C extends ModelConfig> {
  /** @throws UserError for unknown settings and invalid values */
  new (options?: ConfigOptions<C>): C;
  /** Hugging Face's name of the class: `GPT2Config`. */
  readonly name: string;
  /** Hugging Face's name of the family, as config.json gives it: `gpt2`. */
  readonly modelType: string;
  /**
   * Loads `config.json` from a folder or, by id, from the hub.
   *
   * @example
   * (await BertConfig.fromPretrained('models/minilm')).hiddenSize // 384
   */
  fromPretrained(idOrFolder: string, options?: ResolveOptions): Promise<C>;
  /** Loads a configuration file. */
  fromFile(path: string): Promise<C>;
  /**
   * Parses the contents of config.json.
   *
   * @param where the file's name, for errors. Default: the class's
   * @throws UserError naming the invalid setting
   * @example
   * GPT2Config.fromJson({ n_embd: 128, n_head: 4 }).headDim // 32
   */
  fromJson(json: unknown, where?: string): C;
  /** Returns the contents of config.json, in Transformers' format. */
  toJson(config: C): Record<string, unknown>;
  /**
   * Returns a configuration with some settings replaced. Settings that depend on them are recomputed unless replaced,
   * too, such as the head size from the hidden size.
   */
  replace(config: C, changes: Partial<C>): C;
}

/** The settings that a family reads and writes itself; the others are those of every family. */
export type OwnSettings<C extends ModelConfig> = Omit<C, 'modelType' | 'architectures' | 'others'>;

/** Reading and writing of a family's configurations. */
export interface ConfigFormat<C extends ModelConfig> {
  /** Hugging Face's name of the class: `GPT2Config`. */
  readonly name: string;
  /** Hugging Face's name of the family: `gpt2`. */
  readonly modelType: string;
  /** Handling of the keys of config.json. */
  readonly keys: ConfigKeys;
  /** Reads the settings, each with its default. */
  read(reader: ConfigReader): OwnSettings<C>;
  /** The settings as config.json has them. */
  toJson(config: C): Record<string, unknown>;
  /** Settings with others in their places, and what follows from them. */
  replace(config: C, changes: Partial<C>): C;
}

/**
 * Creates the configuration class of a family.
 *
 * @example
 * interface AcmeConfig extends BertLikeConfig {}
 * const AcmeConfig: ConfigClass<AcmeConfig> = bertLikeConfig({
 *   name: 'AcmeConfig',
 *   modelType: 'acme',
 *   defaults: { sizes: bertSizes, padTokenId: 0, layerNormEps: 1e-12 },
 *   keys: { aliases: {}, refused: {}, harmless: [] },
 * });
 * new AcmeConfig({ hiddenSize: 64, numAttentionHeads: 4 }).intermediateSize; // 3072
 */
export function configClass<C extends ModelConfig>(format: ConfigFormat<C>): ConfigClass<C> {
  const { name, modelType, keys } = format;

  const read = (json: unknown, where: string, origin: SettingsOrigin) => {
    const reader = new ConfigReader(json, modelType, where, keys, origin);
    const architectures = reader.architectures();
    const settings = { modelType, architectures, ...format.read(reader), others: reader.others() };
    return { settings: settings as unknown as C, taken: reader.taken };
  };

  /** A program's own settings, completed and checked. */
  const complete = (given: Readonly<Partial<ModelConfig>>, where: string, origin: SettingsOrigin): C => {
    const usual = read({}, where, origin);
    const all = Object.keys(usual.settings);
    const isRead = (property: string) => property !== 'modelType' && usual.taken.has(keyOf(property, keys));
    checkNames(given, all, all.filter(isRead), where, keys);
    const own = Object.entries(given).filter(([property, value]) => value !== undefined && isRead(property));
    const json = Object.fromEntries(own.map(([property, value]) => [keyOf(property, keys), inFile(value)]));
    const { settings } = read({ ...(given.others ?? {}), ...json }, where, origin);
    for (const [property, value] of Object.entries(given)) {
      const found = settings[property as keyof C];
      if (value === undefined || typeof value === 'object' || value === found) continue;
      throw new UserError(`${where}: ${property} is ${value}; expected ${found}, which follows from other settings`);
    }
    return settings;
  };

  class Config {
    constructor(options: ConfigOptions<C> = {}) {
      Object.assign(this, complete(options, name, 'code'));
    }

    static readonly modelType = modelType;

    static async fromPretrained(idOrFolder: string, options: ResolveOptions = {}): Promise<C> {
      checkOptionNames(options, resolveOptionNames, `${name}.fromPretrained`);
      const { configFolder } = await locateModel(idOrFolder, { parts: 'config', ...options });
      return Config.fromFile(joinPath(configFolder, 'config.json'));
    }

    static async fromFile(path: string): Promise<C> {
      return Config.fromJson(parseJson(await readConfigText(path), path), path);
    }

    static fromJson(json: unknown, where = name): C {
      return Config.of(read(json, where, 'file').settings);
    }

    static toJson(config: C): Record<string, unknown> {
      return {
        ...config.others,
        architectures: config.architectures,
        model_type: modelType,
        ...format.toJson(config),
      };
    }

    static replace(config: C, changes: Partial<C>): C {
      checkNames(changes, Object.keys(config), Object.keys(config), 'config', keys);
      return Config.of(complete({ ...format.replace(config, changes) }, 'config', 'replaced'));
    }

    private static of(settings: C): C {
      return Object.assign(Object.create(Config.prototype), settings);
    }
  }
  Object.defineProperty(Config, 'name', { value: name });
  return Config as unknown as ConfigClass<C>;
}

/** Refuses settings that there are not, and names the likely one: for `nEmbd` or `n_embd`, GPT-2's `hiddenSize`. */
function checkNames(
  given: object,
  allowed: readonly string[],
  settable: readonly string[],
  where: string,
  keys: ConfigKeys,
): void {
  const names = allowed.filter((property) => settable.includes(property) || property in given);
  checkOptionNames(given, names, where, (name) => {
    const property = propertyOf(snakeCase(name), keys);
    return settable.includes(property) ? property : likelyName(name, names);
  });
}

/** A setting as config.json has it: names inside of it have underscores. */
const inFile = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).map(([property, inner]) => [snakeCase(property), inner]))
    : value;

/** A config.json's text. Where it is missing beside weights, a model was cut off in the middle of being replaced. */
export async function readConfigText(path: string): Promise<string> {
  const weights = joinPath(path, '..', 'model.safetensors');
  if (isConfigName(path) && !(await exists(path)) && (await exists(weights))) {
    throw new UserError(
      `${path}: no such file, although ${weights} is there. A run that was killed while it replaced the model leaves a ` +
        'folder so: resume with `resume: true`, or save the model anew. If the folder was copied, copy config.json, too.',
    );
  }
  if (isConfigName(path) && !(await exists(path)) && (await exists(joinPath(path, '..')))) {
    throw new UserError(
      `${path}: no such file. A model folder holds config.json, model.safetensors and tokenizer.json or vocab.txt; is this ` +
        'the right folder?',
    );
  }
  return readTextAtMost(path);
}

const isConfigName = (path: string): boolean => /(^|[\\/])config\.json$/.test(path);
