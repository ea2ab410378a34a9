/** @file Writes a model folder that transformers.js and ONNX Runtime load: `onnx/model.onnx` with what belongs to it. */
import { joinPath } from '#files';
import { type DeviceName, deviceNamed } from '../engine/devices/registry.js';
import { tokenizerFolder } from '../models/adapters/locate-model.js';
import { modelKey, type PretrainedModel } from '../models/core/pretrained.js';
import { formsOf } from '../models/core/weights.js';
import { type Dtype, type DtypeName, dtypeNamed, dtypeNames, dtypes } from '../models/dtypes.js';
import { inDtype } from '../models/in-dtype.js';
import { writeModel } from '../onnx/model.js';
import type { ParameterForms } from '../onnx/parameter-forms.js';
import { UserError } from '../platform/errors.js';
import { checkOptionNames, namesOf } from '../platform/option-names.js';
import { AutoTokenizer } from '../text/tokenizer/auto-tokenizer.js';
import { Comparison } from './comparison.js';
import { ExampleSet, type ExportedMetric } from './evaluate-file.js';
import { graphsFolder, writeExportedFolder } from './exported-folder.js';
import { loadForExport } from './exported-model.js';
import { type GraphFile, graphFile } from './graph-file.js';

/** How a model is exported. */
export interface ExportOptions {
  /** The folder to write. */
  readonly output: string;
  /** Number formats, a file each; programs that name none take the first. Default: `['fp32']`. */
  readonly dtypes?: readonly DtypeName[] | undefined;
  /**
   * The device that the files are for: `cpu` lets them have fused operators that GPUs lack, `webgpu` refuses dtypes whose
   * operators WebGPU lacks. transformers.js then takes it by default. Default: files for all devices that their dtypes have.
   */
  readonly device?: DeviceName | undefined;
  /** Whether the files also give each layer's attention weights, `attentions.0`, ... Default: false. */
  readonly attentions?: boolean | undefined;
  /** Texts that each file is compared with the model on. Default: sentences of several lengths and languages. */
  readonly texts?: readonly string[] | undefined;
  /** Labelled examples, as `multihead evaluate --data` reads them, on which the model and each file are evaluated. */
  readonly evaluate?: string | undefined;
  /**
   * The most bytes of parameters in one file; more lie in files beside it. Default: nearly 2 GB.
   *
   * @internal
   */
  readonly largestFile?: number | undefined;
}

const optionNames = namesOf<ExportOptions>({
  output: true,
  dtypes: true,
  device: true,
  attentions: true,
  texts: true,
  evaluate: true,
  largestFile: true,
});

/** An ONNX file that was written. */
export interface ExportedFile {
  /** Its name in the folder. */
  readonly name: string;
  readonly dtype: DtypeName;
  /** Its size, with the files of external data that belong to it. */
  readonly bytes: number;
  /** Relative error of its outputs: the norm of their difference from the model's, by the norm of the model's. */
  readonly error: number;
  /** Mean time for one of the compared texts, each alone, in milliseconds. */
  readonly milliseconds: number;
  /** The task's main metric on the labelled examples, of the file and of the model. */
  readonly evaluation?: { readonly metric: string; readonly value: number; readonly ofModel: number };
}

/**
 * Exports a model: ONNX files, its configuration and its tokenizer, in the layout of transformers.js. The files take the inputs
 * that transformers.js gives (`input_ids`, `attention_mask`, ...; of a decoder the cache `past_key_values.0.key`, ...) and give
 * the outputs that it reads. An adapter is merged. Parameters of 2 GB or more lie in files beside the graph's
 * (`model.onnx_data`).
 *
 * Each file is loaded and compared with the model before anything is written.
 *
 * @throws UserError for a model without trained weights, and where the outputs of a file differ from the model's by more than
 *   its format may
 * @example
 * const [file] = await exportModel('runs/intents', { output: 'web/models/intents', dtypes: ['q8'] });
 * console.log(file.name, file.bytes, file.error);
 */
