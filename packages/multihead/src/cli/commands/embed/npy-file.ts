/** @file A .npy file that is written row by row, beside its name, and has its name once it is whole. */
import type { FileWriter } from '#files';
import { type NpyType, npyHeader } from '../../../platform/bytes/npy.js';
import { outputFile } from '../../output/output-file.js';

/** Rows of numbers of one size; how many there are need not be known before the end. */
export class NpyFile {
  private rows = 0;

  private constructor(
    private readonly file: FileWriter,
    private readonly columns: number,
    private readonly type: NpyType,
  ) {}

  /** Begins a file, in a folder that is made if it is not there. */
  static async create(path: string, columns: number, type: NpyType = '<f4'): Promise<NpyFile> {
    const file = await outputFile(path);
    await file.write(npyHeader([0, columns], type));
    return new NpyFile(file, columns, type);
  }

  /** Adds rows, one behind the other; their elements are of the file's type. */
  async append(rows: Float32Array | Int8Array | Uint8Array): Promise<void> {
    await this.file.write(new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength));
    this.rows += rows.length / this.columns;
  }

  /** Writes the header anew, now that the number of rows is known, and gives the file its name. */
  async commit(): Promise<void> {
    await this.file.writeAt(0, npyHeader([this.rows, this.columns], this.type));
    await this.file.commit();
  }

  /** Removes what was written. */
  async abandon(): Promise<void> {
    await this.file.abandon();
  }
}

/** Writes all rows of a file, which has its name once it is committed. */
export async function writtenNpy(
  path: string,
  { columns, type }: { readonly columns: number; readonly type?: NpyType },
  parts: AsyncIterable<Float32Array | Int8Array | Uint8Array> | Iterable<Float32Array | Int8Array | Uint8Array>,
): Promise<NpyFile> {
  const file = await NpyFile.create(path, columns, type);
  try {
    for await (const part of parts) await file.append(part);
    return file;
  } catch (error) {
    await file.abandon();
    throw error;
  }
}
