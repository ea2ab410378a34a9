/** @file OpenAI's `/v1/embeddings`. */
import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { errorResponses } from '../../errors/error-schema.js';
import { ServeError } from '../../errors/serve-error.js';
import type { AddRoutes } from '../../http/app.js';
import { checkSize } from '../../http/limits.js';
import type { Embeddings } from '../../models/served-model.js';
import { jsonAnswer, jsonBody } from '../json-content.js';
import { base64Of, shortened } from './embedding-format.js';
import { listOfTexts, textInputs } from './text-inputs.js';

const request = z.object({
  model: z.string(),
  input: textInputs.meta({ example: ['How do I get a refund?', 'Where is my money?'] }),
  encoding_format: z.enum(['float', 'base64']).default('float').describe('base64: little-endian float32'),
  dimensions: z
    .int()
    .min(1)
    .optional()
    .describe('keep as many elements, and make the length 1 again (for models trained so that this makes sense)'),
  truncate: z.boolean().default(true).describe('cut texts that are longer than the model reads; false refuses them'),
  user: z.string().optional(),
});

const response = z.object({
  object: z.literal('list'),
  model: z.string(),
  data: z.array(
    z.object({
      object: z.literal('embedding'),
      index: z.int(),
      embedding: z.union([z.array(z.number()), z.string()]).describe('numbers or, as base64, a string'),
    }),
  ),
  usage: z.object({ prompt_tokens: z.int(), total_tokens: z.int() }),
});

const route = createRoute({
  method: 'post',
  path: '/v1/embeddings',
  summary: 'Vectors of texts',
  tags: ['OpenAI'],
  request: jsonBody(request),
  responses: {
    200: jsonAnswer('The vectors, in the order of the inputs', response),
    ...errorResponses,
  },
});

/** Adds the route. */
export const addEmbeddings: AddRoutes = (app, { models, limits }) => {
  app.openapi(route, async (c) => {
    const { model: name, input, encoding_format: format, dimensions, truncate } = c.req.valid('json');
    const inputs = listOfTexts(input);
    checkSize(
      inputs.filter((text) => typeof text === 'string'),
      inputs.length,
      limits,
      'input',
    );
    const model = models.forTask('feature-extraction', name);
    checkDimensions(dimensions, model.info.hiddenSize);
    c.var.record.begin(name, inputs.length);
    const { data, size, promptTokens } = await model.embed(inputs, { truncate }, c.var.record.call(c.var.signal));
    c.var.record.uses(() => ({ prompt: promptTokens, completion: 0 }));
    const vector = (row: number) => shortened(data.subarray(row * size, (row + 1) * size), dimensions);
    return c.json(
      {
        object: 'list' as const,
        model: name,
        data: inputs.map((_, index) => ({
          object: 'embedding' as const,
          index,
          embedding: format === 'base64' ? base64Of(vector(index)) : Array.from(vector(index)),
        })),
        usage: { prompt_tokens: promptTokens, total_tokens: promptTokens },
      },
      200,
    );
  });
};

function checkDimensions(dimensions: number | undefined, size: Embeddings['size'] | undefined): void {
  if (dimensions === undefined || size === undefined || dimensions <= size) return;
  throw new ServeError(`dimensions is ${dimensions}; vectors of this model have ${size}`, {
    status: 400,
    code: 'invalid_value',
    param: 'dimensions',
  });
}
