/** @file Greedy decoding and sampling, token by token; rows that have ended leave the batch. */

import type { DecodingModel } from '../../../models/causal/decoding-model.js';
import { IncrementalDecoder } from '../incremental-decoder.js';
import type { ResolvedOptions } from '../options.js';
import { SampledText } from './sampled-text.js';
import type { SampledToken, StoppingCriterion } from './sampled-token.js';
import { sharedGenerator } from './shared-generator.js';

interface Row {
  readonly row: number;
  readonly text: SampledText;
}

/**
 * Generates tokens without beams, and yields those of each step. Where the model has a batch that calls share, the texts grow
 * in it.
 *
 * @param topLength number of most likely tokens whose log-probabilities come with each token; undefined: none, not its own either
 */
export function sampleTokens(
  model: DecodingModel,
  prompts: readonly (readonly number[])[],
  options: ResolvedOptions,
  stops: StoppingCriterion = () => false,
  topLength?: number,
): AsyncIterable<readonly SampledToken[]> {
  const shared = sharedGenerator(model);
  return shared
    ? shared.generate({ prompts, options, stops, topLength })
    : sampleAlone(model, prompts, options, stops, topLength);
}

async function* sampleAlone(
  model: DecodingModel,
  prompts: readonly (readonly number[])[],
  options: ResolvedOptions,
  stops: StoppingCriterion,
  topLength: number | undefined,
): AsyncGenerator<SampledToken[]> {
  const { numReturnSequences, signal } = options;
  const positions = model.maxPositionEmbeddings;
  let rows = prompts.flatMap((prompt, p) =>
    Array.from(
      { length: numReturnSequences },
      (_, i): Row => ({ row: p * numReturnSequences + i, text: new SampledText(prompt, positions, options, i) }),
    ),
  );
  const slots = Math.max(...prompts.map(({ length }) => length)) + Math.max(...rows.map(({ text }) => text.limit));
  const decoder = await IncrementalDecoder.open(model, { rows: rows.length, slots: Math.min(slots, positions) });
  try {
    signal?.throwIfAborted();
    for (const { text } of rows) text.slide();
    let logits = await decoder.read(
      rows.filter(({ row }) => row % numReturnSequences === 0).map(({ text }) => text.window),
    );
    if (numReturnSequences > 1) {
      const sources = rows.map(({ row }) => Math.floor(row / numReturnSequences));
      await decoder.reorder(sources);
      logits = logits.gather(sources);
    }
    for (;;) {
      const step: SampledToken[] = [];
      for (const [i, { row, text }] of rows.entries()) {
        const { tokenId, scores } = text.next(logits.row(i), topLength);
        step.push({ row, tokenId, finishReason: await text.finishReason(() => stops(row, tokenId)), scores });
      }
      yield step;
      signal?.throwIfAborted();
      const open = rows.flatMap((_, i) => (step[i]?.finishReason === undefined ? [i] : []));
      if (open.length === 0) return;
      if (open.length < rows.length) {
        rows = open.map((i) => rows[i] as Row);
        await decoder.reorder(open);
      }
      const hasSlid = rows.map(({ text }) => text.slide()).includes(true);
      logits =
        hasSlid || !decoder.hasRoom
          ? await decoder.read(rows.map(({ text }) => text.window))
          : await decoder.next(rows.map(({ text }) => text.last));
    }
  } finally {
    await decoder.close();
  }
}
