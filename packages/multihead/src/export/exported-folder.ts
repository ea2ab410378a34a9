/** @file Writes the files of an exported folder, which get their names together. */
import { exists, joinPath, listDirectory, makeDirectory, writeTogether } from '#files';
import type { DeviceName } from '../engine/devices/registry.js';
import { modelKey } from '../models/core/pretrained.js';
import type { DtypeName } from '../models/dtypes.js';
import type { GraphFile } from './graph-file.js';

/** What an exported folder holds. */
export interface FolderContent {
  /** The graphs by their names. */
  readonly graphs: Readonly<Record<string, GraphFile>>;
  /** The files of the tokenizer. */
  readonly tokenizer: Readonly<Record<string, string>>;
  /** config.json of the model. */
  readonly config: Readonly<Record<string, unknown>>;
  /** What programs take that name none. */
  readonly dtype: DtypeName;
  readonly device: DeviceName | undefined;
}

/** The folder of the graphs in that of a model. */
export const graphsFolder = 'onnx';

/** Writes the folder. Graphs of an earlier export go. */
export async function writeExportedFolder(output: string, content: FolderContent): Promise<void> {
  const { graphs, tokenizer, config, dtype, device } = content;
  const files: Record<string, string | Iterable<Uint8Array>> = { ...tokenizer };
  const chunks: Record<string, number> = {};
  for (const [name, { graph, data }] of Object.entries(graphs)) {
    files[joinPath(graphsFolder, name)] = [graph.bytes];
    for (const [beside, pieces] of Object.entries(data)) files[joinPath(graphsFolder, beside)] = pieces;
    const count = Object.keys(data).length;
    if (count > 0) chunks[name] = count;
  }
  const forTransformersJs = {
    dtype,
    ...(device !== undefined && { device }),
    ...(Object.keys(chunks).length > 0 && { use_external_data_format: chunks }),
  };
  const json = { ...config, 'transformers.js_config': forTransformersJs };
  files[modelKey] = `${JSON.stringify(json, null, 2)}\n`;
  const folder = joinPath(output, graphsFolder);
  const gone = (await exists(folder)) ? (await listDirectory(folder)).filter((name) => graphName.test(name)) : [];
  await makeDirectory(folder);
  await writeTogether(
    output,
    files,
    modelKey,
    gone.map((name) => joinPath(graphsFolder, name)),
  );
}

/** Names that this module writes: `model_quantized.onnx`, `model.onnx_data_1`. */
const graphName = /^model(_[a-z0-9]+)?\.onnx(_data(_\d+)?)?$/;
