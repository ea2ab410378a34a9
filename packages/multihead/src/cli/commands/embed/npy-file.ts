/** @file A .npy file that is written vector by vector, beside its name, and has its name once it is whole. */
import type { FileWriter } from '#files';
import { npyHeader } from '../../../platform/bytes/npy.js';
import { outputFile } from '../../output/output-file.js';

/** Float32 vectors of one size; how many there are need not be known before the end. */
export class NpyFile {
  private rows = 0;

  private constructor(
    private readonly file: FileWriter,
    private readonly columns: number,
  ) {}

  /** Begins a file, in a folder that is made if it is not there. */
  static async create(path: string, columns: number): Promise<NpyFile> {
    const file = await outputFile(path);
    await file.write(npyHeader([0, columns]));
    return new NpyFile(file, columns);
  }

  /** Adds vectors, one behind the other. */
  async append(vectors: Float32Array): Promise<void> {
    await this.file.write(new Uint8Array(vectors.buffer, vectors.byteOffset, vectors.byteLength));
    this.rows += vectors.length / this.columns;
  }

  /** Writes the header anew, now that the number of vectors is known, and gives the file its name. */
  async commit(): Promise<void> {
    await this.file.writeAt(0, npyHeader([this.rows, this.columns]));
    await this.file.commit();
  }

  /** Removes what was written. */
  async abandon(): Promise<void> {
    await this.file.abandon();
  }
}
