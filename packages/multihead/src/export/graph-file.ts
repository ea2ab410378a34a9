/** @file An ONNX file, with its constants in it or, where they are larger than a file may be, in files beside it. */
import { embedConstants, withConstantsOutside } from '../onnx/constants.js';
import type { OnnxModel } from '../onnx/model.js';
import type { Constant, ConstantPlace, ParameterForms } from '../onnx/parameter-forms.js';

/** The most bytes of constants that one file holds: a file of protobuf, and an array of a browser, ends before 2 GB. */
export const largestFile = 2 ** 31 - 2 ** 24;

/** An ONNX file, as it is written. */
export interface GraphFile {
  /** The graph, whose `bytes` are those of the file. */
  readonly graph: OnnxModel;
  /** Files of constants beside it, in pieces, by names without a folder. */
  readonly data: Readonly<Record<string, readonly Uint8Array[]>>;
  /** All bytes. */
  readonly size: number;
}

/** Constants begin at multiples of this in a file, so that they can be mapped into memory. */
const alignment = 4096;

/**
 * Puts a graph's constants into its file or, where there are too many bytes of them, into files beside it: `model.onnx_data`,
 * `model.onnx_data_1`, ..., as transformers.js names them.
 *
 * @param graph  without the constants that its `parameters` name
 * @param name   of the file, without its folder
 * @param limit  the most bytes of constants in one file
 */
export function graphFile(graph: OnnxModel, parameters: ParameterForms, name: string, limit = largestFile): GraphFile {
  const constants = graph.parameters.map((each) => ({ ...parameters.constant(each), name: each }));
  const total = constants.reduce((sum, { data }) => sum + data.byteLength, 0);
  if (total <= limit) {
    const whole = embedConstants(graph, (each) => parameters.constant(each));
    return { graph: whole, data: {}, size: whole.bytes.length };
  }
  const chunks = chunksOf(constants, limit);
  const nameOf = (i: number): string => `${name}_data${i === 0 ? '' : `_${i}`}`;
  const placeOf = new Map(
    chunks.flatMap(({ places }, i) => places.map((place) => [place.name, { ...place, location: nameOf(i) }])),
  );
  const bytes = withConstantsOutside(graph, (each) => placeOf.get(each) as ConstantPlace & { location: string });
  return {
    graph: { ...graph, bytes, parameters: [] },
    data: Object.fromEntries(chunks.map(({ pieces }, i) => [nameOf(i), pieces])),
    size: chunks.reduce((sum, { size }) => sum + size, bytes.length),
  };
}

interface Chunk {
  readonly places: ConstantPlace[];
  readonly pieces: Uint8Array[];
  size: number;
}

/** Constants in their order, in as few files as they need; each begins where the one before it ends, aligned. */
function chunksOf(constants: readonly (Constant & { readonly name: string })[], limit: number): Chunk[] {
  const chunks: Chunk[] = [];
  for (const { name, dataType, shape, data } of constants) {
    let chunk = chunks.at(-1);
    if (!chunk || (chunk.size > 0 && chunk.size + data.byteLength > limit)) {
      chunk = { places: [], pieces: [], size: 0 };
      chunks.push(chunk);
    }
    const offset = Math.ceil(chunk.size / alignment) * alignment;
    if (offset > chunk.size) chunk.pieces.push(new Uint8Array(offset - chunk.size));
    chunk.pieces.push(data);
    chunk.places.push({ name, dataType, shape, offset, length: data.byteLength });
    chunk.size = offset + data.byteLength;
  }
  return chunks;
}
