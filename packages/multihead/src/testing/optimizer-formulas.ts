/** @file The optimizers' published rules, element by element in doubles: what the tests compare the kernels with. */

/** A parameter, its gradient, and what the rule remembers of it. */
export interface FormulaParameter {
  readonly p: Float64Array;
  readonly g: Float64Array;
  readonly shape: readonly number[];
  readonly state: Record<string, Float64Array>;
}

/** The numbers of a step, which counts from 1. */
export interface FormulaStep {
  readonly step: number;
  readonly learningRate: number;
  readonly weightDecay: number;
}

/** A rule, with an optimizer's settings: changes p and the state. */
export type Formula = (
  settings: Readonly<Record<string, unknown>>,
) => (parameter: FormulaParameter, step: FormulaStep) => void;

type Numbers = Readonly<Record<string, number>>;

/** A state tensor as long as another, zero at first. */
const kept = (state: Record<string, Float64Array>, name: string, length: number): Float64Array => {
  state[name] ??= new Float64Array(length);
  return state[name];
};

/** By the optimizers' names. */
export const formulas: Readonly<Record<string, Formula>> = {
  adamw: (settings) => {
    const { beta1, beta2, epsilon } = settings as { beta1: number; beta2: number; epsilon: number } & Numbers;
    return ({ p, g, state }, { step, learningRate, weightDecay }) => {
      const m = kept(state, 'm', p.length);
      const v = kept(state, 'v', p.length);
      for (const [i, gradient] of g.entries()) {
        m[i] = beta1 * (m[i] as number) + (1 - beta1) * gradient;
        v[i] = beta2 * (v[i] as number) + (1 - beta2) * gradient ** 2;
        const first = m[i] / (1 - beta1 ** step);
        const second = v[i] / (1 - beta2 ** step);
        p[i] =
          (p[i] as number) * (1 - learningRate * weightDecay) - (learningRate * first) / (Math.sqrt(second) + epsilon);
      }
    };
  },
  lion: (settings) => {
    const { beta1, beta2 } = settings as { beta1: number; beta2: number };
    return ({ p, g, state }, { learningRate, weightDecay }) => {
      const m = kept(state, 'm', p.length);
      for (const [i, gradient] of g.entries()) {
        const direction = Math.sign(beta1 * (m[i] as number) + (1 - beta1) * gradient);
        p[i] = (p[i] as number) * (1 - learningRate * weightDecay) - learningRate * direction;
        m[i] = beta2 * (m[i] as number) + (1 - beta2) * gradient;
      }
    };
  },
  sgd: (settings) => {
    const { momentum, dampening, nesterov } = settings as { momentum: number; dampening: number; nesterov: boolean };
    return ({ p, g, state }, { step, learningRate, weightDecay }) => {
      const buffer = kept(state, 'buffer', p.length);
      for (const [i, gradient] of g.entries()) {
        const decayed = gradient + weightDecay * (p[i] as number);
        buffer[i] = step === 1 ? decayed : momentum * (buffer[i] as number) + (1 - dampening) * decayed;
        const direction = momentum === 0 ? decayed : nesterov ? decayed + momentum * buffer[i] : buffer[i];
        p[i] = (p[i] as number) - learningRate * direction;
      }
    };
  },
};

/** Settings other than the defaults that the tests try, by the optimizers' names. */
export const settingsToTry: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  adamw: [{ beta1: 0.5, beta2: 0.9, epsilon: 1e-3 }],
  lion: [{ beta1: 0.5, beta2: 0 }],
  sgd: [{ momentum: 0.9 }, { momentum: 0.9, nesterov: true }, { momentum: 0.5, dampening: 0.3 }],
};
