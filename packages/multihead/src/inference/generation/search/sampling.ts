/** @file Greedy decoding and sampling, token by token; rows that have ended leave the batch. */

import type { DecodingModel } from '../../../models/causal/decoding-model.js';
import { deriveSeed, Random } from '../../../platform/random.js';
import { newTokenLimit } from '../budget.js';
import type { FinishReason } from '../generated.js';
import { IncrementalDecoder } from '../incremental-decoder.js';
import type { ResolvedOptions } from '../options.js';
import { logitsProcessors } from '../processors.js';
import { draw, likeliest } from './choose.js';

/** A new token of a row. Rows are the prompts' texts: those of the first prompt, then those of the second, ... */
export interface SampledToken {
  readonly row: number;
  readonly tokenId: number;
  /** Why the row ends with this token; undefined while it continues. */
  readonly finishReason: FinishReason | undefined;
}

/** Says, for each new token, whether its row is to end with it: at a stop string. */
export type StoppingCriterion = (row: number, tokenId: number) => boolean | Promise<boolean>;

interface Row {
  readonly row: number;
  readonly tokenIds: number[];
  readonly promptLength: number;
  readonly limit: number;
  readonly random: Random;
  /** The first token of the window that the model looks at. */
  windowStart: number;
}

/** Generates tokens without beams, and yields those of each step. */
export async function* sampleTokens(
  model: DecodingModel,
  prompts: readonly (readonly number[])[],
  options: ResolvedOptions,
  stops: StoppingCriterion = () => false,
): AsyncGenerator<SampledToken[]> {
  const { numReturnSequences, eosTokenIds, doSample, signal } = options;
  const positions = model.maxPositionEmbeddings;
  const processors = logitsProcessors(options);
  let rows = prompts.flatMap((prompt, p) =>
    Array.from({ length: numReturnSequences }, (_, i): Row => {
      const limit = newTokenLimit(prompt.length, positions, options);
      const random = new Random(deriveSeed(options.seed, 'generate', i));
      const row = p * numReturnSequences + i;
      return { row, tokenIds: [...prompt], promptLength: prompt.length, limit, random, windowStart: 0 };
    }),
  );
  const slots = Math.max(...prompts.map(({ length }) => length)) + Math.max(...rows.map(({ limit }) => limit));
  const decoder = await IncrementalDecoder.open(model, { rows: rows.length, slots: Math.min(slots, positions) });
  try {
    signal?.throwIfAborted();
    for (const row of rows) slide(row, positions);
    let logits = await decoder.read(rows.filter(({ row }) => row % numReturnSequences === 0).map(window));
    if (numReturnSequences > 1) {
      const sources = rows.map(({ row }) => Math.floor(row / numReturnSequences));
      await decoder.reorder(sources);
      logits = logits.gather(sources);
    }
    for (;;) {
      const step: SampledToken[] = [];
      for (const [i, row] of rows.entries()) {
        const scores = logits.row(i);
        for (const process of processors) process(scores, row);
        const tokenId = doSample ? draw(scores, row.random) : likeliest(scores);
        row.tokenIds.push(tokenId);
        step.push({ row: row.row, tokenId, finishReason: await endOf(row, tokenId) });
      }
      yield step;
      signal?.throwIfAborted();
      const open = rows.flatMap((_, i) => (step[i]?.finishReason === undefined ? [i] : []));
      if (open.length === 0) return;
      if (open.length < rows.length) {
        rows = open.map((i) => rows[i] as Row);
        await decoder.reorder(open);
      }
      const hasSlid = rows.map((row) => slide(row, positions)).includes(true);
      logits =
        hasSlid || !decoder.hasRoom
          ? await decoder.read(rows.map(window))
          : await decoder.next(rows.map(({ tokenIds }) => tokenIds.at(-1) as number));
    }
  } finally {
    await decoder.close();
  }

  async function endOf(
    { row, tokenIds, promptLength, limit }: Row,
    tokenId: number,
  ): Promise<FinishReason | undefined> {
    if (eosTokenIds.includes(tokenId)) return 'eos';
    if (await stops(row, tokenId)) return 'stop';
    return tokenIds.length - promptLength >= limit ? 'length' : undefined;
  }
}

/** The tokens of a row that the model looks at. */
const window = ({ tokenIds, windowStart }: Row): number[] => tokenIds.slice(windowStart);

/** Cuts a window that is longer than the model's positions to half of them, and says whether it did. */
function slide(row: Row, positions: number): boolean {
  const { length } = row.tokenIds;
  if (length - row.windowStart <= positions) return false;
  row.windowStart = length - Math.max(1, Math.floor(positions / 2));
  return true;
}
