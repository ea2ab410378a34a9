/** @file Loads an exported ONNX file and compares what it computes with the model that it was made of. */
import { createEngine } from '#engine';
import type { TensorValue, Values } from '../engine/engine.js';
import { modelInputs } from '../models/core/model.js';
import type { PretrainedModel } from '../models/core/pretrained.js';
import type { OnnxModel } from '../onnx/model.js';
import { int64 } from '../tasks/collate.js';

/** A model's outputs for some texts, with which those of its files are compared. */
export class Comparison {
  private constructor(
    private readonly texts: readonly (readonly number[])[],
    private readonly expected: readonly Values[],
    private readonly engine = createEngine(),
  ) {}

  /**
   * Runs the model over texts, each alone.
   *
   * @param texts token ids
   */
  static async begin(model: PretrainedModel, texts: readonly (readonly number[])[]): Promise<Comparison> {
    const expected: Values[] = [];
    for (const ids of texts) {
      const outputs = () => ({ ...model.forward(modelInputs()).scores });
      expected.push(await model.weights.run('compared', outputs, tokensOf(ids)));
    }
    return new Comparison(texts, expected);
  }

  /** The norm of the difference of a file's outputs from the model's, by the norm of the model's, over all texts. */
  async errorOf(onnx: OnnxModel): Promise<number> {
    await this.engine.load('exported', onnx);
    let [difference, norm] = [0, 0];
    for (const [i, ids] of this.texts.entries()) {
      const computed = await this.engine.run('exported', inputsOf(onnx, ids));
      for (const [name, { data }] of Object.entries(this.expected[i] as Values)) {
        const own = computed[name]?.data as Float32Array;
        if (own.length !== data.length) return Number.POSITIVE_INFINITY;
        for (const [k, value] of (data as Float32Array).entries()) {
          difference += (value - (own[k] as number)) ** 2;
          norm += value ** 2;
        }
      }
    }
    return Math.sqrt(difference / norm);
  }

  /** Ends the engine that runs the files. */
  close(): Promise<void> {
    return this.engine.close();
  }
}

/** One text: [1, length]. */
const row = (values: readonly number[]): TensorValue => int64(values, [1, values.length]);

function tokensOf(ids: readonly number[]): Values {
  const zeros = ids.map(() => 0);
  return { input_ids: row(ids), attention_mask: row(ids.map(() => 1)), token_type_ids: row(zeros) };
}

/** What the file declares: tokens, their places, and an empty cache. */
function inputsOf(onnx: OnnxModel, ids: readonly number[]): Values {
  const known: Values = { ...tokensOf(ids), position_ids: row(ids.map((_, i) => i)) };
  return Object.fromEntries(
    onnx.inputs.map(({ name, shape }) => {
      const empty: TensorValue = {
        dtype: 'float32',
        shape: shape.map((size, axis) => (axis === 0 ? 1 : typeof size === 'number' ? size : 0)),
        data: new Float32Array(0),
      };
      return [name, known[name] ?? empty];
    }),
  );
}
