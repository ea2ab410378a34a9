/**
 * @file Beam search, as Hugging Face's `generate` does it: of the continuations of all beams of a prompt, the most
 *   likely are kept; those that end among the best become texts, scored by log-probability over length^lengthPenalty.
 *
 * Sums of log-probabilities are kept in float32, so that near ties fall as they do there.
 */

import type { DecodingModel } from '../../../models/causal/decoding-model.js';
import { logSoftmaxInPlace } from '../../../platform/softmax.js';
import { newTokenLimit } from '../budget.js';
import type { FinishReason, GeneratedTokens } from '../generated.js';
import { IncrementalDecoder } from '../incremental-decoder.js';
import type { LogitsProcessor } from '../logits-processor.js';
import type { ResolvedOptions } from '../options.js';
import { logitsProcessors } from '../processors.js';

/** A sequence that has not ended. */
interface Beam {
  /** New tokens. */
  readonly tokenIds: readonly number[];
  /** Sum of their log-probabilities. */
  readonly score: number;
  /** Its row in the decoder. */
  readonly row: number;
  /** The row of the beam that it continues. */
  readonly parent: number;
}

/** A sequence that has ended, with its final score. */
interface Finished {
  readonly tokenIds: readonly number[];
  readonly score: number;
  readonly reason: FinishReason;
}

/** A beam, continued by one token. `row` is the beam's. */
interface Candidate extends Beam {
  readonly reason: FinishReason | undefined;
}

/** The search for one prompt. */
class Search {
  beams: readonly Beam[];
  /** The decoder's rows that the beams may take. */
  rows: readonly number[];
  isDone = false;
  private finished: readonly Finished[] = [];

  constructor(
    private readonly prompt: readonly number[],
    private readonly limit: number,
    private readonly options: ResolvedOptions,
    private readonly processors: readonly LogitsProcessor[],
    row: number,
  ) {
    this.beams = [{ tokenIds: [], score: 0, row, parent: row }];
    this.rows = [row];
  }

  /** Advances the search by the scores of each beam's next token. */
  advance(scores: readonly Float32Array[]): void {
    const { numBeams, earlyStopping, lengthPenalty } = this.options;
    const candidates = this.candidates(scores);
    const going = candidates.filter(({ reason }) => reason === undefined).slice(0, numBeams);
    const length = Math.max(1, (candidates[0] as Candidate).tokenIds.length);
    const ended = candidates
      .slice(0, numBeams)
      .filter((candidate): candidate is Candidate & { reason: FinishReason } => candidate.reason !== undefined)
      .map(({ tokenIds, score, reason }) => ({
        tokenIds,
        score: Math.fround(score / length ** lengthPenalty),
        reason,
      }));
    this.finished = [...this.finished, ...ended].sort((a, b) => b.score - a.score).slice(0, numBeams);
    this.beams = going;
    const isFull = this.finished.length === numBeams;
    this.isDone = going.length === 0 || (isFull && (earlyStopping === true || !this.canImprove(length)));
  }

  /** Gives each beam a row: its parent's if it can stay there, so that only what has several children is copied. */
  settle(): void {
    const free = new Set(this.rows);
    const stays = this.beams.map(({ parent }) => free.delete(parent));
    const left = [...free];
    this.beams = this.beams.map((beam, i) => ({ ...beam, row: stays[i] ? beam.parent : (left.shift() as number) }));
  }

  /** The best texts, the best first. */
  results(): GeneratedTokens[] {
    return this.finished
      .slice(0, this.options.numReturnSequences)
      .map(({ tokenIds, score, reason }) => ({ tokenIds, score, finishReason: reason }));
  }

