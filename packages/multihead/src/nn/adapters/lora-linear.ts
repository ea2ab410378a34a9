/** @file A linear layer with low-rank adapters: LoRA (Hu et al. 2022), rsLoRA (Kalajdzievski 2023), DoRA (Liu et al. 2024). */
import { detach } from '../../tensor/operators/elementwise.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Conv1D } from '../layers/conv1d.js';
import { Dropout } from '../layers/dropout.js';
import type { Linear } from '../layers/linear.js';
import { Module, Parameter } from '../module.js';

/** The form of a layer's adapter. */
export interface LoraForm {
  /** r: the rank of the change. */
  readonly rank: number;
  /** What the product B A is multiplied by: alpha / r, or alpha / sqrt(r) in rsLoRA. */
  readonly scaling: number;
  /** Probability that an input of A is dropped in training. */
  readonly dropout: number;
  /** Whether the weight's rows have magnitudes of their own (DoRA). */
  readonly useDora: boolean;
}

class Weight extends Module {
  constructor(readonly weight: Parameter) {
    super();
  }
}

/** Matrices by the adapter's name, which stands in the parameters' names: `lora_A.default.weight`. */
class ByAdapter extends Module {
  readonly [adapter: string]: Weight | unknown;
}

/** One adapter of one layer. */
interface LayerAdapter extends LoraForm {
  /** A: [rank, in] */
  readonly a: Parameter;
  /** B: [out, rank] */
  readonly b: Parameter;
  /** m: [out], of DoRA. */
  readonly magnitude: Parameter | undefined;
  readonly drop: Dropout;
}

/**
 * y = x W^T + b + scaling * (x A^T) B^T, with A [rank, in] and B [out, rank] of the adapter that is active; W and b are those of
 * the layer that is wrapped, under their own names. Where none is active, it computes what that layer computes.
 *
 * With DoRA, each row of W + scaling * B A is brought to a learned length m; the length that it had counts as a constant.
 *
 * @example
 * const layer = new LoraLinear(new Linear(64, 64));
 * layer.add('default', { rank: 8, scaling: 2, dropout: 0, useDora: false });
 * layer.active = 'default';
 */
export class LoraLinear extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter | undefined;
  readonly lora_A = new ByAdapter();
  readonly lora_B = new ByAdapter();
  readonly lora_magnitude_vector = new ByAdapter();
  readonly inputSize: number;
  readonly outputSize: number;
  /** How W lies: [out, in], or [in, out] in GPT-2. */
  readonly layout: 'out-in' | 'in-out';
  /** The name of the adapter that counts. */
  active: string | undefined;
  private readonly adapters = new Map<string, LayerAdapter>();
  // Not a property: the layer's parameters are named by those of this module.
  readonly #base: Linear | Conv1D;

  constructor(base: Linear | Conv1D) {
    super();
    this.weight = base.weight;
    this.bias = base.bias;
    this.inputSize = base.inputSize;
    this.outputSize = base.outputSize;
    this.layout = base instanceof Conv1D ? 'in-out' : 'out-in';
    this.#base = base;
  }

  /** The layer without adapters, of the same parameters. */
  get base(): Linear | Conv1D {
    return this.#base;
  }

  /** Adds an adapter, which changes nothing before it has learned: A is drawn as PyTorch draws linear layers, B is zero. */
  add(name: string, form: LoraForm): void {
    const { rank, dropout, useDora } = form;
    const a = new Parameter([rank, this.inputSize], { uniform: 1 / Math.sqrt(this.inputSize) });
    const b = new Parameter([this.outputSize, rank], 'zeros');
    const magnitude = useDora ? new Parameter([this.outputSize], 'ones') : undefined;
    const hold = (place: ByAdapter, weight: Parameter) => Object.assign(place, { [name]: new Weight(weight) });
    hold(this.lora_A, a);
    hold(this.lora_B, b);
    if (magnitude) hold(this.lora_magnitude_vector, magnitude);
    this.adapters.set(name, { ...form, a, b, magnitude, drop: new Dropout(dropout) });
  }

  /** Takes an adapter away. */
  remove(name: string): void {
    for (const place of [this.lora_A, this.lora_B, this.lora_magnitude_vector]) Reflect.deleteProperty(place, name);
    this.adapters.delete(name);
    if (this.active === name) this.active = undefined;
  }

  /** An adapter's form and parameters, undefined where the layer has none of this name. */
  adapter(
    name: string,
  ): (LoraForm & Pick<LayerAdapter, 'a' | 'b'> & { readonly magnitude: Parameter | undefined }) | undefined {
    return this.adapters.get(name);
  }

  /** x: [..., in] -> [..., out] */
  forward(x: Tensor): Tensor {
    const base = this.#base.forward(x);
    const adapter = this.active === undefined ? undefined : this.adapters.get(this.active);
    if (!adapter) return base;
    const { a, b, magnitude, scaling, drop } = adapter;
    const dropped = drop.forward(x);
    const change = dropped.matmul(a.transpose(0, 1)).matmul(b.transpose(0, 1), { alpha: scaling });
    if (!magnitude) return base.add(change);
    const scale = magnitude.div(this.rowLengths(adapter)); // [out]
    const product = dropped === x ? this.withoutBias(base) : dropped.matmul(this.transposedWeight()); // [..., out]
    return base.add(scale.sub(1).mul(product)).add(scale.mul(change));
  }

  private withoutBias(y: Tensor): Tensor {
    return this.bias ? y.sub(this.bias) : y;
  }

  /** W^T: [in, out] */
  private transposedWeight(): Tensor {
    return this.layout === 'in-out' ? this.weight : this.weight.transpose(0, 1);
  }

  /** The lengths of the rows of W + scaling * B A, as constants: [out]. */
  private rowLengths({ a, b, scaling }: LayerAdapter): Tensor {
    const isTransposed = this.layout === 'in-out';
    const change = isTransposed
      ? a.transpose(0, 1).matmul(b.transpose(0, 1), { alpha: scaling })
      : b.matmul(a, { alpha: scaling });
    const whole = this.weight.add(change);
    return detach(
      [
        whole
          .mul(whole)
          .sum(isTransposed ? 0 : 1)
          .sqrt(),
      ],
      {},
    );
  }
}
