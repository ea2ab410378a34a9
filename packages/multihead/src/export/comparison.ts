/** @file Loads an exported ONNX file, compares what it computes with the model that it was made of, and measures its time. */
import { createEngine } from '#engine';
import type { TensorValue, Values } from '../engine/engine.js';
import { modelInputs } from '../models/core/model.js';
import type { PretrainedModel } from '../models/core/pretrained.js';
import type { OnnxModel } from '../onnx/model.js';
import { joinBytes } from '../platform/bytes/join-bytes.js';
import { int64 } from '../tasks/collate.js';
import type { PredictingModel } from '../tasks/predict.js';
import type { GraphFile } from './graph-file.js';

/** The key of the file that is loaded. */
const loaded = 'exported';

/** How often each text is run to measure the time. */
const timedRuns = 3;

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

  /** Loads a file in place of the one before. */
  private async load({ graph, data }: GraphFile): Promise<void> {
    const files = Object.entries(data).map(([path, pieces]) => ({ path, data: joinBytes(pieces) }));
    await this.engine.load(loaded, graph, { files });
  }

  /** Runs the loaded file on inputs, out of which it takes what it declares. */
  run({ inputs }: OnnxModel, given: Values): Promise<Record<string, TensorValue>> {
    return this.engine.run(loaded, Object.fromEntries(inputs.map(({ name }) => [name, given[name] as TensorValue])));
  }

  /** Loads a file; the norm of the difference of its outputs from the model's, by the norm of the model's, over all texts. */
  async errorOf(file: GraphFile): Promise<number> {
    await this.load(file);
    const { graph } = file;
    let [difference, norm] = [0, 0];
    for (const [i, ids] of this.texts.entries()) {
      const computed = await this.run(graph, inputsOf(graph, ids));
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

  /** The mean time of the loaded file for a text, each alone, in milliseconds: the fastest of some runs of each. */
  async time({ graph }: GraphFile): Promise<number> {
    let sum = 0;
    for (const ids of this.texts) {
      const inputs = inputsOf(graph, ids);
      let fastest = Number.POSITIVE_INFINITY;
      for (let run = 0; run < timedRuns; run++) {
        const began = performance.now();
        await this.run(graph, inputs);
        fastest = Math.min(fastest, performance.now() - began);
      }
      sum += fastest;
    }
    return sum / this.texts.length;
  }

  /** The loaded file in the place of the model that it was made of, for predictions. */
  asModel({ graph }: GraphFile, { limits }: Pick<PredictingModel, 'limits'>): PredictingModel {
    return { limits, batchScheduler: undefined, predictValues: (inputs) => this.run(graph, inputs) };
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
