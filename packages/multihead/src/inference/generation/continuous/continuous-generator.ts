/**
 * @file Continuous batching (Yu et al. 2022, Orca): a new prompt joins the running batch at the next token, and a text that has
 * ended leaves it. Each text has its own options, seed and end; what it becomes does not depend on the others.
 */
import { chunks } from '../../../data/streams/batching.js';
import type { DecodingModel } from '../../../models/causal/decoding-model.js';
import type { Logits } from '../decoding-graph.js';
import type { ResolvedOptions } from '../options.js';
import { SampledText } from '../search/sampled-text.js';
import type { SampledToken, StoppingCriterion } from '../search/sampled-token.js';
import { ContinuousDecoder } from './continuous-decoder.js';
import { TokenQueue } from './token-queue.js';

/** Bounds of the running batch. */
export interface ContinuousOptions {
  /** Maximum number of texts that grow at the same time; others wait. Default: 16. */
  readonly maxRows?: number | undefined;
  /**
   * Maximum number of tokens whose keys and values are held: texts times the longest that one of them can become. A text that
   * is longer than that grows alone. Default: 32768.
   */
  readonly maxCachedTokens?: number | undefined;
  /** Tokens of prompts that are read between two tokens of the texts that run. Default: 512. */
  readonly prefillTokens?: number | undefined;
  /** Called before texts are queued, with their number and that of texts that wait; what it throws refuses them. */
  readonly onArrival?: ((texts: number, waiting: number) => void) | undefined;
  /** Called when a text has ended, with the seconds since it came. */
  readonly onEnd?: ((seconds: number) => void) | undefined;
}

/** Prompts and how their texts are generated. */
export interface ContinuousRequest {
  readonly prompts: readonly (readonly number[])[];
  /** As `resolveRequest` gives them, without beams. */
  readonly options: ResolvedOptions;
  readonly stops?: StoppingCriterion | undefined;
  /** Number of most likely tokens whose log-probabilities come with each token; undefined: none, not its own either. */
  readonly topLength?: number | undefined;
}

/** A text that grows. */
interface Row {
  /** Its number among those of its call. */
  readonly row: number;
  readonly text: SampledText;
  readonly call: Call;
}

/** A call whose texts run or wait. */
interface Call extends ContinuousRequest {
  readonly tokens: TokenQueue<readonly SampledToken[]>;
  /** Texts that have not ended. */
  open: number;
  hasLeft: boolean;
  /** When it came, in milliseconds. */
  readonly since: number;
  /** Ends it: its texts are complete, or nobody waits for them any more. */
  end(end?: { readonly error: unknown }): void;
}

/** Rows that read the same window. */
interface Entry {
  readonly window: readonly number[];
  readonly rows: readonly Row[];
}

/** Generates the texts of prompts that come at any time, in one batch. */
export class ContinuousGenerator {
  private readonly maxRows: number;
  private readonly maxCachedTokens: number;
  private readonly prefillTokens: number;
  private readonly waiting: Entry[] = [];
  private joining: Entry[] = [];
  private rows: Row[] = [];
  private loop: Promise<void> | undefined;

  constructor(
    private readonly model: DecodingModel,
    private readonly options: ContinuousOptions = {},
  ) {
    const { maxRows = 16, maxCachedTokens = 32_768, prefillTokens = 512 } = options;
    this.maxRows = maxRows;
    this.maxCachedTokens = maxCachedTokens;
    this.prefillTokens = prefillTokens;
  }

  /** Number of texts that wait. */
  get waitingRows(): number {
    return countRows(this.waiting);
  }

  /** Number of texts that grow. */
  get runningRows(): number {
    return this.rows.length + countRows(this.joining);
  }

