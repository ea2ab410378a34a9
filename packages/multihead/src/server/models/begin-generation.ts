/** @file A generation request, carried out by the pipeline of the library. */

import type { ScoredToken } from '../../inference/generation/search/token-scores.js';
import type { TextPiece } from '../../inference/generation/streaming/stream-texts.js';
import type { TextGenerationOptions, TextGenerationPipeline } from '../../inference/generation/text-generation.js';
import type { Tokenizer } from '../../text/tokenizer/tokenizer.js';
import { ServeError } from '../errors/serve-error.js';
import type {
  GeneratedPiece,
  GeneratedToken,
  GenerateRequest,
  Generation,
  Prompt,
  TokenLogprob,
} from './served-model.js';

/** Checks a request, and begins to generate when the first piece is read. */
export async function beginGeneration(
  generator: TextGenerationPipeline,
  tokenizer: Tokenizer,
  { prompt, n, options, logprobs, fill }: GenerateRequest,
  signal: AbortSignal,
): Promise<Generation> {
  const promptIds = isTokens(prompt)
    ? prompt
    : await generator.encode(typeof prompt === 'string' ? prompt : prompt.messages);
  const room = generator.maxLength - promptIds.length;
  const { maxNewTokens } = options as TextGenerationOptions;
  checkRoom(promptIds.length, maxNewTokens ?? 1, generator.maxLength);
  const fills = maxNewTokens === undefined && fill !== undefined && !generator.limitsLength;
  const given = { ...options, ...(fills && { maxNewTokens: Math.min(fill, room) }), numReturnSequences: n, signal };
  const { promptTokens, pieces } = await generator.streamTexts(promptIds, given as TextGenerationOptions, logprobs);
  const tokenOf = async ({ tokenId, logprob }: ScoredToken): Promise<TokenLogprob> => {
    return { token: await tokenizer.decode([tokenId], { skipSpecialTokens: false }), tokenId, logprob };
  };
  async function* served(): AsyncGenerator<GeneratedPiece> {
    for await (const piece of pieces) yield { ...plain(piece), ...(piece.scores && { tokens: [await scored(piece)] }) };
  }
  async function scored({ scores }: TextPiece): Promise<GeneratedToken> {
    const { top, ...own } = scores as NonNullable<TextPiece['scores']>;
    return { ...(await tokenOf(own)), top: await Promise.all(top.map(tokenOf)) };
  }
  return { promptTokens, pieces: served() };
}

function plain({ index, text, finishReason }: TextPiece): GeneratedPiece {
  if (finishReason === undefined) return { index, text, tokenCount: 1 };
  return { index, text, tokenCount: 1, finishReason: finishReason === 'length' ? 'length' : 'stop' };
}

/** @throws ServeError for a prompt that leaves no room for as many new tokens */
function checkRoom(promptLength: number, newTokens: number, maxLength: number): void {
  if (promptLength + newTokens <= maxLength) return;
  throw new ServeError(
    `the prompt has ${promptLength} tokens and ${newTokens} more were asked for, but the model looks at no more than ${maxLength}`,
    { status: 400, code: 'context_length_exceeded', param: promptLength < maxLength ? 'max_tokens' : 'prompt' },
  );
}

const isTokens = (prompt: Prompt): prompt is readonly number[] => Array.isArray(prompt);
