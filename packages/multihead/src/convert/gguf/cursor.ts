/** @file A place in the first bytes of a GGUF file, from which numbers and texts are read one after the other. */
import { UserError } from '../../platform/errors.js';

/** Thrown where the header is longer than the bytes read so far. */
export class NeedsMore extends Error {}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Longer texts are no names, tokens or templates. */
const longestText = 16 << 20;

/** Reads little-endian values. */
export class Cursor {
  /** Where the next value begins, in bytes from the file's start. */
  at = 0;
  private readonly view: DataView;

  /**
   * @param bytes the file's first bytes
   * @param size  the whole file's size
   * @param path  the file, for errors
   */
  constructor(
    private readonly bytes: Uint8Array,
    readonly size: number,
    readonly path: string,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Throws an error for what is read at a place. */
  fail(at: number, what: string): never {
    throw new UserError(
      `${this.path}: at byte ${at}: ${what}. Get the file anew: it is damaged, cut off, or no GGUF file.`,
    );
  }

  /** The place of so many bytes, which are passed. */
  take(length: number, what: string): number {
    const start = this.at;
    if (start + length > this.size) {
      this.fail(start, `${what} of ${length} bytes was expected, but the file ends at byte ${this.size}`);
    }
    if (start + length > this.bytes.length) throw new NeedsMore();
    this.at = start + length;
    return start;
  }

  u8 = (): number => this.view.getUint8(this.take(1, 'a number'));
  i8 = (): number => this.view.getInt8(this.take(1, 'a number'));
  u16 = (): number => this.view.getUint16(this.take(2, 'a number'), true);
  i16 = (): number => this.view.getInt16(this.take(2, 'a number'), true);
  u32 = (): number => this.view.getUint32(this.take(4, 'a number'), true);
  i32 = (): number => this.view.getInt32(this.take(4, 'a number'), true);
  f32 = (): number => this.view.getFloat32(this.take(4, 'a number'), true);
  f64 = (): number => this.view.getFloat64(this.take(8, 'a number'), true);
  /** 64-bit integers beyond 2^53 lose their last digits; no count or setting is as large. */
  u64 = (): number => Number(this.view.getBigUint64(this.take(8, 'a number'), true));
  i64 = (): number => Number(this.view.getBigInt64(this.take(8, 'a number'), true));

  bool = (): boolean => {
    const start = this.at;
    const value = this.u8();
    if (value > 1) this.fail(start, `a flag is ${value}; 0 or 1 was expected`);
    return value === 1;
  };

  /** A count, with the most that there may be. */
  count(what: string, most: number): number {
    const start = this.at;
    const value = this.u64();
    if (value > most) this.fail(start, `there are ${value} ${what}; at most ${most} are read`);
    return value;
  }

  text = (): string => {
    const length = this.count('bytes in a text', longestText);
    const start = this.take(length, 'a text');
    try {
      return utf8.decode(this.bytes.subarray(start, start + length));
    } catch {
      return this.fail(start, `a text of ${length} bytes is not valid UTF-8`);
    }
  };
}
