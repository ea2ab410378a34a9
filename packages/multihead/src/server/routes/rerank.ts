/** @file `/v1/rerank` and `/v2/rerank`, in the forms of Jina and Cohere. */
import { randomUUID } from 'node:crypto';
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { errorResponses } from '../errors/error-schema.js';
import type { AddRoutes } from '../http/app.js';
import { checkSize } from '../http/limits.js';
import { jsonAnswer, jsonBody } from './json-content.js';
import { relevance } from './relevance.js';

const document = z.union([z.string(), z.looseObject({ text: z.string() })]);

const request = z.object({
  model: z.string(),
  query: z.string().meta({ example: 'Where is my parcel?' }),
  documents: z
    .array(document)
    .min(1)
    .meta({ example: ['Parcels take two days.', 'We are open from nine to five.'] }),
  top_n: z.int().min(1).nullish().describe('number of results, best first (default: all)'),
  return_documents: z.boolean().nullish().describe('whether results hold the texts (default: true in v1, false in v2)'),
});

const response = z.object({
  id: z.string(),
  object: z.literal('list'),
  model: z.string(),
  results: z.array(
    z.object({
      index: z.int().describe('number of the document in the request'),
      relevance_score: z.number(),
      document: z.object({ text: z.string() }).optional(),
    }),
  ),
  scored_by: z
    .enum(['cross-encoder', 'embeddings'])
    .describe(
      'a classifier with one label reads query and document together; of other models, the cosine of embeddings',
    ),
  usage: z.object({ prompt_tokens: z.int(), total_tokens: z.int() }),
});

/** Adds the routes. */
export const addRerank: AddRoutes = (app, { models, limits }) => {
  for (const path of ['/v1/rerank', '/v2/rerank'] as const) {
    const route = createRoute({
      method: 'post',
      path,
      summary: 'Documents by their relevance to a query',
      tags: ['Rerank'],
      request: jsonBody(request),
      responses: {
        200: jsonAnswer('The best documents', response),
        ...errorResponses,
      },
    });
    app.openapi(route, async (c) => {
      const { model: name, query, documents, top_n: count, return_documents: given } = c.req.valid('json');
      const withText = given ?? path === '/v1/rerank';
      const texts = documents.map((each) => (typeof each === 'string' ? each : each.text));
      checkSize([query, ...texts], texts.length, limits, 'documents');
      const model = models.named(name);
      c.var.record.begin(name, texts.length);
      const { scores, method, promptTokens } = await relevance(model, query, texts, c.var.record.call(c.var.signal));
      c.var.record.uses(() => ({ prompt: promptTokens, completion: 0 }));
      const order = [...scores.keys()].sort((a, b) => (scores[b] as number) - (scores[a] as number));
      return c.json(
        {
          id: `rerank-${randomUUID()}`,
          object: 'list' as const,
          model: name,
          results: order.slice(0, count ?? order.length).map((index) => ({
            index,
            relevance_score: scores[index] as number,
            ...(withText && { document: { text: texts[index] as string } }),
          })),
          scored_by: method,
          usage: { prompt_tokens: promptTokens, total_tokens: promptTokens },
        },
        200,
      );
    });
  }
};
