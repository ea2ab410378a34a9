/** @file How token classification answers requests over HTTP. */
import { z } from 'zod';
import { defineService } from '../pipeline-service.js';
import { type AggregationStrategy, aggregationStrategies } from './aggregation.js';
import type { TokenClassificationPipeline } from './pipeline.js';

const place = {
  score: z.number(),
  word: z.string(),
  start: z.int().describe('where it begins in the text, in UTF-16 units'),
  end: z.int(),
};

/** Requests take a text, and get its entities or tagged tokens. */
export const tagService = defineService({
  summary: 'Entities in texts, such as persons and places',
  input: z.string(),
  parameters: z.object({
    aggregationStrategy: z
      .enum(aggregationStrategies as [AggregationStrategy, ...AggregationStrategy[]])
      .default('simple')
      .describe('how tokens are merged into entities; none: each token alone'),
    ignoreLabels: z.array(z.string()).optional().describe('tags or entity types to omit (default: O)'),
    stride: z.int().min(0).optional().describe('overlap of the windows of a long text, in tokens'),
  }),
  output: z.array(
    z.union([
      z.object({ entityGroup: z.string(), ...place }),
      z.object({ entity: z.string(), index: z.int(), ...place }),
    ]),
  ),
  example: 'Anna moved to Paris.',
  texts: (text) => [text],
  answer: (tag: TokenClassificationPipeline, texts, parameters) => {
    const { aggregationStrategy, ...given } = parameters;
    return aggregationStrategy === 'none' ? tag(texts, given) : tag(texts, { ...given, aggregationStrategy });
  },
});
