/**
 * @file Modules and their parameters.
 *
 * A parameter's name is the path of properties that holds it, in Hugging Face's spelling: `wordEmbeddings` becomes
 * `word_embeddings`, and `LayerNorm`, which is capital there too, stays. Checkpoints load with no translation table.
 */

import { checkOptionNames } from '../option-names.js';
import { Node } from '../tensor/operator.js';
import { type ParameterAttributes, parameter } from '../tensor/operators/sources.js';
import { Tensor } from '../tensor/tensor.js';

/**
 * How a new parameter is filled. `normal` draws from N(0, deviation); the row `zeroRow` is zero instead. `sinusoidal` are the
 * positions of Vaswani et al. 2017, section 3.5.
 */
export type Initializer =
  | 'zeros'
  | 'ones'
  | 'sinusoidal'
  | { readonly normal: number; readonly zeroRow?: number | undefined };

/**
 * A tensor that training changes. Its values live in the model's buffer or in the engine, not here.
 *
 * @example
 * const weight = new Parameter([10, 64], { normal: 0.02 });
 */
export class Parameter extends Tensor {
  /** Whether weight decay applies: to matrices, not to biases and normalization weights. */
  readonly decay: boolean;

  constructor(
    override readonly shape: readonly number[],
    readonly initializer: Initializer,
    options: { decay?: boolean } = {},
  ) {
    checkOptionNames(options, ['decay'], 'Parameter');
    const node = new Node('Parameter', parameter.definition as never, [], { shape, name: '' });
    super(node, 'float32', shape);
    (node as { outputs: readonly Tensor[] }).outputs = [this];
    this.decay = options.decay ?? shape.length > 1;
  }

  /** The path that leads to this parameter from the model; empty until a model has collected its parameters. */
  get name(): string {
    return (this.node.attributes as ParameterAttributes).name;
  }

  /** Set by the module that holds the parameter. */
  set name(name: string) {
    (this.node.attributes as ParameterAttributes).name = name;
  }

  /** Number of elements. */
  get length(): number {
    return this.shape.reduce((a, b) => a * b, 1);
  }
}

/**
 * Something with parameters: a layer, or a whole model. Properties hold parameters, modules, or arrays of modules.
 *
 * @example
 * class Scale extends Module {
 *   readonly factor = new Parameter([1], 'ones');
 *   forward(x: Tensor): Tensor {
 *     return x.mul(this.factor);
 *   }
 * }
 */
export abstract class Module {
  /**
   * All parameters by name, in the order of the properties. One that several modules share (tied weights) comes once,
   * under the first name.
   */
  namedParameters(): Map<string, Parameter> {
    const found = new Map<Parameter, string>();
    collect(this, '', found);
    return new Map([...found].map(([parameter, name]) => [name, parameter]));
  }
}

function collect(holder: object, prefix: string, found: Map<Parameter, string>): void {
  for (const [property, value] of Object.entries(holder)) {
    const path = prefix + spelling(property);
    if (value instanceof Parameter) {
      if (!found.has(value)) found.set(value, path);
    } else if (value instanceof Module || Array.isArray(value)) {
      collect(value, `${path}.`, found);
    }
  }
}

/** wordEmbeddings -> word_embeddings; names that begin with a capital stay. */
const spelling = (property: string): string =>
  /^[A-Z]/.test(property) ? property : property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
