/**
 * @file Incremental decoding: reads tokens with a model and scores the next ones.
 *
 * Each row has a window: the tokens that the model looks at. Rows of different lengths are padded at the left, so that
 * all of them continue at the same position of the cache; padding is masked, and positions count from each row's first token.
 */
import type { Engine } from '../../engine/engine.js';
import type { DecodingModel } from '../../models/causal/decoding-model.js';
import { decodeTokens, type Logits, prepareDecoding, selfAttention } from './decoding-graph.js';

let states = 0;

/** How much a decoder is to hold. */
export interface DecoderRoom {
  /** The most rows at a time. */
  readonly rows: number;
  /** The most tokens a row, padding included. */
  readonly slots: number;
}

/** Incremental decoding of a batch. Close it after use: it holds memory of the engine. */
export class IncrementalDecoder {
  /** Tokens in each row's window. */
  private lengths: number[] = [];
  private used = 0;
  /** Slots that were read at once. */
  private prompt = 0;

  private constructor(
    private readonly engine: Engine,
    private readonly state: string,
    private readonly room: DecoderRoom,
  ) {}

  /** Makes a decoder with an empty cache in the model's engine. */
  static async open(model: DecodingModel, room: DecoderRoom): Promise<IncrementalDecoder> {
    const engine = await prepareDecoding(model);
    const state = `generation ${states++}`;
    await engine.createState(state, { tensors: selfAttention(model), ...room });
    return new IncrementalDecoder(engine, state, room);
  }

  /** Whether a further token has a slot. */
  get hasRoom(): boolean {
    return this.used < this.room.slots;
  }

  /** Forgets what was read and reads these windows, one a row, none of them empty. */
  async read(windows: readonly (readonly number[])[]): Promise<Logits> {
    this.lengths = windows.map(({ length }) => length);
    const longest = Math.max(...this.lengths);
    this.used = 0;
    this.prompt = longest;
    return this.decode(
      windows.flatMap((window) => [...new Array<number>(longest - window.length).fill(0), ...window]),
      this.lengths.flatMap((length) => Array.from({ length: longest }, (_, i) => Math.max(0, i - longest + length))),
      this.lengths.flatMap((length) => Array.from({ length: longest }, (_, i) => Number(i >= longest - length))),
      longest,
    );
  }

  /** Reads one more token a row. */
  async next(tokens: readonly number[]): Promise<Logits> {
    const positions = this.lengths;
    this.lengths = positions.map((length) => length + 1);
    return this.decode(tokens, positions, new Array<number>(tokens.length).fill(1), 1);
  }

  /**
   * Gives each row the past of another: row i that of rows[i]. There may be more rows than before, or fewer.
   *
   * @param options.sharePrompt whether each row comes from one of the same prompt, so that only new tokens are copied
   */
  async reorder(rows: readonly number[], { sharePrompt = false } = {}): Promise<void> {
    this.lengths = rows.map((row) => this.lengths[row] as number);
    await this.engine.reorderState(this.state, rows, sharePrompt ? this.prompt : 0);
  }

  /** Lets the cache go. */
  close(): Promise<void> {
    return this.engine.releaseState(this.state);
  }

  private async decode(ids: readonly number[], positions: readonly number[], mask: readonly number[], width: number) {
    const fresh = this.used === 0;
    this.used += width;
    return decodeTokens(this.engine, { ids, positions, mask, width }, { state: this.state, fresh });
  }
}
