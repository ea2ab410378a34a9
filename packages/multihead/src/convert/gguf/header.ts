/**
 * @file The header of a GGUF file (version 2 and 3): settings by name, and each tensor's name, type, shape and place
 * (github.com/ggml-org/ggml/blob/master/docs/gguf.md). It may be damaged or malicious: counts, lengths and places are checked.
 */
import { Cursor, NeedsMore } from './cursor.js';
import { type TensorType, tensorTypeOf } from './tensor-types/registry.js';

/** A setting's value. */
export type Setting = number | boolean | string | readonly Setting[];

/** A tensor's type and shape, and where its bytes are in the file: [start, end). */
export interface GgufTensor {
  readonly name: string;
  readonly type: TensorType;
  /** As PyTorch has it, [rows, ..., columns]; the file lists the sizes the other way round. */
  readonly shape: readonly number[];
  readonly start: number;
  readonly end: number;
}

/** A header whose parts agree with each other and with the file's size. */
export interface GgufHeader {
  readonly settings: ReadonlyMap<string, Setting>;
  readonly tensors: ReadonlyMap<string, GgufTensor>;
}

const magic = 0x46554747; // "GGUF"
const mostSettings = 65_536;
const mostTensors = 65_536;
/** All lists of a file together; the largest vocabularies have 300,000 tokens and half a million merges. */
const mostElements = 8_000_000;
const mostAxes = 4;
const firstPart = 1 << 20;
const longestHeader = 512 << 20;

/**
 * Reads and checks a header, of as much of the file's beginning as it takes.
 *
 * @param read gives the bytes [start, end) of the file
 * @throws UserError naming the file and the place of what is wrong
 */
export async function readHeader(
  path: string,
  size: number,
  read: (start: number, end: number) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<GgufHeader> {
  for (let length = firstPart; ; length *= 4) {
    const cursor = new Cursor(await read(0, Math.min(length, size)), size, path);
    try {
      return parse(cursor);
    } catch (error) {
      if (!(error instanceof NeedsMore)) throw error;
      if (length >= longestHeader) cursor.fail(cursor.at, `the header is longer than ${longestHeader} bytes`);
    }
  }
}

function parse(cursor: Cursor): GgufHeader {
  checkVersion(cursor);
  const tensorCount = cursor.count('tensors', mostTensors);
  const settingCount = cursor.count('settings', mostSettings);
  const settings = new Map<string, Setting>();
  const budget = { elements: mostElements };
  for (let i = 0; i < settingCount; i++) {
    const start = cursor.at;
    const name = cursor.text();
    if (settings.has(name)) cursor.fail(start, `the setting ${name} is there twice`);
    settings.set(name, settingValue(cursor, cursor.u32(), budget));
  }
  const infos = Array.from({ length: tensorCount }, () => tensorInfo(cursor));
  const alignment = alignmentOf(settings, cursor);
  const begin = Math.ceil(cursor.at / alignment) * alignment;
  const tensors = new Map<string, GgufTensor>();
  for (const { at, name, type, shape, offset } of infos) {
    const start = begin + offset;
    const bytes = (shape.reduce((a, b) => a * b, 1) / type.blockSize) * type.blockBytes;
    if (tensors.has(name)) cursor.fail(at, `the tensor ${name} is there twice`);
    if (offset % alignment !== 0) cursor.fail(at, `tensor ${name} begins at ${offset}, no multiple of ${alignment}`);
    if (!Number.isSafeInteger(start + bytes) || start + bytes > cursor.size) {
      cursor.fail(
        at,
        `tensor ${name}, ${type.name} [${shape.join(', ')}], takes bytes ${start} to ${start + bytes}, but the file ends at ` +
          `byte ${cursor.size}`,
      );
    }
    tensors.set(name, { name, type, shape, start, end: start + bytes });
  }
  return { settings, tensors };
}

function checkVersion(cursor: Cursor): void {
  if (cursor.u32() !== magic) cursor.fail(0, 'the file does not begin with "GGUF"');
  const version = cursor.u32();
  if (version === 2 || version === 3) return;
  if ((version & 0xffff) === 0) cursor.fail(4, 'the numbers are big-endian; only little-endian files are read');
  cursor.fail(4, `version ${version} of GGUF is not read; 2 or 3 was expected`);
}

/** Kinds of values by their numbers. */
const kinds: Readonly<Record<number, (cursor: Cursor) => Setting>> = {
  0: (cursor) => cursor.u8(),
  1: (cursor) => cursor.i8(),
  2: (cursor) => cursor.u16(),
  3: (cursor) => cursor.i16(),
  4: (cursor) => cursor.u32(),
  5: (cursor) => cursor.i32(),
  6: (cursor) => cursor.f32(),
  7: (cursor) => cursor.bool(),
  8: (cursor) => cursor.text(),
  10: (cursor) => cursor.u64(),
  11: (cursor) => cursor.i64(),
  12: (cursor) => cursor.f64(),
};
const listKind = 9;

function settingValue(cursor: Cursor, kind: number, budget: { elements: number }): Setting {
  const at = cursor.at - 4;
  if (kind !== listKind) return (kinds[kind] ?? cursor.fail(at, `${kind} is no kind of value`))(cursor);
  const inner = cursor.u32();
  const read = kinds[inner] ?? cursor.fail(cursor.at - 4, `a list of values of kind ${inner} is not read`);
  const length = cursor.count('elements in all lists', budget.elements);
  budget.elements -= length;
  return Array.from({ length }, () => read(cursor));
}

function tensorInfo(cursor: Cursor) {
  const at = cursor.at;
  const name = cursor.text();
  const axes = cursor.u32();
  if (axes < 1 || axes > mostAxes) cursor.fail(at, `tensor ${name} has ${axes} axes; 1 to ${mostAxes} were expected`);
  const sizes = Array.from({ length: axes }, () => cursor.u64());
  const typeAt = cursor.at;
  const type = tensorTypeOf(cursor.u32(), (what) => cursor.fail(typeAt, `tensor ${name} ${what}`));
  const offset = cursor.u64();
  if (sizes.some((size) => size < 1) || !Number.isSafeInteger(sizes.reduce((a, b) => a * b, 4))) {
    cursor.fail(at, `tensor ${name} has the sizes ${sizes.join(', ')}, which cannot be`);
  }
  if ((sizes[0] as number) % type.blockSize !== 0) {
    cursor.fail(
      at,
      `tensor ${name} has rows of ${sizes[0]} numbers, no multiple of the ${type.blockSize} of ${type.name}`,
    );
  }
  return { at, name, type, shape: sizes.reverse(), offset };
}

function alignmentOf(settings: ReadonlyMap<string, Setting>, cursor: Cursor): number {
  const value = settings.get('general.alignment') ?? 32;
  const isPower = typeof value === 'number' && value >= 8 && value <= 1 << 20 && (value & (value - 1)) === 0;
  return isPower
    ? value
    : cursor.fail(cursor.at, `general.alignment is ${String(value)}; a power of two from 8 was expected`);
}
