/** @file A GGUF file: its settings, and its tensors in pieces as float32. */
import { fileSize, readRange } from '#files';
import { UserError } from '../../platform/errors.js';
import { type GgufHeader, type GgufTensor, readHeader, type Setting } from './header.js';

export type { GgufTensor, Setting } from './header.js';

/** Numbers of a piece, about: 16 MB of float32. */
const pieceLength = 4 << 20;

/** A file whose header was checked. Nothing of its tensors is in memory. */
export class GgufFile {
  private constructor(
    readonly path: string,
    private readonly header: GgufHeader,
  ) {}

  /** @throws UserError naming the file and the place of what is wrong */
  static async open(path: string): Promise<GgufFile> {
    const size = await fileSize(path);
    return new GgufFile(path, await readHeader(path, size, (start, end) => readRange(path, start, end)));
  }

  /** All tensors, by name. */
  get tensors(): ReadonlyMap<string, GgufTensor> {
    return this.header.tensors;
  }

  /** All settings, by name. */
  get settings(): ReadonlyMap<string, Setting> {
    return this.header.settings;
  }

  /** Throws an error for what the file says. */
  fail(what: string): never {
    throw new UserError(`${this.path}: ${what}`);
  }

  /** A setting that is a text; undefined where it is missing. */
  text(name: string): string | undefined {
    return this.setting(name, 'a text', (value) => typeof value === 'string') as string | undefined;
  }

  /** A setting that is a number; undefined where it is missing. */
  number(name: string): number | undefined {
    return this.setting(name, 'a number', Number.isFinite) as number | undefined;
  }

  /** A setting that is a flag; undefined where it is missing. */
  flag(name: string): boolean | undefined {
    return this.setting(name, 'true or false', (value) => typeof value === 'boolean') as boolean | undefined;
  }

  /** A setting that is a list of texts; undefined where it is missing. */
  texts(name: string): readonly string[] | undefined {
    return this.list(name, 'texts', 'string') as readonly string[] | undefined;
  }

  /** A setting that is a list of numbers; undefined where it is missing. */
  numbers(name: string): readonly number[] | undefined {
    return this.list(name, 'numbers', 'number') as readonly number[] | undefined;
  }

  private list(name: string, what: string, type: string) {
    const isList = (value: unknown) => Array.isArray(value) && value.every((element) => typeof element === type);
    return this.setting(name, `a list of ${what}`, isList);
  }

  private setting(name: string, expected: string, holds: (value: unknown) => boolean): Setting | undefined {
    const value = this.settings.get(name);
    if (value === undefined || holds(value)) return value;
    const shown = JSON.stringify(value)?.slice(0, 80) ?? String(value);
    return this.fail(`the setting ${name} is ${shown}; expected ${expected}`);
  }

  /** A tensor; an error says which was expected with what shape. */
  tensor(name: string, shape: readonly number[]): GgufTensor {
    const tensor = this.tensors.get(name) ?? this.fail(`has no tensor ${name}`);
    if (tensor.shape.length === shape.length && tensor.shape.every((size, i) => size === shape[i])) return tensor;
    return this.fail(`tensor ${name} is [${tensor.shape.join(', ')}]; expected [${shape.join(', ')}]`);
  }

  /** All numbers of a small tensor with one axis. */
  async values(name: string, length: number): Promise<Float32Array> {
    const { value } = await this.pieces(this.tensor(name, [length])).next();
    return value as Float32Array;
  }

  /**
   * A tensor's numbers, one piece after the other.
   *
   * @param multiple rows that are not taken apart: a piece has a multiple of so many
   */
  async *pieces(tensor: GgufTensor, multiple = 1): AsyncGenerator<Float32Array<ArrayBuffer>, void, undefined> {
    const { type, shape, start, end } = tensor;
    const columns = shape.at(-1) as number;
    const rows = shape.slice(0, -1).reduce((a, b) => a * b, 1);
    const rowBytes = (columns / type.blockSize) * type.blockBytes;
    const step = Math.max(1, Math.floor(pieceLength / columns / multiple)) * multiple;
    for (let row = 0; row < rows; row += step) {
      const last = Math.min(row + step, rows);
      const bytes = await readRange(this.path, start + row * rowBytes, Math.min(start + last * rowBytes, end));
      const values = new Float32Array((last - row) * columns);
      type.widen(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), values);
      yield values;
    }
  }
}
