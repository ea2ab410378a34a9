/** @file The adapters of a model: several named adapters, one of them active, on shared base weights. */
import { joinPath, writeTogether } from '#files';
import { type LoraForm, LoraLinear } from '../../nn/adapters/lora-linear.js';
import type { Conv1D } from '../../nn/layers/conv1d.js';
import type { Linear } from '../../nn/layers/linear.js';
import { Module } from '../../nn/module.js';
import { UserError } from '../../platform/errors.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import { SafetensorsFile } from '../checkpoint/safetensors.js';
import { type AdaptedModel, isHeadOver, modulesSavedWhole } from './adapted-model.js';
import { adapterKey, adapterWeights, readAdapterConfig } from './adapter-config.js';
import { adapterFiles, contentsOf, type Values, valueReader, valuesOf } from './adapter-files.js';
import { baseParameters, isLearnedBias, isOfAdapter, partsOf } from './adapter-parts.js';
import type { AdapterTensor } from './adapter-tensors.js';
import type { LoraSettings } from './lora-settings.js';
import { loraForms } from './lora-targets.js';
import { mergedWeight, rowLengths } from './merged-weight.js';

type LayerAdapter = NonNullable<ReturnType<LoraLinear['adapter']>>;

/** An adapter that a model holds. */
interface Held {
  readonly settings: LoraSettings;
  /** Parameters of the base model that the adapter has its own values for: modules saved in full, and biases. */
  readonly saved: ReadonlySet<string>;
  /** Those values, while another adapter is active. */
  own: ReadonlyMap<string, Values> | undefined;
}

/** Options of `Adapters.add`. */
export interface AdapterOptions {
  /** Seed of its new matrices. Default: 42. */
  readonly seed?: number;
}

/**
 * The adapters (LoRA, Hu et al. 2022) of a model. All adapters share the model's weights, and switching between them
 * loads nothing.
 *
 * @example
 * await model.adapters.load('runs/intents-lora', 'intents');
 * await model.adapters.load('runs/topics-lora', 'topics'); // active from now on
 * await model.adapters.use('intents');
 */
export class Adapters {
  private readonly held = new Map<string, Held>();
  private current: string | undefined;
  /** The base model's values of parameters that adapters replace. */
  private readonly originals = new Map<string, Values>();
  /** The weights before they were merged. */
  private unmerged: ReadonlyMap<string, Values> | undefined;

  constructor(private readonly model: AdaptedModel) {}

  /** The names of all adapters. */
  get names(): string[] {
    return [...this.held.keys()];
  }

  /** The name of the active adapter; undefined if none is active. */
  get active(): string | undefined {
    return this.current;
  }

  /** Whether the active adapter is merged into the weights. */
  get isMerged(): boolean {
    return this.unmerged !== undefined;
  }

  /** The settings of an adapter. */
  settings(name: string): LoraSettings {
    return this.heldOrThrow(name).settings;
  }

  /**
   * Adds a new adapter and activates it. It does not change the output until it is trained. From now on, training
   * updates only the adapter and the modules that are saved with it.
   *
   * @param name     letters, digits, - and _
   * @param settings PEFT's defaults where omitted
   * @example
   * await model.adapters.add('default', { rank: 8, alpha: 16, targetModules: ['query', 'value'] });
   */
  async add(name: string, settings: Partial<LoraSettings> = {}, options: AdapterOptions = {}): Promise<void> {
    checkOptionNames(options, namesOf<AdapterOptions>({ seed: true }), 'adapters.add');
    const { loraSettings } = await import('./lora-settings.js');
    const complete = loraSettings(settings);
    const savedWhole = modulesSavedWhole(this.model, complete.modulesToSave);
    const isVocabularyHead = (module: string, { outputSize }: Linear) => isHeadOver(this.model, module, outputSize);
    const forms = loraForms(this.model.modules(), complete, { isVocabularyHead, savedWhole });
    const isSaved = (parameter: string) =>
      savedWhole.some((module) => parameter.startsWith(`${module}.`)) || isLearnedBias(parameter, complete.bias, forms);
    const saved = baseParameters(this.model).filter(isSaved);
    const { targetModules } = complete;
    const targets = targetModules === undefined || targetModules === 'all-linear' ? [...forms.keys()] : targetModules;
    const held = { settings: { ...complete, targetModules: targets, modulesToSave: savedWhole }, saved };
    await this.put(name, held, forms);
    const { weights } = this.model;
    const { seed = 42 } = options;
    const values = new Map<string, Values>();
    for (const [module, layer] of this.layersOf(name)) {
      const { a, b, magnitude } = layer.adapter(name) as LayerAdapter;
      for (const { name: parameter } of [a, b]) weights.initialize(parameter, seed);
      if (magnitude) values.set(magnitude.name, rowLengths(layer, weights.view(`${module}.weight`)));
    }
    await weights.write(values);
    await this.use(name);
  }

