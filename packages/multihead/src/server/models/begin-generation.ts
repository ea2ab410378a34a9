/** @file A generation request, carried out by the pipeline of the library. */

import type { ScoredToken } from '../../inference/generation/search/token-scores.js';
import type { TextPiece } from '../../inference/generation/streaming/stream-texts.js';
import type { TextGenerationOptions, TextGenerationPipeline } from '../../inference/generation/text-generation.js';
import type { Tokenizer } from '../../text/tokenizer/tokenizer.js';
import { ServeError } from '../errors/serve-error.js';
import type { GeneratedPiece, GeneratedToken, GenerateRequest, Generation, TokenLogprob } from './served-model.js';

/** Checks a request, and begins to generate when the first piece is read. */
export async function beginGeneration(
  generator: TextGenerationPipeline,
  tokenizer: Tokenizer,
  { prompt, n, options, logprobs }: GenerateRequest,
  signal: AbortSignal,
): Promise<Generation> {
  if (typeof prompt === 'object' && 'messages' in prompt) throw noTemplate();
  const given = { ...options, numReturnSequences: n, signal } as TextGenerationOptions;
  const { promptTokens, pieces } = await generator.streamTexts(prompt, given, logprobs);
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

const noTemplate = (): ServeError =>
  new ServeError(
    'this model has no chat template, so it takes no messages. Use /v1/completions with a prompt, or a model that was ' +
      'trained on conversations.',
    { status: 400, code: 'no_chat_template', param: 'messages' },
  );