export async function exportModel(folder: string, options: ExportOptions): Promise<ExportedFile[]> {
  checkOptionNames(options, optionNames, 'exportModel');
  const { output, dtypes: asked = ['fp32'], texts, evaluate } = options;
  checkDtypes(asked, options.device);
  const model = await loadForExport(folder);
  let comparison: Comparison | undefined;
  try {
    const tokenizer = await AutoTokenizer.fromPretrained(await tokenizerFolder(folder));
    const examples = evaluate === undefined ? undefined : await ExampleSet.read(evaluate, folder, model, tokenizer);
    const ofModel = await examples?.score(model);
    const encodings = await tokenizer.encodeBatch(texts ?? sampleTexts, { maxLength: model.limits.maxLength });
    const ids = encodings.map(({ inputIds }) => inputIds);
    comparison = await Comparison.begin(model, ids);
    const forms = formsOf(await model.weights.read()); // a copy, now that an engine has the weights
    const graphs: Record<string, GraphFile> = {};
    const exported: ExportedFile[] = [];
    for (const dtype of asked) {
      const file = fileOf(model, dtype, forms, options);
      const error = await comparison.errorOf(file);
      checkError(error, dtype, folder);
      const milliseconds = await comparison.time(file);
      const measured = await examples?.score(comparison.asModel(file, model));
      const evaluation = evaluationOf(measured, ofModel);
      const name = fileName(dtype);
      graphs[name] = file;
      const found = { error, milliseconds, ...(evaluation && { evaluation }) };
      exported.push({ name: joinPath(graphsFolder, name), dtype, bytes: file.size, ...found });
    }
    const config = JSON.parse((await model.files())[modelKey] as string);
    const dtype = asked[0] as DtypeName;
    await writeExportedFolder(output, { graphs, tokenizer: tokenizer.files(), config, dtype, device: options.device });
    return exported;
  } finally {
    await comparison?.close();
    await model.dispose();
  }
}

/** The ONNX file of a model in a number format. */
export function fileOf(
  model: PretrainedModel,
  dtype: DtypeName,
  parameters: ParameterForms,
  { device, attentions = false, largestFile }: Pick<ExportOptions, 'device' | 'attentions' | 'largestFile'> = {},
): GraphFile {
  const target = device === undefined ? 'portable' : deviceNamed(device).target;
  const graph = inDtype(writeModel(model.exportedOutputs({ attentions }), { target }), dtype, parameters);
  return graphFile(graph, parameters, fileName(dtype), largestFile);
}

const fileName = (dtype: DtypeName): string => `model${dtypes[dtype].suffix}.onnx`;

function checkDtypes(asked: readonly string[], device: DeviceName | undefined): void {
  if (asked.length === 0) throw new UserError(`exportModel: dtypes is empty; give one of ${dtypeNames.join(', ')}`);
  if (device !== undefined) deviceNamed(device);
  const suits = (name: string): boolean => device === undefined || dtypeNamed(name).devices?.includes(device) !== false;
  const unsuited = asked.find((name) => !suits(name));
  if (unsuited === undefined) return;
  throw new UserError(
    `exportModel: device ${device} lacks operators of dtype ${unsuited}; it has those of ` +
      `${dtypeNames.filter(suits).join(', ')}`,
  );
}

function checkError(error: number, dtype: DtypeName, folder: string): void {
  const { bound }: Dtype = dtypes[dtype];
  if (error <= bound) return; // NaN is none of these
  throw new UserError(
    `${folder}: as ${dtype}, its outputs differ from the model's by a relative error of ${error.toPrecision(2)}, more ` +
      `than ${bound}. Nothing was written. Export another dtype.`,
  );
}

const evaluationOf = (file: ExportedMetric | undefined, model: ExportedMetric | undefined) =>
  file && model && { metric: file.name, value: file.value, ofModel: model.value };

/** Texts of several lengths and languages, one of them a single word. */
const sampleTexts: readonly string[] = [
  'Hello.',
  'The parcel that I ordered two weeks ago has not arrived, and nobody answers the phone.',
  'Profits rose by 12 % in the third quarter; the share fell all the same.',
  '请问我的快递什么时候能到？',
  'Attention weighs every word of a text against every other one, so that a word at the end can depend on one at the beginning.',
];
