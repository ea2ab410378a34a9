/** @file `/metrics`, for Prometheus. */
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import type { AddRoutes } from '../http/app.js';

const route = createRoute({
  method: 'get',
  path: '/metrics',
  summary: 'Numbers for Prometheus',
  tags: ['Server'],
  responses: { 200: { description: 'The numbers', content: { 'text/plain': { schema: z.string() } } } },
});

/** Adds the route. */
export const addMetrics: AddRoutes = (app, { metrics: { registry } }) => {
  app.openapi(route, async (c) => c.text(await registry.metrics(), 200, { 'content-type': registry.contentType }));
};
