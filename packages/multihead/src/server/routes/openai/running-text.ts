/** @file Texts of several prompts as they grow, and their tokens counted. */
import type { Call, GeneratedPiece, GenerateRequest, ServedModel } from '../../models/served-model.js';

/** Tokens of a request, as OpenAI's clients read them. */
export interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
}

/** The texts of a request. */
export interface RunningTexts {
  /** Pieces of all texts, numbered across prompts: `prompt number x n + number of its text`. */
  readonly pieces: AsyncGenerator<GeneratedPiece, void, undefined>;
  /** What was read and written until now. */
  readonly tokens: () => { readonly prompt: number; readonly completion: number };
  usage(): Usage;
}

/**
 * Begins to generate for all prompts of a request. Resolves when all were accepted; where one is refused, none goes on.
 */
export async function beginTexts(
  model: ServedModel,
  requests: readonly GenerateRequest[],
  { signal, client }: Call,
): Promise<RunningTexts> {
  const stop = new AbortController();
  const call = { signal: AbortSignal.any([signal, stop.signal]), client };
  let generations: Awaited<ReturnType<ServedModel['generate']>>[];
  try {
    generations = await Promise.all(requests.map((request) => model.generate(request, call)));
  } catch (error) {
    stop.abort(error);
    throw error;
  }
  const counts = { prompt: generations.reduce((sum, { promptTokens }) => sum + promptTokens, 0), completion: 0 };
  async function* pieces() {
    let finished = false;
    try {
      const numbered = generations.map(({ pieces }, prompt) => ({ pieces, first: prompt * (requests[0]?.n ?? 1) }));
      for await (const piece of merged(numbered)) {
        counts.completion += piece.tokenCount;
        yield piece;
      }
      finished = true;
    } finally {
      if (!finished) stop.abort(new DOMException('nobody reads the texts any more', 'AbortError'));
    }
  }
  return {
    pieces: pieces(),
    tokens: () => ({ ...counts }),
    usage: () => ({
      prompt_tokens: counts.prompt,
      completion_tokens: counts.completion,
      total_tokens: counts.prompt + counts.completion,
    }),
  };
}

interface Numbered {
  readonly pieces: AsyncIterable<GeneratedPiece>;
  /** Number of its first text. */
  readonly first: number;
}

/** The pieces of several generations, as they come. */
async function* merged(generations: readonly Numbered[]): AsyncGenerator<GeneratedPiece, void, undefined> {
  const open = new Map(generations.map(({ pieces, first }) => [first, pieces[Symbol.asyncIterator]()]));
  const next = async (first: number) => ({
    first,
    result: await (open.get(first) as AsyncIterator<GeneratedPiece>).next(),
  });
  const waiting = new Map([...open.keys()].map((first) => [first, next(first)]));
  try {
    while (waiting.size > 0) {
      const { first, result } = await Promise.race(waiting.values());
      if (result.done) {
        waiting.delete(first);
        open.delete(first);
        continue;
      }
      waiting.set(first, next(first));
      yield { ...result.value, index: first + result.value.index };
    }
  } finally {
    for (const pending of waiting.values()) pending.catch(() => undefined);
    await Promise.all([...open.values()].map((pieces) => pieces.return?.().catch(() => undefined)));
  }
}
