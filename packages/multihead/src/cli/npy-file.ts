/** @file A .npy file that is written vector by vector, beside its name, and has its name once it is whole. */
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeDirectory } from '#files';
import { npyHeader } from '../data/npy.js';
import { UserError } from '../errors.js';

/** Float32 vectors of one size; how many there are need not be known before the end. */
export class NpyFile {
  private rows = 0;

  private constructor(
    private readonly path: string,
    private readonly partial: string,
    private readonly file: FileHandle,
    private readonly columns: number,
  ) {}

  /** Begins a file, in a folder that is made if it is not there. */
  static async create(path: string, columns: number): Promise<NpyFile> {
    await makeDirectory(dirname(path));
    const partial = `${path}.partial-${process.pid}`;
    const file = await open(partial, 'w').catch((error) => refuse(path, error));
    const made = new NpyFile(path, partial, file, columns);
    await made.write(npyHeader([0, columns]));
    return made;
  }

  /** Adds vectors, one behind the other. */
  async append(vectors: Float32Array): Promise<void> {
    await this.write(new Uint8Array(vectors.buffer, vectors.byteOffset, vectors.byteLength));
    this.rows += vectors.length / this.columns;
  }

  /** Writes the header anew, now that the number of vectors is known, and gives the file its name. */
  async commit(): Promise<void> {
    try {
      await this.file.write(npyHeader([this.rows, this.columns]), 0, undefined, 0);
      await this.file.sync();
      await this.file.close();
      await rename(this.partial, this.path);
    } catch (error) {
      refuse(this.path, error);
    }
  }

  /** Removes what was written. */
  async abandon(): Promise<void> {
    await this.file.close().catch(() => undefined);
    await rm(this.partial, { force: true });
  }

  private async write(bytes: Uint8Array): Promise<void> {
    await this.file.writeFile(bytes).catch((error) => refuse(this.path, error));
  }
}

function refuse(path: string, error: unknown): never {
  throw new UserError(`${path}: cannot be written (${(error as Error).message})`, { cause: error });
}
