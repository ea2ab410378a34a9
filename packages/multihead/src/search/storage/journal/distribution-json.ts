/** @file Distributions as Optuna's storages hold them: `{"name": "FloatDistribution", "attributes": {...}}`. */
import { UserError } from '../../../platform/errors.js';
import { type Distribution, type ParamValue, stepOf } from '../../space/distribution.js';

/** The JSON text of a distribution. */
export function writeDistribution(distribution: Distribution): string {
  if (distribution.type === 'categorical') {
    const { choices } = distribution;
    return JSON.stringify({ name: 'CategoricalDistribution', attributes: { choices } });
  }
  const { type, low, high, log = false } = distribution;
  const attributes = { log, step: stepOf(distribution) ?? null, low, high };
  return JSON.stringify({ name: type === 'int' ? 'IntDistribution' : 'FloatDistribution', attributes });
}

/** Attributes of all distributions of Optuna, the old ones included. */
interface Attributes {
  readonly low: number;
  readonly high: number;
  readonly log?: boolean;
  readonly step?: number | null;
  readonly q?: number;
  readonly choices: readonly ParamValue[];
}

const makers: Readonly<Record<string, (attributes: Attributes) => Distribution>> = {
  FloatDistribution: (of) => ({ type: 'float', ...interval(of) }),
  IntDistribution: (of) => ({ type: 'int', ...interval(of) }),
  CategoricalDistribution: ({ choices }) => ({ type: 'categorical', choices }),
  // Before Optuna 3.0.
  UniformDistribution: (of) => ({ type: 'float', ...interval(of) }),
  LogUniformDistribution: (of) => ({ type: 'float', ...interval({ ...of, log: true }) }),
  DiscreteUniformDistribution: ({ q, ...of }) => ({ type: 'float', ...interval({ ...of, step: q ?? null }) }),
  IntUniformDistribution: (of) => ({ type: 'int', ...interval(of) }),
  IntLogUniformDistribution: (of) => ({ type: 'int', ...interval({ ...of, log: true }) }),
};

const interval = ({ low, high, log, step }: Attributes) => ({
  low,
  high,
  ...(log && { log }),
  ...(typeof step === 'number' && !log && { step }),
});

/** @throws UserError for a distribution that is none of Optuna's */
export function readDistribution(text: string, place: string): Distribution {
  const { name, attributes } = JSON.parse(text) as { readonly name: string; readonly attributes: Attributes };
  const make = makers[name];
  if (!make) {
    throw new UserError(
      `${place}: unknown distribution ${JSON.stringify(name)}; expected ${Object.keys(makers).join(', ')}`,
    );
  }
  return make(attributes);
}
