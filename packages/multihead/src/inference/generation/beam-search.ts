/**
 * @file Beam search, as Hugging Face's `generate` does it: of the continuations of all beams of a prompt, the likeliest
 * go on; those that end among the best become texts, scored by log-probability over length^lengthPenalty.
 *
 * Sums of log-probabilities are kept in float32, so that near ties fall as they do there.
 */

import type { DecodingModel } from '../../models/decoding-model.js';
import { IncrementalDecoder } from '../../models/incremental-decoder.js';
import { newTokenLimit } from './budget.js';
import type { FinishReason, GeneratedTokens } from './generated.js';
import type { LogitsProcessor } from './logits-processor.js';
import type { ResolvedOptions } from './options.js';
import { logitsProcessors } from './processors.js';
import { logSoftmaxInPlace } from './softmax.js';

/** A sequence that goes on. */
interface Beam {
  /** New tokens. */
  readonly tokenIds: readonly number[];
  /** Sum of their log-probabilities. */
  readonly score: number;
  /** Its row in the decoder. */
  readonly row: number;
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
  isDone = false;
  private finished: readonly Finished[] = [];

  constructor(
    private readonly prompt: readonly number[],
    private readonly limit: number,
    private readonly options: ResolvedOptions,
    private readonly processors: readonly LogitsProcessor[],
    row: number,
  ) {
    this.beams = [{ tokenIds: [], score: 0, row }];
  }

  /** Takes in the scores of each beam's next token. */
  advance(scores: readonly Float32Array[]): void {
    const { numBeams, earlyStopping, lengthPenalty } = this.options;
    const candidates = this.candidates(scores);
    const going = candidates.filter(({ reason }) => reason === undefined).slice(0, numBeams);
    const length = (candidates[0] as Candidate).tokenIds.length;
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

  /** The best texts, the best first. */
  results(): GeneratedTokens[] {
    return this.finished
      .slice(0, this.options.numReturnSequences)
      .map(({ tokenIds, score, reason }) => ({ tokenIds, score, finishReason: reason }));
  }

  /** The likeliest continuations of all beams: so many that `numBeams` are left if each end of text is among them. */
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
    return best.entries.map(({ score, beam, token }) => {
      const { tokenIds, row } = this.beams[beam] as Beam;
      const longer = [...tokenIds, token];
      const isFull = longer.length >= this.limit;
      const reason = eosTokenIds.includes(token) ? 'eos' : isFull ? 'length' : undefined;
      return { tokenIds: longer, score, row, reason };
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
      const beams = going.flatMap(({ beams }) => beams);
      const places = placesFor(beams.map(({ row }) => row));
      await decoder.reorder(places.map((i) => (beams[i] as Beam).row));
      const rows = new Map(places.map((i, row) => [beams[i] as Beam, row]));
      for (const search of going) {
        search.beams = search.beams.map((beam) => ({ ...beam, row: rows.get(beam) as number }));
      }
      logits = await decoder.next(places.map((i) => (beams[i] as Beam).tokenIds.at(-1) as number));
    }
  } finally {
    await decoder.close();
  }
}

/**
 * Where beams go in the decoder: a beam stays in its row if it can, so that only what has several children is copied.
 *
 * @param rows each beam's row now
 * @returns for each row, the beam that it gets
 */
function placesFor(rows: readonly number[]): number[] {
  const places = new Array<number>(rows.length).fill(-1);
  const moving: number[] = [];
  for (const [beam, row] of rows.entries()) {
    if (row < places.length && places[row] === -1) places[row] = beam;
    else moving.push(beam);
  }
  return places.map((beam) => (beam === -1 ? (moving.shift() as number) : beam));
}
