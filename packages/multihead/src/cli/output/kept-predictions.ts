/**
 * @file Predictions of an evaluation, kept until its report is written: `--resume` takes them from the disk and computes the
 * others. They are kept as V8 writes values, so that a task's own kind of prediction comes back as it was, to the last bit.
 */
import { deserialize, serialize } from 'node:v8';
import { type KeptLines, type KeptLinesOptions, keptLines, type Origin } from './kept-lines.js';
import { KeptProgress } from './kept-progress.js';

/** Predictions on the disk, in the order of their examples. */
export class KeptPredictions {
  private readonly before: AsyncGenerator<string>;

  private constructor(
    private readonly lines: KeptLines,
    /** How far the evaluation has come. */
    readonly progress: KeptProgress,
  ) {
    this.before = lines.read();
  }

  /**
   * Opens them, alone among all processes.
   *
   * @param output the file of predictions that the evaluation writes in the end
   * @param total  how many there will be
   * @throws UserError as `keptLines` does
   */
  static async open(
    output: string,
    total: number,
    origin: Origin,
    options: KeptLinesOptions,
  ): Promise<KeptPredictions> {
    const node = { 'the version of Node.js': process.version }; // an older one may not read what a newer one wrote
    const lines = await keptLines(output, { ...origin, ...node }, { ...options, flag: '--report' });
    return new KeptPredictions(lines, new KeptProgress(output, total, lines.keptLines));
  }

  /**
   * The predictions of a window of examples: those that an interrupted evaluation left, or new ones, which are kept. Of a
   * window of which only some are there, all are computed: in another window, last digits could differ.
   *
   * @param begin   the number of its first example
   * @param compute makes them
   */
  async ofWindow<Prediction>(
    begin: number,
    count: number,
    compute: () => Promise<Prediction[]>,
  ): Promise<Prediction[]> {
    const { progress, lines } = this;
    if (begin + count <= progress.written) return this.next(count);
    await this.before.return(undefined);
    const predictions = await compute();
    const rest = predictions.slice(Math.max(0, progress.written - begin));
    await progress.write(lines.write(rest.map(lineOf)), begin + count);
    return predictions;
  }

  /** The report is written: they are of no more use. */
  async discard(): Promise<void> {
    await this.before.return(undefined); // closes the file, also when all was there
    await this.progress.finish(this.lines.discard());
  }

  private async next<Prediction>(count: number): Promise<Prediction[]> {
    const found: Prediction[] = [];
    while (found.length < count) {
      const { value } = await this.before.next();
      found.push(predictionOf(value as string));
    }
    return found;
  }
}

const lineOf = (prediction: unknown): string => `{"v8":"${serialize(prediction).toString('base64')}"}\n`;

const predictionOf = <Prediction>(line: string): Prediction =>
  deserialize(Buffer.from((JSON.parse(line) as { v8: string }).v8, 'base64'));
