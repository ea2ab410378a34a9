/**
 * @file The safetensors format: eight bytes with the header's length, a JSON header, and the tensors' bytes without gap.
 *
 * Tensors are read one by one by their place in the file, so that a model is never in memory twice. An inconsistent
 * file is refused before anything is read from it.
 */
import { fileSize, readRange, writeAtomically } from '#files';
import { widenBfloat16, widenFloat16 } from '../../platform/bytes/float16.js';
import { UserError } from '../../platform/errors.js';
import { formatShape } from '../../tensor/shape.js';
import { type FloatName, floatFormats } from './float-formats.js';
import { bytesOf, parseHeader, type SafetensorsDType, type TensorInfo } from './safetensors-header.js';

export type { SafetensorsDType, TensorInfo } from './safetensors-header.js';

/**
 * A safetensors file with a validated header.
 *
 * @example
 * const file = await SafetensorsFile.open('model.safetensors');
 * for (const name of file.names) console.log(name, file.info(name).shape);
 */
export class SafetensorsFile {
  private constructor(
    readonly path: string,
    private readonly tensors: ReadonlyMap<string, TensorInfo>,
    readonly metadata: Readonly<Record<string, string>>,
  ) {}

  /**
   * Opens a file, and reads and validates its header.
   *
   * @throws UserError naming the file, what is wrong at which place, and what was expected
   */
  static async open(path: string): Promise<SafetensorsFile> {
    const size = await fileSize(path);
    const { tensors, metadata } = await parseHeader(path, size, (start, end) => readRange(path, start, end));
    return new SafetensorsFile(path, tensors, metadata);
  }

  /** Names of the tensors, in the order of the header. */
  get names(): string[] {
    return [...this.tensors.keys()];
  }

  /** Returns a tensor's type, shape and offsets. */
  info(name: string): TensorInfo {
    const info = this.tensors.get(name);
    if (!info) throw new UserError(`${this.path}: has no tensor ${name}`);
    return info;
  }

  /** Reads a floating-point tensor as float32, into a given array or a new one. */
  async readFloat32(name: string, into?: Float32Array<ArrayBuffer>): Promise<Float32Array<ArrayBuffer>> {
    const { dtype, shape, start, end } = this.info(name);
    const length = (end - start) / bytesOf[dtype];
    const target = into ?? new Float32Array(length);
    if (target.length !== length) {
      throw new UserError(`${this.path}: ${name} ${formatShape(shape)} has ${length} elements, not ${target.length}`);
    }
    const bytes = await readRange(this.path, start, end);
    if (dtype === 'F32') new Uint8Array(target.buffer, target.byteOffset, target.byteLength).set(bytes);
    else if (dtype === 'F64') target.set(new Float64Array(bytes.buffer));
    else if (dtype === 'F16') widenFloat16(new Uint16Array(bytes.buffer), target);
    else if (dtype === 'BF16') widenBfloat16(new Uint16Array(bytes.buffer), target);
    else throw new UserError(`${this.path}: ${name} holds ${dtype}; F32, F16, BF16 or F64 was expected`);
    return target;
  }

  /** Reads a tensor of 64-bit integers. */
  async readInt64(name: string): Promise<BigInt64Array> {
    const { dtype, start, end } = this.info(name);
    if (dtype !== 'I64') throw new UserError(`${this.path}: ${name} holds ${dtype}; I64 was expected`);
    return new BigInt64Array((await readRange(this.path, start, end)).buffer);
  }
}

/** A tensor to write: its elements' bytes are those of `data`. */
export interface TensorToWrite {
  readonly name: string;
  readonly dtype: SafetensorsDType;
  readonly shape: readonly number[];
  readonly data: ArrayBufferView<ArrayBuffer>;
}

/**
 * Writes tensors to a safetensors file, atomically. The order is the reference implementation's: wide types first, then
 * by name.
 *
 * @param metadata Hugging Face wants `format: 'pt'` to load weights
 * @example
 * const data = new Float32Array([1, 2, 3, 4]);
 * await writeSafetensors('model.safetensors', [{ name: 'weight', dtype: 'F32', shape: [2, 2], data }], { format: 'pt' });
 */
export async function writeSafetensors(
  path: string,
  tensors: readonly TensorToWrite[],
  metadata: Readonly<Record<string, string>> = { format: 'pt' },
): Promise<void> {
  await writeAtomically(path, safetensorsPieces(tensors, metadata));
}

/** The pieces of a safetensors file, in their order. */
export function safetensorsPieces(
  tensors: readonly TensorToWrite[],
  metadata: Readonly<Record<string, string>> = { format: 'pt' },
): Uint8Array[] {
  const { head, ordered } = safetensorsHead(tensors, metadata);
  for (const { name, dtype, shape, data } of ordered) {
    const expected = sizeOf({ dtype, shape });
    if (data.byteLength !== expected) {
      throw new Error(
        `internal: ${name} ${formatShape(shape)} of ${dtype} takes ${expected} bytes, not ${data.byteLength}`,
      );
    }
  }
  const bodies = ordered.map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return [...head, ...bodies];
}

/** A tensor that is read while a file is written, in pieces, so that never more than a piece is in memory. */
export interface TensorSource {
  readonly name: string;
  readonly shape: readonly number[];
  /** The numbers, one piece after the other. */
  read(): AsyncIterable<Float32Array<ArrayBuffer>>;
}

/** The pieces of a safetensors file whose tensors are read one after the other as they are written. */
export async function* safetensorsStream(
  tensors: readonly TensorSource[],
  dtype: FloatName,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { type, narrow } = floatFormats[dtype];
  const { head, ordered } = safetensorsHead(tensors.map((tensor) => ({ ...tensor, dtype: type })));
  yield* head;
  for (const { read } of ordered) {
    for await (const values of read()) {
      const { buffer, byteOffset, byteLength } = narrow(values);
      yield new Uint8Array(buffer, byteOffset, byteLength);
    }
  }
}

const sizeOf = ({ dtype, shape }: Pick<TensorToWrite, 'dtype' | 'shape'>): number =>
  shape.reduce((a, b) => a * b, bytesOf[dtype]);

/** The header's length and the header, and the tensors in the order of their bytes. */
function safetensorsHead<T extends Pick<TensorToWrite, 'name' | 'dtype' | 'shape'>>(
  tensors: readonly T[],
  metadata: Readonly<Record<string, string>> = { format: 'pt' },
): { readonly head: Uint8Array[]; readonly ordered: readonly T[] } {
  const ordered = [...tensors].sort(
    (a, b) => bytesOf[b.dtype] - bytesOf[a.dtype] || (a.name < b.name ? -1 : Number(a.name > b.name)),
  );
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const { name, dtype, shape } of ordered) {
    const end = offset + sizeOf({ dtype, shape });
    header[name] = { dtype, shape, data_offsets: [offset, end] };
    offset = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const padded = new Uint8Array(Math.ceil(json.length / 8) * 8).fill(0x20);
  padded.set(json);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(padded.length), true);
  return { head: [length, padded], ordered };
}
