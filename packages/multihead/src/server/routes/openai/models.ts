/** @file OpenAI's `/v1/models`. */
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { errorResponses } from '../../errors/error-schema.js';
import type { AddRoutes } from '../../http/app.js';
import type { ModelInfo } from '../../models/served-model.js';
import { jsonAnswer } from '../json-content.js';

const model = z.object({
  id: z.string(),
  object: z.literal('model'),
  created: z.int(),
  owned_by: z.string(),
  tasks: z.array(z.string()).describe('what it answers'),
  max_model_len: z.int().describe('maximum number of tokens'),
});

const shown = ({ name, created, tasks, maxLength }: ModelInfo): z.output<typeof model> => ({
  id: name,
  object: 'model',
  created,
  owned_by: 'multihead',
  tasks: [...tasks],
  max_model_len: maxLength,
});

const listRoute = createRoute({
  method: 'get',
  path: '/v1/models',
  summary: 'The models',
  tags: ['OpenAI'],
  responses: {
    200: jsonAnswer('The models', z.object({ object: z.literal('list'), data: z.array(model) })),
  },
});

const oneRoute = createRoute({
  method: 'get',
  path: '/v1/models/{model}',
  summary: 'One model',
  tags: ['OpenAI'],
  request: { params: z.object({ model: z.string().meta({ example: 'mini' }) }) },
  responses: {
    200: jsonAnswer('The model', model),
    404: errorResponses[404],
  },
});

/** Adds the routes. */
export const addModels: AddRoutes = (app, { models }) => {
  app.openapi(listRoute, (c) =>
    c.json({ object: 'list' as const, data: models.all.map(({ info }) => shown(info)) }, 200),
  );
  app.openapi(oneRoute, (c) => c.json(shown(models.named(c.req.valid('param').model).info), 200));
};