  /** The most likely continuations of all beams: so many that `numBeams` are left if each end of text is among them. */
  private candidates(scores: readonly Float32Array[]): Candidate[] {
    const { numBeams, eosTokenIds } = this.options;
    const best = new Best(Math.max(2, 1 + eosTokenIds.length) * numBeams);
    for (const [i, beam] of this.beams.entries()) {
      const own = scores[i] as Float32Array;
      logSoftmaxInPlace(own);
      const sequence = { tokenIds: [...this.prompt, ...beam.tokenIds], promptLength: this.prompt.length };
      for (const process of this.processors) process(own, sequence);
      for (let token = 0; token < own.length; token++) {
        best.offer(Math.fround((own[token] as number) + beam.score), i, token);
      }
    }
    // Where no token may follow, the texts end as they are.
    if (best.entries.length === 0) return this.beams.map((beam) => ({ ...beam, reason: 'length' }));
    return best.entries.map(({ score, beam, token }) => {
      const { tokenIds, row } = this.beams[beam] as Beam;
      const longer = [...tokenIds, token];
      const isFull = longer.length >= this.limit;
      const reason = eosTokenIds.includes(token) ? 'eos' : isFull ? 'length' : undefined;
      return { tokenIds: longer, score, row, parent: row, reason };
    });
  }

  /** Whether a beam may yet become better than the worst text there is, by the rule that `earlyStopping` names. */
  private canImprove(length: number): boolean {
    const { earlyStopping, lengthPenalty } = this.options;
    const ultimate = earlyStopping === 'never' && lengthPenalty > 0 ? this.limit : length;
    const best = this.beams[0] as Beam;
    return Math.fround(best.score / ultimate ** lengthPenalty) > (this.finished.at(-1) as Finished).score;
  }
}

/** The highest scores that were offered, the highest first; of equal ones, those that came first. */
class Best {
  readonly entries: { score: number; beam: number; token: number }[] = [];

  constructor(private readonly size: number) {}

  offer(score: number, beam: number, token: number): void {
    const { entries, size } = this;
    if (score === Number.NEGATIVE_INFINITY) return;
    if (entries.length === size && score <= (entries[size - 1] as { score: number }).score) return;
    let at = entries.length;
    while (at > 0 && (entries[at - 1] as { score: number }).score < score) at--;
    entries.splice(at, 0, { score, beam, token });
    if (entries.length > size) entries.pop();
  }
}

/** Searches the best texts of each prompt. */
export async function beamSearch(
  model: DecodingModel,
  prompts: readonly (readonly number[])[],
  options: ResolvedOptions,
): Promise<GeneratedTokens[][]> {
  const { numBeams, signal } = options;
  const processors = logitsProcessors(options);
  const limits = prompts.map(({ length }) => newTokenLimit(length, model.maxPositionEmbeddings, options));
  const searches = prompts.map((prompt, i) => new Search(prompt, limits[i] as number, options, processors, i));
  const slots = Math.max(...prompts.map(({ length }) => length)) + Math.max(...limits);
  const decoder = await IncrementalDecoder.open(model, { rows: prompts.length * numBeams, slots });
  try {
    signal?.throwIfAborted();
    let logits = await decoder.read(prompts);
    for (;;) {
      const open = searches.filter(({ isDone }) => !isDone);
      for (const search of open) search.advance(search.beams.map(({ row }) => logits.row(row)));
      signal?.throwIfAborted();
      const going = open.filter(({ isDone }) => !isDone);
      if (going.length === 0) return searches.map((search) => search.results());
      const isSteady = open.every(({ isDone, rows, beams }) => !isDone && rows.length === beams.length);
      // Where a prompt is done, or its beams begin, rows change hands: then all of a row is copied.
      if (!isSteady) shareRows(going);
      for (const search of going) search.settle();
      const beams = going.flatMap(({ beams }) => beams).sort((a, b) => a.row - b.row);
      const parents = beams.map(({ parent }) => parent);
      const tokens = beams.map(({ tokenIds }) => tokenIds.at(-1) as number);
      // Both are on their way to the engine at once; it answers them in this order.
      [, logits] = await Promise.all([decoder.reorder(parents, { sharePrompt: isSteady }), decoder.next(tokens)]);
    }
  } finally {
    await decoder.close();
  }
}

/** Gives each prompt as many rows as it has beams, one prompt after the other. */
function shareRows(searches: readonly Search[]): void {
  let next = 0;
  for (const search of searches) search.rows = search.beams.map(() => next++);
}
