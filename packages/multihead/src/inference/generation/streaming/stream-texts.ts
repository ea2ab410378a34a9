/** @file Streaming of the texts of one prompt, several at a time. */
import type { DecodingModel } from '../../../models/causal/decoding-model.js';
import type { Tokenizer } from '../../../text/tokenizer/tokenizer.js';
import type { FinishReason } from '../generated.js';
import type { GenerationOptions } from '../options.js';
import { resolveRequest } from '../request.js';
import type { SampledToken } from '../search/sampled-token.js';
import { sampleTokens } from '../search/sampling.js';
import type { TokenScores } from '../search/token-scores.js';
import { WatchedText } from './watched-text.js';

/** What a new token adds to a text. */
export interface TextPiece {
  /** Number of the text, from 0. */
  readonly index: number;
  /** Text that is final: no character and no possible stop string is split. May be empty. */
  readonly text: string;
  readonly tokenId: number;
  /** Log-probabilities at its place, where they were asked for. */
  readonly scores: TokenScores | undefined;
  /** Why the text ends with this token; undefined while it continues. */
  readonly finishReason: FinishReason | undefined;
}

/** A prompt that is continued while its pieces are read. */
export interface TextStream {
  readonly promptTokens: number;
  readonly pieces: AsyncGenerator<TextPiece, void, undefined>;
}

/**
 * Generates `numReturnSequences` texts, and yields them in pieces that never split a character. Possible beginnings of stop
 * strings are held back.
 *
 * @param topLength number of most likely tokens whose log-probabilities come with each token; undefined: none at all
 * @throws UserError at once for what {@link resolveRequest} refuses
 */
export function streamTexts(
  model: DecodingModel,
  promptIds: readonly number[],
  options: GenerationOptions & { readonly tokenizer: Tokenizer },
  topLength?: number,
): TextStream {
  const resolved = resolveRequest(model, [promptIds], options);
  const texts = Array.from(
    { length: resolved.numReturnSequences },
    () => new WatchedText(options.tokenizer, promptIds, resolved.stopStrings),
  );
  const shown = texts.map(() => '');
  const watch = async (row: number, tokenId: number) => {
    const { text, isFound } = await (texts[row] as WatchedText).push(tokenId);
    shown[row] += text;
    return isFound;
  };
  const steps = sampleTokens(model, [promptIds], resolved, watch, topLength);
  async function* pieces() {
    for await (const step of steps) {
      for (const token of step) yield await pieceOf(token);
    }
  }
  async function pieceOf({ row, tokenId, finishReason, scores }: SampledToken): Promise<TextPiece> {
    const rest = finishReason === undefined ? '' : await (texts[row] as WatchedText).end();
    const text = `${shown[row]}${rest}`;
    shown[row] = '';
    return { index: row, text, tokenId, scores, finishReason };
  }
  return { promptTokens: promptIds.length, pieces: pieces() };
}
