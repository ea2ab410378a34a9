/** @file The settings that all models share, and the reader of settings with precise errors. */

import { UserError } from '../../platform/errors.js';
import { showValue } from '../../platform/show-value.js';
import {
  type ConfigKeys,
  camelCase,
  harmlessEverywhere,
  propertyOf,
  refusedEverywhere,
  warnOnce,
} from './config-keys.js';

/** The configuration of a model. Names are Hugging Face's in camelCase. */
export interface ModelConfig {
  /** Hugging Face's name of the architecture: `bert`, `gpt2`, `llama`. */
  readonly modelType: string;
  readonly vocabSize: number;
  readonly hiddenSize: number;
  readonly numHiddenLayers: number;
  readonly numAttentionHeads: number;
  readonly maxPositionEmbeddings: number;
  /** Standard deviation of new weights. */
  readonly initializerRange: number;
  /** The padding token; null if the model has none. */
  readonly padTokenId: number | null;
  /** Whether the head's matrix is tied to the embedding. */
  readonly tieWordEmbeddings: boolean;
  readonly architectures: readonly string[];
  /** Unknown settings, under their names in the file. */
  readonly others: Readonly<Record<string, unknown>>;
}

/**
 * Where settings come from, which decides by what names errors call them, and what becomes of a special token that the
 * vocabulary lacks: a warning in a file, as in Transformers, an error in a program's own settings, nothing where settings
 * of a configuration that was checked before are replaced.
 */
export type SettingsOrigin = 'file' | 'code' | 'replaced';

/**
 * Reads settings from the contents of config.json.
 *
 * @example
 * const reader = new ConfigReader({ hidden_size: 64 }, 'tiny', 'config.json', { aliases: {}, refused: {}, harmless: [] });
 * reader.size('hidden_size', 32); // 64
 */
export class ConfigReader {
  private readonly left: Record<string, unknown>;
  /** The config.json names of all settings read so far. */
  readonly taken = new Set<string>();

  /** @throws UserError if `json` is not an object, or is the configuration of another kind of model */
  constructor(
    json: unknown,
    modelType: string,
    private readonly where: string,
    private readonly keys: ConfigKeys,
    private readonly origin: SettingsOrigin = 'file',
  ) {
    if (typeof json !== 'object' || json === null || Array.isArray(json)) {
      throw new UserError(`${where}: holds no JSON object; a model's config.json was expected`);
    }
    this.left = { ...json };
    const found = this.take('model_type');
    if (found !== undefined && found !== modelType) {
      throw new UserError(
        `${where}: ${this.shown('model_type')} is ${JSON.stringify(found)}; "${modelType}" was expected here`,
      );
    }
    for (const [alias, own] of Object.entries(keys.aliases)) this.rename(alias, own);
    for (const [name, { unless, lacks }] of Object.entries({ ...refusedEverywhere, ...keys.refused })) {
      const value = this.left[name];
      if (value === undefined || value === null || unless.includes(value) || isEmpty(value)) continue;
      const others = unless.length > 0 ? unless.map((value) => JSON.stringify(value)).join(' or ') : 'nothing';
      this.fail(name, value, `${others}: Multihead has no ${lacks} for ${modelType}`);
    }
  }

  /** A setting's name as whoever gave it knows it. */
  private shown(name: string): string {
    if (this.origin === 'file') return name;
    const [key = '', ...inner] = name.split('.');
    return [propertyOf(key, this.keys), ...inner.map(camelCase)].join('.');
  }

  /** Returns the settings that were not read, which are kept for the file. Unknown keys are reported once. */
  others(): Record<string, unknown> {
    const { harmless, refused } = this.keys;
    const known = new Set([
      ...harmlessEverywhere,
      ...Object.keys(refusedEverywhere),
      ...harmless,
      ...Object.keys(refused),
    ]);
    const unknown = Object.keys(this.left).filter((name) => !known.has(name));
    if (unknown.length > 0 && this.origin === 'file') {
      const [subject, verb] = unknown.length > 1 ? ['settings', 'are'] : ['the setting', 'is'];
      warnOnce(
        `${this.where}: ${subject} ${unknown.join(', ')} ${verb} not known to Multihead; nothing that is computed depends on it.`,
      );
    }
    return this.left;
  }