  /**
   * Loads the adapter of a folder, in PEFT's format, and activates it.
   *
   * @param except modules whose values in the folder are of no use
   * @throws UserError for an adapter of another kind than LoRA, or of another model
   */
  async load(folder: string, name = 'default', except: readonly string[] = []): Promise<void> {
    const { settings } = await readAdapterConfig(folder);
    const file = await SafetensorsFile.open(joinPath(folder, adapterWeights));
    const { forms, saved } = contentsOf(file, this.model, settings);
    const isUsed = (parameter: string) => !except.some((module) => parameter.startsWith(`${module}.`));
    await this.put(name, { settings, saved: saved.filter(isUsed) }, forms);
    await this.model.weights.write(await this.valuesIn(file, name, 'lora'));
    const held = this.heldOrThrow(name);
    held.own = await this.valuesIn(file, name, 'saved');
    await this.use(name);
  }

  /** Restores the values of the active adapter from a folder. */
  async restore(folder: string): Promise<void> {
    const name = this.activeOrThrow();
    const file = await SafetensorsFile.open(joinPath(folder, adapterWeights));
    const all = [...(await this.valuesIn(file, name, 'lora')), ...(await this.valuesIn(file, name, 'saved'))];
    await this.model.weights.write(new Map(all));
  }

  /**
   * Activates an adapter, or none: the model then computes as without adapters. Nothing is loaded.
   *
   * @example
   * await model.adapters.use(undefined);
   */
  async use(name: string | undefined): Promise<void> {
    if (name !== undefined) this.heldOrThrow(name);
    await this.unmerge();
    const { weights } = this.model;
    if (name !== this.current || name === undefined) await this.exchange(name);
    this.current = name;
    for (const [, layer] of this.layers()) layer.active = name;
    const adapted = new Set(name === undefined ? [] : this.trainableNames(name));
    for (const [parameter, tensor] of weights.parameters)
      tensor.trainable = name === undefined || adapted.has(parameter);
    await weights.forgetGraphs();
  }

  /** Names of the parameters that are trained with an adapter: its matrices, and the modules saved with it. */
  trainableNames(name: string): string[] {
    const own = this.layersOf(name).flatMap(([, layer]) => partsOf(layer, name).map(({ parameter }) => parameter.name));
    return [...own, ...this.heldOrThrow(name).saved];
  }

  /**
   * Merges the active adapter into the weights. The outputs stay the same, and the adapter has no more overhead;
   * `savePretrained` then writes a plain model.
   */
  async merge(): Promise<void> {
    if (this.unmerged) return;
    const name = this.activeOrThrow();
    const { weights } = this.model;
    const read = await valueReader(this.model);
    const merged = new Map<string, Values>();
    const before = new Map<string, Values>();
    for (const [, layer] of this.layersOf(name)) {
      const adapter = layer.adapter(name) as LayerAdapter;
      const { a, b, magnitude } = adapter;
      const weight = read(layer.weight.name).slice();
      before.set(layer.weight.name, weight);
      const parts = { weight, a: read(a.name), b: read(b.name), magnitude: magnitude && read(magnitude.name) };
      merged.set(layer.weight.name, mergedWeight(layer, adapter, parts));
    }
    await weights.write(merged);
    for (const [, layer] of this.layers()) layer.active = undefined;
    this.unmerged = before;
    await weights.forgetGraphs();
  }

  /** Reverts a merge, restoring the weights bit for bit. */
  async unmerge(): Promise<void> {
    if (!this.unmerged) return;
    await this.model.weights.write(this.unmerged);
    this.unmerged = undefined;
    for (const [, layer] of this.layers()) layer.active = this.current;
    await this.model.weights.forgetGraphs();
  }

