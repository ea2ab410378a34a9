/** @file OpenAI's `/v1/chat/completions`: answers in conversations. */
import { randomUUID } from 'node:crypto';
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { errorResponses } from '../../errors/error-schema.js';
import { ServeError } from '../../errors/serve-error.js';
import type { AddRoutes } from '../../http/app.js';
import { eventStream } from '../../http/event-stream.js';
import { checkSize } from '../../http/limits.js';
import type { GeneratedPiece, GeneratedToken, ModelInfo, TokenLogprob } from '../../models/served-model.js';
import { jsonBody } from '../json-content.js';
import { chatMessages, message } from './chat-messages.js';
import { eventStreamResponse, usage } from './completion-schemas.js';
import { beginTexts, type RunningTexts } from './running-text.js';
import { generationOptions, refuse, samplingFields } from './sampling-options.js';

const request = z.object({
  model: z.string(),
  messages: z
    .array(message)
    .min(1)
    .meta({ example: [{ role: 'user', content: 'Why is the sky blue?' }] }),
  max_tokens: z.int().min(1).nullish().describe('maximum number of new tokens (default: as many as there is room for)'),
  max_completion_tokens: z.int().min(1).nullish().describe('the same, as newer clients call it'),
  ...samplingFields,
  logprobs: z.boolean().nullish().describe('log-probabilities of the chosen tokens'),
  top_logprobs: z.int().min(0).max(20).nullish().describe('and of as many of the most likely ones'),
  response_format: z.looseObject({ type: z.string() }).nullish().describe('only `{"type": "text"}`'),
  tools: z.array(z.unknown()).nullish(),
});

const tokenSchema = { token: z.string(), logprob: z.number(), bytes: z.array(z.int()).nullable() };
const logprobs = z.object({
  content: z.array(z.object({ ...tokenSchema, top_logprobs: z.array(z.object(tokenSchema)) })),
  refusal: z.null(),
});
type Logprobs = z.output<typeof logprobs>;

const head = { id: z.string(), created: z.int(), model: z.string() };
const response = z.object({
  ...head,
  object: z.literal('chat.completion'),
  choices: z.array(
    z.object({
      index: z.int(),
      message: z.object({ role: z.literal('assistant'), content: z.string(), refusal: z.null() }),
      logprobs: logprobs.nullable(),
      finish_reason: z.enum(['stop', 'length']).nullable(),
    }),
  ),
  usage,
});
type Choice = z.output<typeof response>['choices'][number];

const route = createRoute({
  method: 'post',
  path: '/v1/chat/completions',
  summary: 'Answers in conversations',
  tags: ['OpenAI'],
  request: jsonBody(request),
  responses: {
    200: {
      description: 'The answers; with `stream`, server-sent events that end with [DONE]',
      content: { 'application/json': { schema: response }, ...eventStreamResponse },
    },
    ...errorResponses,
  },
});

/** Adds the route. */
export const addChat: AddRoutes = (app, { models, limits }) => {
  app.openapi(route, async (c) => {
    const body = c.req.valid('json');
    const model = models.forTask('text-generation', body.model);
    checkSupport(body);
    checkTemplate(model.info);
    const messages = chatMessages(body.messages);
    checkSize(
      messages.map(({ content }) => content),
      messages.length,
      limits,
      'messages',
    );
    const n = body.n ?? 1;
    const options = generationOptions(body, body.max_completion_tokens ?? body.max_tokens ?? undefined);
    const top = body.logprobs ? (body.top_logprobs ?? 0) : undefined;
    const given = { prompt: { messages }, n, options, logprobs: top, fill: limits.newTokens };
    const running = await beginTexts(model, [given], c.var.record.call(c.var.signal));
    c.var.record.begin(body.model, 1);
    c.var.record.uses(running.tokens);
    const shared = { id: `chatcmpl-${randomUUID()}`, created: Math.floor(Date.now() / 1000), model: body.model };
    if (body.stream) {
      const withUsage = body.stream_options?.include_usage ?? false;
      return eventStream(chunks(running, shared, n, withUsage), c.var.record.stream()) as never;
    }
    const choices = Array.from({ length: n }, (_, index) => emptyChoice(index));
    for await (const piece of running.pieces) extend(choices[piece.index] as Choice, piece);
    return c.json({ ...shared, object: 'chat.completion' as const, choices, usage: running.usage() }, 200);
  });
};

function checkTemplate({ name, hasChatTemplate }: ModelInfo): void {
  if (hasChatTemplate) return;
  throw new ServeError(
    `the model ${name} has no chat template, so it takes no messages. Use /v1/completions with a prompt, or a model that was ` +
      'trained on conversations.',
    { status: 400, code: 'no_chat_template', param: 'messages' },
  );
}

function checkSupport({ response_format: format, tools, top_logprobs: top, logprobs }: z.output<typeof request>): void {
  if (format && format.type !== 'text') {
    throw new ServeError(`response_format ${JSON.stringify(format.type.slice(0, 50))} is not supported; only text is`, {
      status: 400,
      code: 'unsupported_value',
      param: 'response_format',
    });
  }
  refuse('tools', tools?.length, 0);
  if (top != null && !logprobs) {
    throw new ServeError('top_logprobs needs logprobs: true', {
      status: 400,
      code: 'invalid_value',
      param: 'top_logprobs',
    });
  }
}

const emptyChoice = (index: number): Choice => ({
  index,
  message: { role: 'assistant', content: '', refusal: null },
  logprobs: null,
  finish_reason: null,
});

function extend(choice: Choice, { text, tokens, finishReason }: GeneratedPiece): void {
  choice.message.content += text;
  choice.finish_reason = finishReason ?? null;
  if (!tokens) return;
  choice.logprobs ??= { content: [], refusal: null };
  choice.logprobs.content.push(...tokens.map(shownToken));
}

const shownToken = (token: GeneratedToken): Logprobs['content'][number] => ({
  ...shown(token),
  top_logprobs: token.top.map(shown),
});

/** The bytes of a token that is a part of a character are not known. */
const shown = ({ token, logprob }: TokenLogprob) => ({
  token,
  logprob,
  bytes: token.includes('\ufffd') ? null : [...Buffer.from(token)],
});

async function* chunks(
  running: RunningTexts,
  shared: z.output<z.ZodObject<typeof head>>,
  n: number,
  withUsage: boolean,
): AsyncGenerator<object, void, undefined> {
  const chunk = (choices: readonly object[]) => ({ ...shared, object: 'chat.completion.chunk', choices });
  const choice = (index: number, delta: object, more: object = {}) =>
    chunk([{ index, delta, logprobs: null, finish_reason: null, ...more }]);
  let isFirst = true;
  for await (const { index, text, tokens, finishReason } of running.pieces) {
    if (isFirst) {
      for (let i = 0; i < n; i++) yield choice(i, { role: 'assistant', content: '' });
      isFirst = false;
    }
    const logprobs = tokens && { content: tokens.map(shownToken), refusal: null };
    if (text !== '' || logprobs) yield choice(index, { content: text }, logprobs && { logprobs });
    if (finishReason) yield choice(index, {}, { finish_reason: finishReason });
  }
  if (withUsage) yield { ...chunk([]), usage: running.usage() };
}