  /** Takes a key under the family's own name for it. */
  private rename(alias: string, own: string): void {
    if (!Object.hasOwn(this.left, alias)) return;
    const value = this.left[alias];
    if (Object.hasOwn(this.left, own) && this.left[own] !== value) {
      this.fail(alias, value, `${JSON.stringify(this.left[own])}, as ${own} says, which is another name for it`);
    }
    delete this.left[alias];
    this.left[own] = value;
  }

  /** Throws an error for a setting. */
  fail(name: string, value: unknown, expected: string): never {
    throw new UserError(`${this.where}: ${this.shown(name)} is ${showValue(value)}; expected ${expected}`);
  }

  /** Whether a setting is null, which means something else than a missing one in some families. */
  isNull(name: string): boolean {
    return this.left[name] === null;
  }

  /** Reads a setting unchanged; undefined if it is missing or null. */
  take(name: string): unknown {
    this.taken.add(name);
    const value = this.left[name];
    delete this.left[name];
    return value ?? undefined;
  }

  /** Reads a number that satisfies `holds`. */
  number(name: string, fallback: number, holds: (value: number) => boolean, expected: string): number {
    const value = this.take(name) ?? fallback;
    return typeof value === 'number' && holds(value) ? value : this.fail(name, value, expected);
  }

  /** Reads a whole number above 0. */
  size(name: string, fallback: number): number {
    return this.number(name, fallback, isSize, 'a whole number above 0');
  }

  /** How many layers there are: each is built, so that a number that cannot be meant would never come to an end. */
  private layers(name: string, fallback: number): number {
    const expected = `a whole number from 1 to ${mostLayers}`;
    return this.number(name, fallback, (value) => isSize(value) && value <= mostLayers, expected);
  }

  /** Reads several sizes: property names with their names in the file. */
  sizes<Key extends string>(names: Readonly<Record<Key, string>>, fallbacks: Readonly<Record<Key, number>>) {
    const entries = Object.entries<string>(names) as [Key, string][];
    const size = (key: Key, name: string) =>
      key === 'numHiddenLayers' ? this.layers(name, fallbacks[key]) : this.size(name, fallbacks[key]);
    return Object.fromEntries(entries.map(([key, name]) => [key, size(key, name)])) as Record<Key, number>;
  }

  /** Reads a size, or null for one that is derived from others. */
  optionalSize(name: string): number | null {
    const value = this.take(name);
    if (value === undefined) return null;
    return typeof value === 'number' && isSize(value)
      ? value
      : this.fail(name, value, 'a whole number above 0, or null');
  }

  /** Reads a dropout rate. */
  rate(name: string, fallback: number): number {
    return this.number(name, fallback, isRate, 'a rate from 0 to below 1');
  }

  /** Reads an epsilon: a number above 0 that keeps divisors from being zero. */
  epsilon(name: string, fallback: number): number {
    return this.number(name, fallback, (value) => value > 0, 'a small number above 0');
  }

  /** Reads the standard deviation of new weights. */
  initializerRange(): number {
    return this.number('initializer_range', 0.02, (value) => value >= 0, 'a number from 0');
  }

  /** true or false. */
  flag(name: string, fallback: boolean): boolean {
    const value = this.take(name) ?? fallback;
    return typeof value === 'boolean' ? value : this.fail(name, value, 'true or false');
  }

  /** Reads one of the allowed names. */
  oneOf(name: string, fallback: string, allowed: readonly string[]): string {
    const value = this.take(name) ?? fallback;
    const isAllowed = typeof value === 'string' && allowed.includes(value);
    return isAllowed ? value : this.fail(name, value, `one of ${allowed.join(', ')}`);
  }