  /** Merges the active adapter and removes all adapters, which leaves a plain model. */
  async mergeAndUnload(): Promise<void> {
    if (this.current !== undefined) await this.merge();
    await this.model.changeModules(() => {
      this.model.replaceModules(
        (module) => module instanceof LoraLinear,
        (module) => (module as LoraLinear).base,
      );
    });
    for (const parameter of this.model.weights.parameters.values()) parameter.trainable = true;
    this.held.clear();
    this.originals.clear();
    this.unmerged = undefined;
    this.current = undefined;
  }

  /** Whether a parameter belongs to an adapter rather than to the base model. */
  holds(parameter: string): boolean {
    return this.held.size > 0 && isOfAdapter(parameter);
  }

  /** Saves an adapter to a folder, in PEFT's format. */
  async save(folder: string, name = this.activeOrThrow()): Promise<void> {
    await writeTogether(folder, await this.files(name), adapterKey);
  }

  /** The files that `save` writes, by their names: PEFT's two, and config.json with the labels of the adapter's head. */
  async files(name = this.activeOrThrow()): Promise<Record<string, string | Uint8Array[]>> {
    const { settings, saved, own } = this.heldOrThrow(name);
    return adapterFiles(this.model, {
      name,
      settings,
      saved,
      own,
      layers: this.layersOf(name),
      read: await valueReader(this.model),
    });
  }

  /** Puts layers with an adapter of a name in the place of layers without. */
  private async put(
    name: string,
    { settings, saved }: { readonly settings: LoraSettings; readonly saved: readonly string[] },
    forms: ReadonlyMap<string, LoraForm>,
  ): Promise<void> {
    if (!/^[\w-]+$/.test(name) || name in Module.prototype) {
      throw new UserError(`an adapter's name is ${JSON.stringify(name)}; it must be of letters, digits, - and _`);
    }
    if (this.held.has(name)) throw new UserError(`there is an adapter "${name}" already; give another name`);
    await this.unmerge();
    await this.model.changeModules(() => {
      this.model.replaceModules(
        (module, path) => forms.has(path) && !(module instanceof LoraLinear),
        (module) => new LoraLinear(module as Linear | Conv1D),
      );
      for (const [path, layer] of this.layers()) {
        const form = forms.get(path);
        if (form) layer.add(name, form);
      }
    });
    this.held.set(name, { settings, saved: new Set(saved), own: undefined });
  }

  /** Puts the values that the active adapter has of base parameters away, and those of another in their place. */
  private async exchange(name: string | undefined): Promise<void> {
    const before = this.current === undefined ? undefined : this.held.get(this.current);
    const next = name === undefined ? undefined : this.held.get(name);
    const read = await valueReader(this.model);
    const values = new Map<string, Values>();
    if (before) {
      before.own = new Map([...before.saved].map((parameter) => [parameter, read(parameter).slice()]));
      for (const parameter of before.saved) values.set(parameter, this.originals.get(parameter) as Values);
    }
    for (const parameter of next?.saved ?? []) {
      if (!this.originals.has(parameter)) this.originals.set(parameter, read(parameter).slice());
      values.set(parameter, next?.own?.get(parameter) ?? (this.originals.get(parameter) as Values));
    }
    if (next) next.own = undefined;
    if (values.size > 0) await this.model.weights.write(values);
  }

  /** The values of a file that are an adapter's own matrices, or of base parameters, by the parameters' names. */
  private valuesIn(file: SafetensorsFile, name: string, kind: AdapterTensor['kind']): Promise<Map<string, Values>> {
    const { saved } = this.heldOrThrow(name);
    return valuesOf(file, this.model, { name, saved, layers: this.layersOf(name) }, kind);
  }

  private layers(): [string, LoraLinear][] {
    return [...this.model.modules()].filter((entry): entry is [string, LoraLinear] => entry[1] instanceof LoraLinear);
  }

  private layersOf(name: string): [string, LoraLinear][] {
    return this.layers().filter(([, layer]) => layer.adapter(name));
  }

  private heldOrThrow(name: string): Held {
    const held = this.held.get(name);
    if (held) return held;
    throw new UserError(`the model has no adapter "${name}"; it has: ${this.names.join(', ') || 'none'}`);
  }

  private activeOrThrow(): string {
    if (this.current !== undefined) return this.current;
    throw new UserError('the model has no active adapter: load or add one, or name it with use()');
  }
}
