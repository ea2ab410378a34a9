/** @file The optimizers that there are. A new one is a file beside this one, and a row here. */
import { UserError } from '../../platform/errors.js';
import { likelyName } from '../../platform/option-names.js';
import { adafactor } from './adafactor.js';
import { adamw } from './adamw.js';
import { lion } from './lion.js';
import type { Optimizer, OptimizerDefinition } from './optimizer.js';
import { checkedSettings } from './settings.js';
import { sgd } from './sgd.js';

/** The library's own, in the order of the documentation. */
export const builtInOptimizers = [adamw, adafactor, lion, sgd] as const satisfies readonly OptimizerDefinition[];

/** The name of one of the library's own. */
export type BuiltInOptimizer = (typeof builtInOptimizers)[number]['name'];

/** Which optimizer a run has, in words that cross to the engine's worker. */
export interface OptimizerChoice {
  readonly name: string;
  /** Its settings, complete. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The module that defines it, where it is not one of the library's own. */
  readonly module?: string;
}

interface Registered {
  readonly definition: OptimizerDefinition;
  readonly module?: string;
}

const registered = new Map<string, Registered>();

/**
 * The names of all optimizers, without aliases: those of the library and those that were registered.
 *
 * @example
 * optimizerNames() // ['adamw', ...]
 */
export const optimizerNames = (): string[] => [...builtInOptimizers.map(({ name }) => name), ...registered.keys()];

/**
 * Registers an optimizer of your own: from then on `optim` may name it.
 *
 * Optimizers run in the engine's worker, which functions cannot be sent to. So the optimizer is the default export of a module
 * of its own, made by {@link defineOptimizer}, and its address is what is registered: this thread and the worker both import
 * it. The module must be one that Node imports by itself (JavaScript, or TypeScript where Node strips types).
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
 * The optimizer of a name or alias.
 *
 * @throws UserError that lists the names
 */
export const optimizerNamed = (name: string): OptimizerDefinition => rowNamed(name).definition;

/**
 * Chooses an optimizer and completes its settings.
 *
 * @param name its name or an alias
 * @param args those of its settings that are not to be as by default
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

/** The engine's side: makes what was chosen. */
export async function createOptimizer({ name, settings, module }: OptimizerChoice): Promise<Optimizer> {
  const definition = module === undefined ? rowNamed(name).definition : await importOptimizer(module);
  return definition.create(definition.settings.parse(settings));
}

/** The same where the optimizer is registered: not in the worker. */
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
