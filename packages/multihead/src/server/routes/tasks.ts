/** @file `/v1/tasks/{task}`: a route for each pipeline whose row of the registry says how it answers requests. */
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { type PipelineDefinition, pipelines } from '../../inference/registry.js';
import type { PipelineService } from '../../tasks/pipeline-service.js';
import { errorResponses } from '../errors/error-schema.js';
import { ServeError } from '../errors/serve-error.js';
import type { AddRoutes, App, ServerContext } from '../http/app.js';
import { checkSize } from '../http/limits.js';
import { camelCaseKeys } from './camel-case-keys.js';
import { jsonAnswer, jsonBody } from './json-content.js';

/** Adds the routes. */
export const addTasks: AddRoutes = (app, context) => {
  for (const pipeline of pipelines()) if (pipeline.service) addTask(app, context, pipeline, pipeline.service);
  app.post('/v1/tasks/:task', (c) => {
    const names = pipelines().flatMap(({ name, service }) => (service ? [name] : []));
    throw new ServeError(`there is no task "${c.req.param('task').slice(0, 100)}"; there are: ${names.join(', ')}`, {
      status: 404,
      code: 'task_not_found',
    });
  });
};

function addTask(
  app: App,
  { models, limits }: ServerContext,
  { name, aliases = [] }: PipelineDefinition,
  service: PipelineService,
): void {
  const request = z.object({
    model: z.string().optional().describe('the name of a model; may be left out where one model is for the task'),
    inputs: z.union([service.input, z.array(service.input).min(1)]).meta({ example: [service.example] }),
    parameters: z.preprocess(camelCaseKeys, service.parameters).optional(),
  });
  const response = z.object({
    model: z.string(),
    outputs: z.array(service.output).describe('an answer for each input, in their order'),
    usage: z.object({ prompt_tokens: z.int() }),
  });
  for (const path of [name, ...aliases]) {
    const route = createRoute({
      method: 'post',
      path: `/v1/tasks/${path}`,
      summary: service.summary,
      tags: ['Tasks'],
      hide: path !== name,
      request: jsonBody(request),
      responses: {
        200: jsonAnswer('The answers', response),
        ...errorResponses,
      },
    });
    app.openapi(route, async (c) => {
      const { model: asked, inputs: given, parameters } = c.req.valid('json');
      const inputs = Array.isArray(given) ? given : [given];
      checkSize(
        inputs.flatMap((input) => service.texts(input)),
        inputs.length,
        limits,
        'inputs',
      );
      const model = models.forTask(name, asked);
      const options = parameters ?? service.parameters.parse({});
      c.var.record.begin(model.info.name, inputs.length);
      const { outputs, promptTokens } = await model.predict(name, inputs, options, c.var.record.call(c.var.signal));
      c.var.record.uses(() => ({ prompt: promptTokens, completion: 0 }));
      return c.json({ model: model.info.name, outputs: [...outputs], usage: { prompt_tokens: promptTokens } }, 200);
    });
  }
}
