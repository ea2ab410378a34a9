/** @file `/info`: what the server is, and what it serves. */
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import type { AddRoutes } from '../http/app.js';
import { version } from '../version.js';
import { jsonAnswer } from './json-content.js';

const model = z.object({
  name: z.string(),
  state: z.enum(['loading', 'ready', 'down']),
  model_type: z.string(),
  tasks: z.array(z.string()),
  max_length: z.int(),
  hidden_size: z.int().optional(),
  labels: z.array(z.string()).optional(),
  has_chat_template: z.boolean(),
});

const limits = z.object({
  body_bytes: z.int(),
  inputs: z.int(),
  text_length: z.int(),
  new_tokens: z.int(),
  seconds: z.number(),
});

const route = createRoute({
  method: 'get',
  path: '/info',
  summary: 'The server, its models and its limits',
  tags: ['Server'],
  responses: {
    200: jsonAnswer(
      'What is served',
      z.object({ name: z.literal('multihead'), version: z.string(), models: z.array(model), limits }),
    ),
  },
});

/** Adds the route. */
export const addInfo: AddRoutes = (app, { models, limits }) => {
  app.openapi(route, (c) =>
    c.json(
      {
        name: 'multihead' as const,
        version,
        models: models.all.map(({ info, state }) => ({
          name: info.name,
          state,
          model_type: info.modelType,
          tasks: [...info.tasks],
          max_length: info.maxLength,
          ...(info.hiddenSize !== undefined && { hidden_size: info.hiddenSize }),
          ...(info.labels && { labels: [...info.labels] }),
          has_chat_template: info.hasChatTemplate,
        })),
        limits: {
          body_bytes: limits.bodyBytes,
          inputs: limits.inputs,
          text_length: limits.textLength,
          new_tokens: limits.newTokens,
          seconds: limits.seconds,
        },
      },
      200,
    ),
  );
};
