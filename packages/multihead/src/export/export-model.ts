/** @file Writes a model folder that transformers.js and ONNX Runtime load: `onnx/model.onnx` with what belongs to it. */
import { joinPath, makeDirectory, writeTogether } from '#files';
import { tokenizerFolder } from '../models/adapters/locate-model.js';
import { modelKey, type PretrainedModel } from '../models/core/pretrained.js';
import { formsOf } from '../models/core/weights.js';
import { type DtypeName, dtypeNamed, dtypeNames, dtypes, inDtype } from '../models/dtypes.js';
import { embedConstants } from '../onnx/constants.js';
import { type OnnxModel, writeModel } from '../onnx/model.js';
import type { ParameterForms } from '../onnx/parameter-forms.js';
import { UserError } from '../platform/errors.js';
import { checkOptionNames, namesOf } from '../platform/option-names.js';
import { AutoTokenizer } from '../text/tokenizer/auto-tokenizer.js';
import { Comparison } from './comparison.js';
import { loadForExport } from './exported-model.js';

/** How a model is exported. */
export interface ExportOptions {
  /** The folder to write. */
  readonly output: string;
  /** Number formats, a file each; programs that name none take the first. Default: `['fp32']`. */
  readonly dtypes?: readonly DtypeName[] | undefined;
  /** Texts that each file is compared with the model on. Default: sentences of several lengths and languages. */
  readonly texts?: readonly string[] | undefined;
}

const optionNames = namesOf<ExportOptions>({ output: true, dtypes: true, texts: true });

/** An ONNX file that was written. */
export interface ExportedFile {
  /** Its name in the folder. */
  readonly name: string;
  readonly dtype: DtypeName;
  readonly bytes: number;
  /** Relative error of its outputs: the norm of their difference from the model's, by the norm of the model's. */
  readonly error: number;
}

/** Protobuf's limit for a file. */
const largestFile = 2 ** 31;

/**
 * Exports a model: ONNX files of standard operators, its configuration and its tokenizer, in the layout of transformers.js.
 * The files take the inputs that transformers.js gives (`input_ids`, `attention_mask`, ...; of a decoder the cache
 * `past_key_values.0.key`, ...) and give the outputs that it reads. An adapter is merged.
 *
 * Each file is loaded and compared with the model before anything is written.
 *
 * @throws UserError for a model without trained weights, for one of 2 GB or more, and where the outputs of a file differ from
 *   the model's by more than its format may
 * @example
 * const [file] = await exportModel('runs/intents', { output: 'web/models/intents' });
 * console.log(file.name, file.bytes, file.error);
 */
export async function exportModel(folder: string, options: ExportOptions): Promise<ExportedFile[]> {
  checkOptionNames(options, optionNames, 'exportModel');
  const { output, dtypes: asked = ['fp32'], texts } = options;
  checkDtypes(asked);
  const model = await loadForExport(folder);
  let comparison: Comparison | undefined;
  try {
    const tokenizer = await AutoTokenizer.fromPretrained(await tokenizerFolder(folder));
    const encodings = await tokenizer.encodeBatch(texts ?? sampleTexts, { maxLength: model.limits.maxLength });
    comparison = await Comparison.begin(
      model,
      encodings.map(({ inputIds }) => inputIds),
    );
    const forms = await formsFor(model, folder);
    const written: ExportedFile[] = [];
    const files: Record<string, string | Uint8Array> = {};
    for (const dtype of asked) {
      const { suffix, bound } = dtypeNamed(dtype);
      const made = onnxOf(model, dtype, forms);
      const error = await comparison.errorOf(made);
      if (!(error <= bound)) {
        throw new UserError(
          `${folder}: as ${dtype}, its outputs differ from the model's by a relative error of ${error.toPrecision(2)}, more ` +
            `than ${bound}. Nothing was written. Export another dtype.`,
        );
      }
      const name = `onnx/model${suffix}.onnx`;
      files[name] = made.bytes;
      written.push({ name, dtype, bytes: made.bytes.length, error });
    }
    const config = JSON.parse((await model.files())[modelKey] as string);
    config['transformers.js_config'] = { dtype: asked[0] };
    await makeDirectory(joinPath(output, 'onnx'));
    Object.assign(files, tokenizer.files(), { [modelKey]: `${JSON.stringify(config, null, 2)}\n` });
    await writeTogether(
      output,
      files,
      modelKey,
      Object.values(dtypes).map(({ suffix }) => `onnx/model${suffix}.onnx`),
    );
    return written;
  } finally {
    await comparison?.close();
    await model.dispose();
  }
}

function checkDtypes(asked: readonly string[]): void {
  if (asked.length === 0) throw new UserError(`exportModel: dtypes is empty; give one of ${dtypeNames.join(', ')}`);
  for (const dtype of asked) dtypeNamed(dtype);
}

/**
 * The forms of a model's parameters, for its files.
 *
 * @param name of the model, for errors
 */
export async function formsFor(model: PretrainedModel, name: string): Promise<ParameterForms> {
  const buffer = await model.weights.read();
  const size = buffer.data.length * 4;
  if (size >= largestFile) {
    throw new UserError(
      `${name}: its parameters take ${(size / 1e9).toFixed(1)} GB, and an ONNX file holds less than 2 GB`,
    );
  }
  return formsOf(buffer);
}

/** A model as an ONNX file. */
export function onnxOf(model: PretrainedModel, dtype: DtypeName, forms: ParameterForms): OnnxModel {
  const graph = inDtype(writeModel(model.exportedOutputs(), { target: 'portable' }), dtype, forms);
  return embedConstants(graph, (parameter) => forms.constant(parameter));
}

/** Texts of several lengths and languages, one of them a single word. */
const sampleTexts: readonly string[] = [
  'Hello.',
  'The parcel that I ordered two weeks ago has not arrived, and nobody answers the phone.',
  'Profits rose by 12 % in the third quarter; the share fell all the same.',
  '请问我的快递什么时候能到？',
  'Attention weighs every word of a text against every other one, so that a word at the end can depend on one at the beginning.',
];
