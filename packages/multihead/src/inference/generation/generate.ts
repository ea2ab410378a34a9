/** @file Generates tokens for prompts: greedily, by sampling, or by beam search. */
import type { DecodingModel } from '../../models/causal/decoding-model.js';
import type { FinishReason, GeneratedTokens } from './generated.js';
import type { GenerationOptions } from './options.js';
import { resolveRequest } from './request.js';
import { beamSearch } from './search/beam-search.js';
import { sampleTokens } from './search/sampling.js';
import { WatchedText } from './streaming/watched-text.js';

/**
 * Generates tokens for prompts of any lengths, as one batch.
 *
 * By default decoding is greedy. With `doSample`, `temperature`, `topK`, `topP` or `minP` tokens are sampled;
 * `numBeams` runs a beam search instead. Results equal those of each prompt alone; lengths count a prompt's own tokens,
 * never padding.
 *
 * @param inputIds the prompts' tokens, at least one each
 * @returns for each prompt, `numReturnSequences` texts (beam search: the best first)
 * @throws UserError for options that make no sense, for a prompt without tokens or with tokens that the model does not
 *   have, and for more tokens than the model has positions for
 * @example
 * const model = await AutoModelForCausalLM.fromPretrained('models/gpt2');
 * const [[{ tokenIds }]] = await generate(model, [[15496, 995]], { maxNewTokens: 20 });
 */
export async function generate(
  model: DecodingModel,
  inputIds: readonly (readonly number[])[],
  options: GenerationOptions = {},
): Promise<GeneratedTokens[][]> {
  const resolved = resolveRequest(model, inputIds, options);
  if (inputIds.length === 0) return [];
  if (resolved.numBeams > 1) return beamSearch(model, inputIds, resolved);
  const { stopStrings, numReturnSequences } = resolved;
  const { tokenizer } = options;
  const rows = Array.from({ length: inputIds.length * numReturnSequences }, (_, row) => ({
    tokenIds: [] as number[],
    finishReason: 'length' as FinishReason,
    text: tokenizer && new WatchedText(tokenizer, inputIds[Math.floor(row / numReturnSequences)] ?? [], stopStrings),
  }));
  const stops = async (row: number, tokenId: number) => (await rows[row]?.text?.push(tokenId))?.isFound ?? false;
  for await (const step of sampleTokens(model, inputIds, resolved, stopStrings.length > 0 ? stops : undefined)) {
    for (const { row, tokenId, finishReason } of step) {
      const held = rows[row] as (typeof rows)[number];
      held.tokenIds.push(tokenId);
      if (finishReason) held.finishReason = finishReason;
    }
  }
  return inputIds.map((_, prompt) =>
    rows
      .slice(prompt * numReturnSequences, (prompt + 1) * numReturnSequences)
      .map(({ tokenIds, finishReason }) => ({ tokenIds, finishReason })),
  );
}
