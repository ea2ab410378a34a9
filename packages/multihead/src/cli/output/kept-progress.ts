/** @file How far a command has come whose lines are kept, and what it says when it is interrupted. */
import { resumeCommand } from '../command-line.js';
import { endBySignal, onSignal, signalInWords } from '../exit.js';
import { partialFolder } from './kept-lines.js';

/** The progress of a command that `--resume` continues. */
export class KeptProgress {
  /** What is being written. */
  private writing: Promise<void> = Promise.resolve();
  private isFinished = false;

  /**
   * @param output  the file whose lines are kept
   * @param of      how many lines there are in the end
   * @param written how many are on the disk
   */
  constructor(
    private readonly output: string,
    private readonly of: number,
    public written: number,
  ) {}

  /** Waits for lines to be written; a signal that comes meanwhile waits, too. */
  async write(writing: Promise<void>, written: number): Promise<void> {
    this.writing = writing;
    await writing;
    this.written = written;
  }

  /** Waits for the end; behind it there is nothing to resume. */
  async finish(finishing: Promise<void>): Promise<void> {
    this.writing = finishing.then(() => {
      this.isFinished = true;
    });
    await this.writing;
  }

  /** What is kept, and how to resume; undefined where nothing is. */
  get kept(): string | undefined {
    const { output, of, written } = this;
    if (written === 0) return undefined;
    const command = resumeCommand(process.argv.slice(2));
    return `${written} of ${of} predictions are kept in ${partialFolder(output)}. Resume with:\n  ${command}`;
  }

  /**
   * A signal ends the command when what is being written is on the disk. A second one does not wait for that.
   *
   * @param close takes what is on the screen away
   * @returns takes it back
   */
  listen(close: () => void): () => void {
    let isTold = false;
    return onSignal((signal) => {
      if (isTold) endBySignal(signal);
      isTold = true;
      close();
      const tell = (): never => {
        const what = this.kept ?? 'there were no predictions yet; nothing is kept';
        if (!this.isFinished) console.error(`${signalInWords[signal]}: ${what}`);
        endBySignal(signal);
      };
      void this.writing.then(() => setImmediate(tell), tell); // the loop counts the lines first
    });
  }
}