  /**
   * Begins the texts of prompts, and returns their tokens as they come. Leaving the loop, or the options' signal, ends them
   * before the next token.
   *
   * @throws what `onArrival` throws
   */
  generate(request: ContinuousRequest): AsyncIterable<readonly SampledToken[]> {
    const { options, prompts } = request;
    const { numReturnSequences, signal } = options;
    this.options.onArrival?.(prompts.length * numReturnSequences, this.waitingRows);
    const abort = () => call.end({ error: signal?.reason });
    const call: Call = {
      ...request,
      tokens: new TokenQueue(() => call.end()),
      open: prompts.length * numReturnSequences,
      hasLeft: false,
      since: performance.now(),
      end(end) {
        call.hasLeft = true;
        call.tokens.close(end);
        signal?.removeEventListener('abort', abort);
      },
    };
    for (const [p, prompt] of prompts.entries()) {
      const rows = Array.from({ length: numReturnSequences }, (_, i): Row => {
        const text = new SampledText(prompt, this.model.maxPositionEmbeddings, options, i);
        text.slide();
        return { row: p * numReturnSequences + i, text, call };
      });
      for (const part of chunks(rows, this.maxRows)) {
        this.waiting.push({ window: (part[0] as Row).text.window, rows: part });
      }
    }
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort);
    this.loop ??= this.run();
    return call.tokens;
  }

  /** Resolves when no text runs or waits any more. */
  async drained(): Promise<void> {
    await this.loop;
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0) {
      try {
        await this.runBatch();
      } catch (error) {
        // What runs fails; what waits gets another batch.
        for (const { call } of [...this.rows, ...this.joining.flatMap(({ rows }) => rows)]) call.end({ error });
        if (this.rows.length + this.joining.length === 0) this.failWaiting(error);
        this.rows = [];
        this.joining = [];
      }
    }
    this.loop = undefined;
  }

  /** Runs until no text is left. */
  private async runBatch(): Promise<void> {
    const slots = this.model.maxPositionEmbeddings;
    const decoder = await ContinuousDecoder.open(this.model, { rows: this.maxRows, slots });
    try {
      do {
        await this.dropLeft(decoder);
        await this.readPrompts(decoder);
        await this.nextTokens(decoder);
      } while (this.rows.length > 0 || this.joining.length > 0 || this.waiting.length > 0);
    } finally {
      await decoder.close();
    }
  }

  /** Reads a part of what joins; what has read its prompt joins. */
  private async readPrompts(decoder: ContinuousDecoder): Promise<void> {
    if (this.joining.length === 0) {
      this.joining = this.admitted();
      if (this.joining.length === 0) return;
      decoder.startReading(this.joining.map(({ window }) => window));
    }
    const logits = await decoder.read(this.prefillTokens);
    if (!logits) return;
    const sources = this.joining.flatMap(({ rows }, source) => rows.map(() => source));
    await decoder.join(sources);
    const joined = this.joining.flatMap(({ rows }) => rows);
    const before = this.rows.length;
    this.rows = [...this.rows, ...joined];
    this.joining = [];
    await this.grow(decoder, joined, logits.gather(sources), before);
  }

  /** A token more for each row that runs. */
  private async nextTokens(decoder: ContinuousDecoder): Promise<void> {
    if (this.rows.length === 0) return;
    const logits = await decoder.next(this.rows.map(({ text }) => text.last));
    await this.grow(decoder, this.rows, logits, 0);
  }

  /**
   * Chooses the next token of rows by their scores. Rows that have ended leave; rows whose window slides wait until they have
   * read it anew.
   *
   * @param first number of the first of them among those that run
   */
  private async grow(decoder: ContinuousDecoder, rows: readonly Row[], logits: Logits, first: number): Promise<void> {
    const ended = await Promise.all(rows.map((row, i) => this.nextToken(row, logits.row(i))));
    const left = new Set(rows.flatMap((_, i) => (ended[i] ? [first + i] : [])));
    for (const [i, row] of rows.entries()) {
      if (left.has(first + i) || !row.text.slide()) continue;
      left.add(first + i);
      this.waiting.unshift({ window: row.text.window, rows: [row] });
    }
    if (left.size > 0) await this.keep(decoder, (i) => !left.has(i));
  }

  /** Adds a token to a text, and says whether the text has ended. */
  private async nextToken({ row, text, call }: Row, logits: Float32Array): Promise<boolean> {
    const { topLength, tokens, stops } = call;
    const { tokenId, scores } = text.next(logits, topLength);
    try {
      const finishReason = await text.finishReason(() => stops?.(row, tokenId) ?? false);
      tokens.push([{ row, tokenId, finishReason, scores }]);
      if (finishReason === undefined) return false;
      this.options.onEnd?.((performance.now() - call.since) / 1000);
      if (--call.open === 0) call.end();
    } catch (error) {
      call.end({ error });
    }
    return true;
  }

  /** Takes those out of the queue that may join now: in their order, as far as rows and memory allow. */
  private admitted(): Entry[] {
    const chosen: Entry[] = [];
    let rows = this.rows.length;
    let longest = Math.max(0, ...this.rows.map(mostTokens));
    for (;;) {
      const entry = this.waiting.find(isAwaited);
      if (!entry) break;
      const count = rows + entry.rows.length;
      const most = Math.max(longest, ...entry.rows.map(mostTokens));
      const fits =
        count <= this.maxRows && count * Math.min(most, this.model.maxPositionEmbeddings) <= this.maxCachedTokens;
      if (rows > 0 && !fits) break;
      const columns = Math.max(...[...chosen, entry].map(({ window }) => window.length));
      if (chosen.length > 0 && columns * (chosen.length + 1) > this.prefillTokens) break;
      this.waiting.splice(this.waiting.indexOf(entry), 1);
      chosen.push(entry);
      rows = count;
      longest = most;
    }
    return chosen;
  }

  /** Drops rows that nobody waits for. Of prompts that are read together, all or none are dropped. */
  private async dropLeft(decoder: ContinuousDecoder): Promise<void> {
    this.waiting.splice(0, this.waiting.length, ...this.waiting.filter(isAwaited));
    if (!this.joining.some(isAwaited)) this.joining = [];
    if (this.rows.some(({ call }) => call.hasLeft)) {
      await this.keep(decoder, (_, { call }) => !call.hasLeft);
    }
  }

  private async keep(decoder: ContinuousDecoder, isKept: (i: number, row: Row) => boolean): Promise<void> {
    const kept = this.rows.flatMap((row, i) => (isKept(i, row) ? [i] : []));
    this.rows = kept.map((i) => this.rows[i] as Row);
    await decoder.keep(kept);
  }

  private failWaiting(error: unknown): void {
    for (const { rows } of this.waiting.splice(0)) for (const { call } of rows) call.end({ error });
  }
}

const isAwaited = ({ rows }: Entry): boolean => rows.some(({ call }) => !call.hasLeft);

const countRows = (entries: readonly Entry[]): number => entries.reduce((sum, { rows }) => sum + rows.length, 0);

/** The most tokens that a text can come to have. */
const mostTokens = ({ text }: Row): number => text.promptLength + text.limit;
