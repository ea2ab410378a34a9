/** @file `/health` and `/ready`, for load balancers and probes. */
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import type { AddRoutes } from '../http/app.js';
import { jsonAnswer } from './json-content.js';

const state = z.object({
  status: z.enum(['ok', 'loading', 'down', 'stopping']),
  models: z.record(z.string(), z.enum(['loading', 'ready', 'down'])),
});

const responses = {
  200: jsonAnswer('All models answer', state),
  503: jsonAnswer('A model is loading or down', state),
};

/** Adds the routes. */
export const addHealth: AddRoutes = (app, { models, isStopping }) => {
  for (const [path, summary] of [
    ['/health', 'Whether all models answer'],
    ['/ready', 'Whether requests are welcome: as /health, and 503 once the server is stopping'],
  ] as const) {
    app.openapi(createRoute({ method: 'get', path, summary, tags: ['Server'], responses }), (c) => {
      const states = models.all.map(({ info, state }) => [info.name, state] as const);
      const status =
        (['down', 'loading'] as const).find((bad) => states.some(([, state]) => state === bad)) ?? ('ok' as const);
      if (path === '/ready' && isStopping())
        return c.json({ status: 'stopping' as const, models: Object.fromEntries(states) }, 503);
      return c.json({ status, models: Object.fromEntries(states) }, status === 'ok' ? 200 : 503);
    });
  }
};
