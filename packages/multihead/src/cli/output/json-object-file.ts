/** @file A JSON object that is written entry by entry, as `JSON.stringify(object, null, 2)` would write it whole. */
import type { FileWriter } from '#files';
import { outputFile } from './output-file.js';

/** An object that may be larger than memory. */
export class JsonObjectFile {
  private isEmpty = true;

  private constructor(private readonly file: FileWriter) {}

  /** Begins a file. */
  static async begin(path: string): Promise<JsonObjectFile> {
    return new JsonObjectFile(await outputFile(path));
  }

  /** Adds the entries of an object. */
  async add(object: object): Promise<void> {
    const text = JSON.stringify(object, null, 2);
    if (text === '{}') return;
    await this.file.write(`${this.isEmpty ? '{' : ','}${text.slice(1, -2)}`);
    this.isEmpty = false;
  }

  /** Closes the object. */
  async flush(): Promise<void> {
    await this.file.write(this.isEmpty ? '{}\n' : '\n}\n');
    await this.file.flush();
  }

  /** Gives the file its name. */
  async commit(): Promise<void> {
    await this.file.commit();
  }

  /** Removes what was written. */
  async abandon(): Promise<void> {
    await this.file.abandon();
  }
}
