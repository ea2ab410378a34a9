/** @file Search spaces: parameters with their distributions, some of which depend on the values of others. */
import { UserError } from '../../platform/errors.js';
import { showValue } from '../../platform/show-value.js';
import { checkDistribution, contains, type Distribution, type ParamValue } from './distribution.js';

/**
 * When a conditional parameter has a value: each named parameter must have the value, or one of the values.
 *
 * @example
 * const condition: Condition = { method: 'lora' };
 */
export type Condition = Readonly<Record<string, ParamValue | readonly ParamValue[]>>;

/** A parameter of a search space. */
export type SpaceEntry = Distribution & { readonly when?: Condition | undefined };

/**
 * A search space: parameters by name. What a conditional parameter depends on stands before it.
 *
 * @example
 * const space: SearchSpace = {
 *   method: { type: 'categorical', choices: ['full', 'lora'] },
 *   learningRate: { type: 'float', low: 1e-5, high: 1e-2, log: true },
 *   loraRank: { type: 'int', low: 2, high: 64, log: true, when: { method: 'lora' } },
 * };
 */
export type SearchSpace = Readonly<Record<string, SpaceEntry>>;

/**
 * A search space as it is declared: a list stands for a categorical parameter with these choices.
 *
 * @example
 * const space: SpaceDeclaration = { optimizer: ['adamw', 'lion'], epochs: { type: 'int', low: 1, high: 8 } };
 */
export type SpaceDeclaration = Readonly<Record<string, SpaceEntry | readonly ParamValue[]>>;

/** Values of a space's parameters: undefined for a conditional one that has none. */
export type ParamsOf<Space extends SpaceDeclaration> = {
  readonly [Name in keyof Space]: ParamOf<Space[Name]> | (Space[Name] extends { when: Condition } ? undefined : never);
};

/** The type of a parameter's values. */
export type ParamOf<Entry extends SpaceEntry | readonly ParamValue[]> = Entry extends
  | readonly (infer Choice)[]
  | { type: 'categorical'; choices: readonly (infer Choice)[] }
  ? Choice
  : number;

/**
 * Checks a search space, in which a list stands for a categorical parameter.
 *
 * @param of how messages call it: a file's name
 * @throws UserError that names the parameter, and what is impossible about it
 */
export function checkSpace(given: unknown, of = 'space'): SearchSpace {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new UserError(
      `${of}: an object of parameters was expected, such as ` +
        '{"learning-rate": {"type": "float", "low": 1e-5, "high": 1e-3, "log": true}}',
    );
  }
  const space: Record<string, SpaceEntry> = {};
  for (const [name, entry] of Object.entries(given as Record<string, SpaceEntry | readonly ParamValue[]>)) {
    const place = `${of}: ${name}`;
    if (typeof entry !== 'object' || entry === null) {
      throw new UserError(
        `${place}: is ${showValue(entry)}; a distribution was expected, such as {"type": "int", "low": 1, "high": 5}`,
      );
    }
    const { when, ...distribution } = isChoices(entry) ? choicesOf(entry) : entry;
    const checked = checkDistribution(place, distribution as Distribution);
    if (when !== undefined) checkCondition(place, when, space);
    space[name] = when === undefined ? checked : { ...checked, when };
  }
  if (Object.keys(space).length === 0) throw new UserError(`${of}: has no parameters; there is nothing to search`);
  return space;
}

const isChoices = (entry: SpaceEntry | readonly ParamValue[]): entry is readonly ParamValue[] => Array.isArray(entry);

const choicesOf = (choices: readonly ParamValue[]): SpaceEntry => ({ type: 'categorical', choices });

function checkCondition(place: string, when: Condition, before: SearchSpace): void {
  if (typeof when !== 'object' || when === null || Array.isArray(when)) {
    throw new UserError(`${place}: when is ${showValue(when)}; an object was expected, such as {"method": "lora"}`);
  }
  for (const [other, values] of Object.entries(when)) {
    const entry = before[other];
    if (!entry) throw new UserError(`${place}: depends on ${other}, which must be listed before it in the space`);
    const impossible = [values].flat().find((value) => !contains(entry, value));
    if (impossible !== undefined) {
      throw new UserError(
        `${place}: depends on ${other} being ${showValue(impossible)}, a value that ${other} cannot have`,
      );
    }
  }
}

/** Whether a parameter has a value where those before it have these. */
export const isActive = ({ when }: SpaceEntry, params: Readonly<Record<string, ParamValue>>): boolean =>
  when === undefined ||
  Object.entries(when).every(
    ([name, values]) => Object.hasOwn(params, name) && [values].flat().includes(params[name] as ParamValue),
  );

/** The distribution of an entry, without its condition. */
export function distributionOf({ when: _, ...distribution }: SpaceEntry): Distribution {
  return distribution as Distribution;
}
