/** @file Parses and validates the header of a safetensors file, which may be truncated or malicious. */

import { UserError } from '../../platform/errors.js';
import { findDeepNesting } from '../../platform/json/json.js';

/** Element types that files may hold. */
export type SafetensorsDType = keyof typeof bytesOf;

/** Bytes that an element of a type takes: all types of the format, of which only some are ever read. */
export const bytesOf = {
  C64: 8,
  F64: 8,
  I64: 8,
  U64: 8,
  F32: 4,
  I32: 4,
  U32: 4,
  F16: 2,
  BF16: 2,
  I16: 2,
  U16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
  F8_E8M0: 1,
  F8_E4M3FNUZ: 1,
  F8_E5M2FNUZ: 1,
  F6_E2M3: 0.75,
  F6_E3M2: 0.75,
  F4: 0.5,
};

/** A tensor's type and shape, and where its bytes are in the file: [start, end). */
export interface TensorInfo {
  readonly dtype: SafetensorsDType;
  readonly shape: readonly number[];
  readonly start: number;
  readonly end: number;
}

/** A sound header. */
export interface Header {
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The reference implementation's limit: a longer header is an attack or no header. */
const longestHeader = 100_000_000;

/** Reads and checks a header. `read` gives the bytes [start, end) of the file. */
export async function parseHeader(
  path: string,
  size: number,
  read: (start: number, end: number) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<Header> {
  const fail = (what: string): never => {
    throw new UserError(`${path}: ${what}. Get the file anew: it is damaged, cut off, or no safetensors file.`);
  };
  if (size === 0) fail('is empty');
  if (size < 8) fail(`has only ${size} bytes; the header's length alone takes 8`);
  const first = await read(0, Math.min(size, 48));
  refuseOtherFormats(path, first);
  const length = Number(new DataView(first.buffer).getBigUint64(0, true));
  if (length > longestHeader)
    fail(`bytes 0 to 8 claim a header of ${length} bytes; at most ${longestHeader} are allowed`);
  if (8 + length > size) fail(`bytes 0 to 8 claim a header of ${length} bytes, but the file has only ${size}`);
  const json = parseObject(await read(8, 8 + length), fail);

  const begin = 8 + length;
  const tensors = new Map<string, TensorInfo>();
  for (const [name, entry] of Object.entries(json)) {
    if (name !== '__metadata__') tensors.set(name, tensorInfo(name, entry, begin, fail));
  }
  checkPlaces(tensors, begin, size, fail);
  return { tensors, metadata: metadataOf(json.__metadata__, fail) };
}

type Fail = (what: string) => never;

function parseObject(bytes: Uint8Array, fail: Fail): Record<string, unknown> {
  let [text, json]: [string, unknown] = ['', undefined];
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    json = JSON.parse(text);
  } catch (error) {
    fail(`the header (bytes 8 to ${8 + bytes.length}) is not valid JSON: ${(error as Error).message}`);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) fail('the header is not a JSON object');
  if (findDeepNesting(text) !== undefined) fail('the header has too many arrays and objects, one in the other');
  return json as Record<string, unknown>;
}

/** One entry, its shape and offsets in agreement. */
function tensorInfo(name: string, entry: unknown, begin: number, fail: Fail): TensorInfo {
  const { dtype, shape, data_offsets } = (entry ?? {}) as Record<string, unknown>;
  if (typeof dtype !== 'string' || !Object.hasOwn(bytesOf, dtype)) {
    fail(`tensor ${name}: its dtype is ${JSON.stringify(dtype)}; known are ${Object.keys(bytesOf).join(', ')}`);
  }
  if (!isNaturals(shape)) fail(`tensor ${name}: its shape is ${JSON.stringify(shape)}, not a list of sizes`);
  if (!isNaturals(data_offsets) || data_offsets.length !== 2) {
    fail(`tensor ${name}: its data_offsets are ${JSON.stringify(data_offsets)}, not [start, end]`);
  }
  const [from, to] = data_offsets as [number, number];
  const expected = (shape as number[]).reduce((a, b) => a * b, bytesOf[dtype as SafetensorsDType]);
  if (!Number.isSafeInteger(expected) || to - from !== expected) {
    fail(
      `tensor ${name}: ${dtype} [${shape}] takes ${expected} bytes, but its data_offsets [${from}, ${to}] hold ${to - from}`,
    );
  }
  return { dtype: dtype as SafetensorsDType, shape: shape as number[], start: begin + from, end: begin + to };
}

const isNaturals = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((element) => Number.isSafeInteger(element) && element >= 0);

/** The tensors must fill the file to its end, without overlap and without gap. */
function checkPlaces(tensors: ReadonlyMap<string, TensorInfo>, begin: number, size: number, fail: Fail): void {
  let end = begin;
  for (const [name, info] of [...tensors].sort(([, a], [, b]) => a.start - b.start || a.end - b.end)) {
    if (info.start < end) fail(`tensor ${name}: its bytes from ${info.start} on overlap with those of another`);
    if (info.start > end) fail(`bytes ${end} to ${info.start}, before tensor ${name}, belong to no tensor`);
    end = info.end;
  }
  if (end > size) fail(`is cut off: the header tells of ${end} bytes, ${end - size} of them are missing`);
  if (end < size) fail(`${size - end} bytes at the end, from ${end} on, belong to no tensor`);
}

function metadataOf(value: unknown, fail: Fail): Record<string, string> {
  if (value === undefined) return {};
  const isText =
    typeof value === 'object' && value !== null && Object.values(value).every((v) => typeof v === 'string');
  if (!isText) fail('__metadata__ is not an object of texts');
  return value as Record<string, string>;
}

/** Says what a file is that is often found in the place of a safetensors file. */
function refuseOtherFormats(path: string, bytes: Uint8Array): void {
  const begins = (text: string) => new TextDecoder('latin1').decode(bytes).startsWith(text);
  if (begins('version https://git-lfs')) {
    throw new UserError(`${path}: is a pointer of Git LFS, not the file itself. Fetch the file: git lfs pull`);
  }
  if (begins('PK\x03\x04') || begins('\x80\x02')) {
    throw new UserError(
      `${path}: is a PyTorch pickle, which can run code and is not read. Convert it in Python: ` +
        'model.save_pretrained(folder) writes safetensors.',
    );
  }
}
