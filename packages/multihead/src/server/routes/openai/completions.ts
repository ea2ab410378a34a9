/** @file OpenAI's `/v1/completions`: texts that continue prompts. */
import { randomUUID } from 'node:crypto';
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { errorResponses } from '../../errors/error-schema.js';
import type { AddRoutes } from '../../http/app.js';
import { eventStream } from '../../http/event-stream.js';
import { checkSize } from '../../http/limits.js';
import type { GeneratedPiece, GeneratedToken, GenerateRequest } from '../../models/served-model.js';
import { jsonBody } from '../json-content.js';
import { eventStreamResponse, usage } from './completion-schemas.js';
import { beginTexts, type RunningTexts } from './running-text.js';
import { generationOptions, refuse, samplingFields } from './sampling-options.js';
import { listOfTexts, textInputs } from './text-inputs.js';

const request = z.object({
  model: z.string(),
  prompt: textInputs.meta({ example: 'Once upon a time' }),
  max_tokens: z.int().min(1).nullish().describe('maximum number of new tokens (default: 16)'),
  ...samplingFields,
  logprobs: z
    .int()
    .min(0)
    .max(20)
    .nullish()
    .describe('log-probabilities of the chosen and of as many most likely tokens'),
  echo: z.boolean().nullish().describe('begin the text with the prompt'),
  best_of: z.int().nullish(),
  suffix: z.string().nullish(),
});

const logprobs = z.object({
  tokens: z.array(z.string()),
  token_logprobs: z.array(z.number()),
  top_logprobs: z.array(z.record(z.string(), z.number())),
  text_offset: z.array(z.int()),
});

const response = z.object({
  id: z.string(),
  object: z.literal('text_completion'),
  created: z.int(),
  model: z.string(),
  choices: z.array(
    z.object({
      index: z.int(),
      text: z.string(),
      logprobs: logprobs.nullable(),
      finish_reason: z.enum(['stop', 'length']).nullable(),
    }),
  ),
  usage: usage.optional(),
});
type Choice = z.output<typeof response>['choices'][number];

const route = createRoute({
  method: 'post',
  path: '/v1/completions',
  summary: 'Texts that continue prompts',
  tags: ['OpenAI'],
  request: jsonBody(request),
  responses: {
    200: {
      description: 'The texts; with `stream`, server-sent events of this form that end with [DONE]',
      content: { 'application/json': { schema: response }, ...eventStreamResponse },
    },
    ...errorResponses,
  },
});

/** Adds the route. */
export const addCompletions: AddRoutes = (app, { models, limits }) => {
  app.openapi(route, async (c) => {
    const body = c.req.valid('json');
    const model = models.forTask('text-generation', body.model);
    refuse('suffix', body.suffix, '');
    refuse('best_of', body.best_of, body.n ?? 1);
    const prompts = listOfTexts(body.prompt);
    const texts = prompts.filter((prompt) => typeof prompt === 'string');
    checkSize(texts, prompts.length * (body.n ?? 1), limits, 'prompt');
    const options = generationOptions(body, body.max_tokens ?? 16);
    const n = body.n ?? 1;
    const given = prompts.map(
      (prompt): GenerateRequest => ({ prompt, n, options, logprobs: body.logprobs ?? undefined }),
    );
    const call = c.var.record.call(c.var.signal);
    const running = await beginTexts(model, given, call);
    c.var.record.begin(body.model, given.length);
    c.var.record.uses(running.tokens);
    const echoed = body.echo
      ? await Promise.all(
          prompts.map((prompt) =>
            typeof prompt === 'string' ? prompt : model.detokenize(prompt, { skipSpecialTokens: false }, call),
          ),
        )
      : [];
    const parts = choices(running, (index) => echoed[Math.floor(index / n)] ?? '');
    const head = { id: `cmpl-${randomUUID()}`, object: 'text_completion', created: now(), model: body.model } as const;
    if (body.stream) {
      const withUsage = body.stream_options?.include_usage ?? false;
      return eventStream(chunks(parts, running, head, withUsage), c.var.record.stream()) as never;
    }
    const whole = Array.from({ length: prompts.length * n }, (_, index) => emptyChoice(index));
    for await (const part of parts) extend(whole[part.index] as Choice, part);
    return c.json({ ...head, choices: whole, usage: running.usage() }, 200);
  });
};

const now = (): number => Math.floor(Date.now() / 1000);
const emptyChoice = (index: number): Choice => ({ index, text: '', logprobs: null, finish_reason: null });

/** Each piece as a part of a choice. */
async function* choices({ pieces }: RunningTexts, echoed: (index: number) => string): AsyncGenerator<Choice> {
  const lengths = new Map<number, number>();
  for await (const piece of pieces) {
    const { index, finishReason = null } = piece;
    const isFirst = !lengths.has(index);
    const offset = lengths.get(index) ?? echoed(index).length;
    lengths.set(index, offset + piece.text.length);
    const text = `${isFirst ? echoed(index) : ''}${piece.text}`;
    yield { index, text, logprobs: logprobsOf(piece, offset), finish_reason: finishReason };
  }
}

/** @param offset where the text of the piece begins */
function logprobsOf({ tokens }: GeneratedPiece, offset: number): Choice['logprobs'] {
  if (!tokens) return null;
  return {
    tokens: tokens.map(({ token }) => token),
    token_logprobs: tokens.map(({ logprob }) => logprob),
    top_logprobs: tokens.map(topOf),
    text_offset: tokens.map(() => offset),
  };
}

/** Tokens that look alike, such as parts of characters, have the highest of their log-probabilities. */
function topOf({ top }: GeneratedToken): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { token, logprob } of top) if (!Object.hasOwn(found, token)) found[token] = logprob;
  return found;
}

function extend(choice: Choice, { text, logprobs, finish_reason }: Choice): void {
  choice.text += text;
  choice.finish_reason = finish_reason;
  if (!logprobs) return;
  choice.logprobs ??= { tokens: [], token_logprobs: [], top_logprobs: [], text_offset: [] };
  choice.logprobs.tokens.push(...logprobs.tokens);
  choice.logprobs.token_logprobs.push(...logprobs.token_logprobs);
  choice.logprobs.top_logprobs.push(...logprobs.top_logprobs);
  choice.logprobs.text_offset.push(...logprobs.text_offset);
}

async function* chunks(
  parts: AsyncIterable<Choice>,
  running: RunningTexts,
  head: Omit<z.output<typeof response>, 'choices' | 'usage'>,
  withUsage: boolean,
): AsyncGenerator<z.output<typeof response>, void, undefined> {
  for await (const part of parts) {
    if (part.text !== '' || part.logprobs || part.finish_reason) yield { ...head, choices: [part] };
  }
  if (withUsage) yield { ...head, choices: [], usage: running.usage() };
}
