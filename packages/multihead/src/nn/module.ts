/**
 * @file Modules and their parameters.
 *
 * A parameter's name is the path of properties that holds it, in Hugging Face's spelling: `wordEmbeddings` becomes
 * `word_embeddings`, and `LayerNorm`, which is capital there too, stays. Checkpoints load with no translation table.
 */

import { checkOptionNames } from '../platform/option-names.js';
import { Node } from '../tensor/operator.js';
import { type ParameterAttributes, parameter } from '../tensor/operators/sources.js';
import { Tensor } from '../tensor/tensor.js';

/**
 * How a new parameter is filled. `normal` draws from N(0, deviation); the row `zeroRow` is zero instead. `uniform` draws from
 * (-bound, bound). `sinusoidal` are the positions of Vaswani et al. 2017, section 3.5.
 */
export type Initializer =
  | 'zeros'
  | 'ones'
  | 'sinusoidal'
  | { readonly normal: number; readonly zeroRow?: number | undefined }
  | { readonly uniform: number };

/**
 * A tensor that training changes. Its values live in the model's buffer or in the engine, not here.
 *
 * @example
 * const weight = new Parameter([10, 64], { normal: 0.02 });
 */
export class Parameter extends Tensor {
  /** Whether weight decay applies: to matrices, not to biases and normalization weights. */
  readonly decay: boolean;
  /** Whether training changes it. A frozen parameter costs no backward pass and no optimizer state. */
  trainable = true;

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

  /**
   * All modules under this one by name, in the order of the properties. A module that several properties hold comes once,
   * under the first name.
   *
   * @example
   * [...new FeedForward(64, 256).modules().keys()]; // ['up', 'down']
   */
  modules(): Map<string, Module> {
    const found = new Map<Module, string>();
    visit(this, '', (module, name) => {
      if (found.has(module)) return false;
      found.set(module, name);
      return true;
    });
    return new Map([...found].map(([module, name]) => [name, module]));
  }

  /**
   * Puts other modules in the place of some. A new module that holds a parameter of the old one under the same property
   * leaves the parameter its name, so checkpoints stay the same. Inside of what is replaced, nothing else is.
   *
   * @param predicate which modules are replaced
   * @param make      the module that takes the place; one that was held twice is made once
   * @returns the names of those replaced
   * @example
   * model.replaceModules(
   *   (module) => module instanceof Dropout,
   *   () => new Dropout(0),
   * );
   */
  replaceModules(
    predicate: (module: Module, name: string) => boolean,
    make: (module: Module, name: string) => Module,
  ): string[] {
    const made = new Map<Module, Module>();
    const kept = new Set<Module>();
    const names: string[] = [];
    visit(this, '', (module, name, replace) => {
      if (kept.has(module)) return false;
      const known = made.get(module);
      if (!known && !predicate(module, name)) {
        kept.add(module);
        return true;
      }
      const replacement = known ?? make(module, name);
      if (!known) names.push(name);
      made.set(module, replacement);
      replace(replacement);
      return false;
    });
    return names;
  }
}

/**
 * Walks the modules that a module or an array holds.
 *
 * @param seen gets each module, its name and the way to replace it; says whether to go inside
 */
function visit(
  holder: object,
  prefix: string,
  seen: (module: Module, name: string, replace: (by: Module) => void) => boolean,
): void {
  for (const [property, value] of Object.entries(holder)) {
    const path = prefix + spelling(property);
    const replace = (by: Module) => {
      (holder as Record<string, Module>)[property] = by;
    };
    if (value instanceof Module ? seen(value, path, replace) : Array.isArray(value)) visit(value, `${path}.`, seen);
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

/** wordEmbeddings -> word_embeddings; names that begin with a capital stay, and so does one behind an underscore: lora_A. */
const spelling = (property: string): string =>
  /^[A-Z]/.test(property) ? property : property.replace(/(?<!_)[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