  /** The architectures that the file names. */
  architectures(): string[] {
    const value = this.take('architectures') ?? [];
    return Array.isArray(value) ? value : this.fail('architectures', value, 'a list of names');
  }

  /**
   * Reads a token id. null in the file means that there is no such token. An id outside the vocabulary is kept with a
   * warning, as in Transformers, since no text contains it.
   */
  tokenId(name: string, fallback: number | null, vocabSize: number): number | null {
    const value = this.tokenIds(name, fallback, vocabSize);
    return typeof value === 'object' && value !== null ? this.fail(name, value, 'one token number') : value;
  }

  /** One token's number or a list of them, as {@link tokenId}. A default that the vocabulary lacks means none. */
  tokenIds(name: string, fallback: number | null, vocabSize: number): number | readonly number[] | null {
    const isGiven = Object.hasOwn(this.left, name);
    const value = this.take(name);
    if (value === undefined) return isGiven || fallback === null || fallback >= vocabSize ? null : fallback;
    const ids = Array.isArray(value) ? value : [value];
    if (ids.length === 0 || !ids.every((id) => Number.isSafeInteger(id))) this.fail(name, value, 'a token number');
    const outside = ids.filter((id) => id < 0 || id >= vocabSize);
    if (outside.length > 0 && this.origin === 'code') {
      this.fail(name, value, `a token of the vocabulary, whose vocabSize is ${vocabSize}`);
    }
    if (outside.length > 0 && this.origin === 'file') {
      warnOnce(`${this.where}: ${name} ${outside.join(', ')} is outside of the vocabulary, vocab_size ${vocabSize}.`);
    }
    return value as number | number[];
  }

  /** Throws if the number of heads does not divide the hidden size. */
  checkHeads(hiddenSize: number, heads: number, names: readonly [hiddenSize: string, heads: string]): void {
    if (hiddenSize % heads === 0) return;
    this.refuse(names, ([size, split]) => `${size} ${hiddenSize} cannot be split into ${split} ${heads} equal heads`);
  }

  /** Throws an error for incompatible settings. */
  refuse<const Names extends readonly string[]>(names: Names, message: (shown: Names) => string): never {
    const shown = names.map((name) => this.shown(name)) as unknown as Names;
    throw new UserError(`${this.where}: ${message(shown)}`);
  }
}

/** Whether a value says nothing: an empty object or list. */
const isEmpty = (value: unknown): boolean => typeof value === 'object' && Object.keys(value as object).length === 0;

const isSize = (value: number): boolean => Number.isSafeInteger(value) && value > 0;

/** The deepest transformer that was ever trained has 1,000 (DeepNet, Wang et al. 2022). */
const mostLayers = 1000;

/** Whether a number is a dropout rate. */
export const isRate = (value: number): boolean => value >= 0 && value < 1;

/** The activation functions that models may name. */
export const activationNames = ['gelu', 'gelu_new', 'gelu_pytorch_tanh', 'relu', 'silu'];

/** Settings under their names in config.json. */
export const renamed = <Key extends string>(
  names: Readonly<Record<Key, string>>,
  config: Readonly<Record<NoInfer<Key>, unknown>>,
) => Object.fromEntries(Object.entries<string>(names).map(([key, name]) => [name, config[key as Key]]));

/** The row of an embedding that padding has, as PyTorch counts it: numbers below 0 from the end; none outside of the table. */
export function paddingRow({
  padTokenId,
  vocabSize,
}: Pick<ModelConfig, 'padTokenId' | 'vocabSize'>): number | undefined {
  const row = padTokenId === null || padTokenId >= 0 ? padTokenId : padTokenId + vocabSize;
  return row !== null && row >= 0 && row < vocabSize ? row : undefined;
}
