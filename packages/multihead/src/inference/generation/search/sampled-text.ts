/** @file A text that grows by greedy decoding or sampling: its tokens, the choice of the next one, and when it ends. */

import { deriveSeed, Random } from '../../../platform/random.js';
import { newTokenLimit } from '../budget.js';
import type { FinishReason } from '../generated.js';
import type { LogitsProcessor, Sequence } from '../logits-processor.js';
import type { ResolvedOptions } from '../options.js';
import { logitsProcessors } from '../processors.js';
import { argmax, draw } from './choose.js';
import { type TokenScores, tokenScores } from './token-scores.js';

/** A prompt and the text behind it. What it becomes depends on its options and its scores alone. */
export class SampledText implements Sequence {
  readonly tokenIds: number[];
  readonly promptLength: number;
  /** Maximum number of new tokens. */
  readonly limit: number;
  private readonly processors: readonly LogitsProcessor[];
  private readonly random: Random;
  /** The first token of the window that the model looks at. */
  private windowStart = 0;

  /**
   * @param positions the most tokens that the model can look at
   * @param index     number of the text among those of its prompt
   */
  constructor(
    prompt: readonly number[],
    private readonly positions: number,
    private readonly options: ResolvedOptions,
    index: number,
  ) {
    this.tokenIds = [...prompt];
    this.promptLength = prompt.length;
    this.limit = newTokenLimit(prompt.length, positions, options);
    this.processors = logitsProcessors(options);
    this.random = new Random(deriveSeed(options.seed, 'generate', index));
  }

  /** The newest token. */
  get last(): number {
    return this.tokenIds.at(-1) as number;
  }

  /** The tokens that the model looks at. */
  get window(): number[] {
    return this.tokenIds.slice(this.windowStart);
  }

  /**
   * Chooses the next token by its logits, which are changed, and adds it.
   *
   * @param topLength number of most likely tokens whose log-probabilities are wanted; undefined: none, not its own either
   */
  next(
    logits: Float32Array,
    topLength?: number,
  ): { readonly tokenId: number; readonly scores: TokenScores | undefined } {
    const scoresOf = topLength === undefined ? undefined : tokenScores(logits, topLength);
    for (const process of this.processors) process(logits, this);
    const tokenId = this.options.doSample ? draw(logits, this.random) : argmax(logits);
    this.tokenIds.push(tokenId);
    return { tokenId, scores: scoresOf?.(tokenId) };
  }

  /**
   * Says why the text ends with its last token; undefined while it continues.
   *
   * @param stops whether it ends with a stop string
   */
  async finishReason(stops: () => boolean | Promise<boolean>): Promise<FinishReason | undefined> {
    if (this.options.eosTokenIds.includes(this.last)) return 'eos';
    if (await stops()) return 'stop';
    return this.tokenIds.length - this.promptLength >= this.limit ? 'length' : undefined;
  }

  /** Cuts a window that is longer than the model's positions to half of them, and says whether it did. */
  slide(): boolean {
    const { length } = this.tokenIds;
    if (length - this.windowStart <= this.positions) return false;
    this.windowStart = length - Math.max(1, Math.floor(this.positions / 2));
    return true;
  }
}
