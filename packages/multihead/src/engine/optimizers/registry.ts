/** @file The registry of optimizers. A new optimizer is one file in this folder and one row here. */
import { UserError } from '../../platform/errors.js';
import { likelyName } from '../../platform/option-names.js';
import { adafactor } from './adafactor.js';
import { adamw } from './adamw.js';
import { lion } from './lion.js';
import type { Optimizer, OptimizerDefinition } from './optimizer.js';
import { checkedSettings } from './settings.js';
import { sgd } from './sgd.js';

/** The built-in optimizers, in the order of the documentation. */
export const builtInOptimizers = [adamw, adafactor, lion, sgd] as const satisfies readonly OptimizerDefinition[];

/** The name of a built-in optimizer. */
export type BuiltInOptimizer = (typeof builtInOptimizers)[number]['name'];

/** An optimizer and its settings, in a form that can be sent to the engine's worker. */
export interface OptimizerChoice {
  readonly name: string;
  /** Its settings, complete. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The module that defines it; undefined for built-in optimizers. */
  readonly module?: string;
}

interface Registered {
  readonly definition: OptimizerDefinition;
  readonly module?: string;
}

const registered = new Map<string, Registered>();

/**
 * Returns the names of all optimizers, built-in and registered, without aliases.
 *
 * @example
 * optimizerNames() // ['adamw', ...]
 */
export const optimizerNames = (): string[] => [...builtInOptimizers.map(({ name }) => name), ...registered.keys()];

/**
 * Registers a custom optimizer under its name for `optim`.
 *
 * Optimizers run in the engine's worker, to which functions cannot be sent. The optimizer must therefore be the default
 * export of its own module, made by {@link defineOptimizer}, whose address is registered: this thread and the worker
 * both import it. Node must be able to import the module (JavaScript, or TypeScript where Node strips types).
 *
 * @param module address of the module, such as `new URL('./sign-sgd.js', import.meta.url)`
 * @returns the optimizer's name
 * @throws UserError where the module cannot be imported, defines no optimizer, or its name is taken
 * @example
 * await registerOptimizer(new URL('./sign-sgd.js', import.meta.url));
 * const trainer = new Trainer({ model, task, tokenizer, train, optim: 'sign-sgd', learningRate: 1e-4 });
 */
export async function registerOptimizer(module: URL | string): Promise<string> {
  const address = String(module);
  const definition = await importOptimizer(address);
  const { name, aliases = [] } = definition;
  if (registered.get(name)?.module === address) return name;
  const taken = [name, ...aliases].find((each) => findRow(each) !== undefined);
  if (taken !== undefined) throw new UserError(`${address}: there is an optimizer named ${taken} already`);
  registered.set(name, { definition, module: address });
  return name;
}

/**
 * Looks up an optimizer by name or alias.
 *
 * @throws UserError that lists the names
 */
export const optimizerNamed = (name: string): OptimizerDefinition => rowNamed(name).definition;

/**
 * Chooses an optimizer and completes its settings.
 *
 * @param name its name or an alias
 * @param args settings that differ from their defaults
 * @throws UserError where there is no such optimizer or setting
 */
export function chooseOptimizer(name: string, args: Readonly<Record<string, unknown>> = {}): OptimizerChoice {
  const { definition, module } = rowNamed(name);
  return {
    name: definition.name,
    settings: checkedSettings(definition, args),
    ...(module !== undefined && { module }),
  };
}

/** Creates the chosen optimizer in the engine's worker. */
export async function createOptimizer({ name, settings, module }: OptimizerChoice): Promise<Optimizer> {
  const definition = module === undefined ? rowNamed(name).definition : await importOptimizer(module);
  return definition.create(definition.settings.parse(settings));
}

/** Creates the chosen optimizer in the thread where it is registered (not in the worker). */
export const makeOptimizer = ({ name, settings }: OptimizerChoice): Optimizer => {
  const definition: OptimizerDefinition = optimizerNamed(name);
  return definition.create(definition.settings.parse(settings));
};

function findRow(name: string): Registered | undefined {
  const own = builtInOptimizers.map((definition: OptimizerDefinition): Registered => ({ definition }));
  return [...own, ...registered.values()].find(
    ({ definition }) => definition.name === name || definition.aliases?.includes(name),
  );
}

function rowNamed(name: string): Registered {
  const row = findRow(name);
  if (row) return row;
  const likely = likelyName(String(name), optimizerNames());
  const hint = likely === undefined ? '' : `. Did you mean ${likely}?`;
  throw new UserError(`optim is ${name}; it must be one of ${optimizerNames().join(', ')}${hint}`);
}

async function importOptimizer(address: string): Promise<OptimizerDefinition> {
  let exported: unknown;
  try {
    exported = ((await import(/* @vite-ignore */ /* webpackIgnore: true */ address)) as { default?: unknown }).default;
  } catch (error) {
    throw new UserError(`${address}: could not be imported: ${(error as Error).message}`, { cause: error });
  }
  const { name, settings, create } = (exported ?? {}) as Partial<OptimizerDefinition>;
  if (typeof name === 'string' && settings && typeof create === 'function') return exported as OptimizerDefinition;
  throw new UserError(
    `${address}: its default export is no optimizer. Export one: export default defineOptimizer({ name, settings, ... })`,
  );
}
