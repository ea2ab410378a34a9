/** @file `/tokenize` and `/detokenize`. */
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { errorResponses } from '../errors/error-schema.js';
import type { AddRoutes } from '../http/app.js';
import { checkSize } from '../http/limits.js';
import { jsonAnswer, jsonBody } from './json-content.js';
import { tokenId } from './token-ids.js';

const model = z.string().optional().describe('the name of a model; may be left out where there is one alone');

const tokenizeRoute = createRoute({
  method: 'post',
  path: '/tokenize',
  summary: 'Texts as token ids',
  tags: ['Tokens'],
  request: jsonBody(
    z.object({
      model,
      input: z.union([z.string(), z.array(z.string()).min(1)]).meta({ example: ['Where is my parcel?'] }),
      add_special_tokens: z.boolean().default(true).describe('whether to add tokens such as [CLS] and [SEP]'),
    }),
  ),
  responses: {
    200: jsonAnswer(
      'The tokens of each text',
      z.object({
        model: z.string(),
        data: z.array(z.object({ token_ids: z.array(z.int()), tokens: z.array(z.string()) })),
      }),
    ),
    ...errorResponses,
  },
});

const detokenizeRoute = createRoute({
  method: 'post',
  path: '/detokenize',
  summary: 'Token ids as a text',
  tags: ['Tokens'],
  request: jsonBody(
    z.object({
      model,
      token_ids: z.array(tokenId).max(1_000_000),
      skip_special_tokens: z.boolean().default(true),
    }),
  ),
  responses: {
    200: jsonAnswer('The text', z.object({ model: z.string(), text: z.string() })),
    ...errorResponses,
  },
});

/** Adds the routes. */
export const addTokenize: AddRoutes = (app, { models, limits }) => {
  app.openapi(tokenizeRoute, async (c) => {
    const { model: name, input, add_special_tokens: addSpecialTokens } = c.req.valid('json');
    const texts = [input].flat();
    checkSize(texts, texts.length, limits, 'input');
    const model = models.namedOrOnly(name);
    c.var.record.begin(model.info.name, texts.length);
    const found = await model.tokenize(texts, { addSpecialTokens }, c.var.record.call(c.var.signal));
    const data = found.map(({ tokenIds, tokens }) => ({ token_ids: [...tokenIds], tokens: [...tokens] }));
    return c.json({ model: model.info.name, data }, 200);
  });
  app.openapi(detokenizeRoute, async (c) => {
    const { model: name, token_ids: tokenIds, skip_special_tokens: skipSpecialTokens } = c.req.valid('json');
    const model = models.namedOrOnly(name);
    c.var.record.begin(model.info.name, 1);
    const text = await model.detokenize(tokenIds, { skipSpecialTokens }, c.var.record.call(c.var.signal));
    return c.json({ model: model.info.name, text }, 200);
  });
};
