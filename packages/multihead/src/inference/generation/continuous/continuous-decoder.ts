/**
 * @file Incremental decoding of rows that come and go. New rows read their prompts in a state of their own, in parts, so that
 * a long prompt does not hold the others up; then they join those that run.
 */
import type { Engine } from '../../../engine/engine.js';
import type { DecodingModel } from '../../../models/causal/decoding-model.js';
import { decodeTokens, type Logits, prepareDecoding, selfAttention } from '../decoding-graph.js';
import type { DecoderRoom } from '../incremental-decoder.js';

let states = 0;

/** Rows that read their prompts, padded at the left to the longest. */
interface Reading {
  readonly windows: readonly (readonly number[])[];
  readonly longest: number;
  /** Columns that have been read. */
  done: number;
}

/** Incremental decoding of a batch whose rows join and leave. Close it after use: it holds memory of the engine. */
export class ContinuousDecoder {
  /** Tokens of each running row. */
  private lengths: number[] = [];
  private reading: Reading | undefined;

  private constructor(
    private readonly engine: Engine,
    private readonly running: string,
    private readonly joining: string,
  ) {}

  /** Makes a decoder without rows in the model's engine. */
  static async open(model: DecodingModel, room: DecoderRoom): Promise<ContinuousDecoder> {
    const engine = await prepareDecoding(model);
    const name = `continuous ${states++}`;
    const form = { tensors: selfAttention(model), ...room, memory: 'as needed' } as const;
    await engine.createState(name, form);
    await engine.createState(`${name} joining`, form);
    return new ContinuousDecoder(engine, name, `${name} joining`);
  }

  /** Begins to read windows, none of them empty, for rows that join later. */
  startReading(windows: readonly (readonly number[])[]): void {
    this.reading = { windows, longest: Math.max(...windows.map(({ length }) => length)), done: 0 };
  }

  /**
   * Reads the next part of the windows.
   *
   * @param maxTokens of the part, padding included; at least one of each window is read
   * @returns the scores of each window's next token, once all has been read
   */
  async read(maxTokens: number): Promise<Logits | undefined> {
    const { reading } = this;
    if (!reading) throw new Error('internal: there is nothing to read');
    const { windows, longest, done } = reading;
    const width = Math.min(longest - done, Math.max(1, Math.floor(maxTokens / windows.length)));
    const columns = Array.from({ length: width }, (_, i) => done + i);
    // Places in each window; below 0 is padding.
    const places = windows.flatMap(({ length }) => columns.map((column) => column - longest + length));
    const part = {
      ids: places.map((place, i) => windows[Math.floor(i / width)]?.[place] ?? 0),
      positions: places.map((place) => Math.max(0, place)),
      mask: places.map((place) => Number(place >= 0)),
      width,
    };
    const logits = await decodeTokens(this.engine, part, { state: this.joining, fresh: done === 0 });
    reading.done += width;
    return reading.done === longest ? logits : undefined;
  }

  /** Lets rows of windows that have been read join those that run: row i with the past of windows[sources[i]]. */
  async join(sources: readonly number[]): Promise<void> {
    if (!this.reading) throw new Error('internal: no window was read');
    const { windows, longest } = this.reading;
    this.reading = undefined;
    await this.engine.reorderState(this.joining, sources);
    const lengths = sources.map((source) => (windows[source] as readonly number[]).length);
    await this.engine.joinState(
      this.running,
      this.joining,
      lengths.map((length) => longest - length),
    );
    this.lengths.push(...lengths);
  }

  /** Reads one more token of each running row. */
  next(tokens: readonly number[]): Promise<Logits> {
    const positions = this.lengths;
    this.lengths = positions.map((length) => length + 1);
    const part = { ids: tokens, positions, mask: new Array<number>(tokens.length).fill(1), width: 1 };
    return decodeTokens(this.engine, part, { state: this.running });
  }

  /** Lets all rows leave but these, which are then in this order. */
  async keep(rows: readonly number[]): Promise<void> {
    this.lengths = rows.map((row) => this.lengths[row] as number);
    await this.engine.reorderState(this.running, rows);
  }

  /** Frees the memory. */
  async close(): Promise<void> {
    await Promise.all([this.engine.releaseState(this.running), this.engine.releaseState(this.joining)]);
  }
}
