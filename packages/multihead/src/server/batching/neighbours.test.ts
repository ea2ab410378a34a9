/** @file The answer to a text does not depend on the texts that share its batch. */
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pipeline } from '../../inference/pipeline.js';
import type { FeatureExtractionPipeline } from '../../inference/pipelines/feature-extraction.js';
import { largestDifference } from '../../testing/reference.js';
import { BatchingScheduler } from './batching-scheduler.js';

const mini = fileURLToPath(new URL('../../../../../models/mini', import.meta.url));

let alone: FeatureExtractionPipeline;
let together: FeatureExtractionPipeline;
const batches: number[] = [];

beforeAll(async () => {
  const scheduler = new BatchingScheduler();
  alone = await pipeline('feature-extraction', mini, { batchSize: 1 });
  together = await pipeline('feature-extraction', mini, {
    batchScheduler: (work) =>
      scheduler.schedule({
        ...work,
        run: (batch) => {
          batches.push(batch.length);
          return work.run(batch);
        },
      }),
  });
});
afterAll(() => Promise.all([alone.dispose(), together.dispose()]));

const words = ['the', 'order', 'was', 'late', 'Über', '中文', '🙂', '', '!'];
const texts = fc.array(
  fc.array(fc.constantFrom(...words), { maxLength: 12 }).map((chosen) => chosen.join(' ')),
  {
    minLength: 1,
    maxLength: 6,
  },
);

test('texts of several calls, beside an empty one and one of all tokens that the model reads', async () => {
  const longest = 'late order '.repeat(300);
  await fc.assert(
    fc.asyncProperty(fc.array(texts, { minLength: 2, maxLength: 5 }), async (calls) => {
      batches.length = 0;
      const all = [...calls, [''], [longest]];
      const found = await Promise.all(all.map((call) => together(call)));
      expect(batches.length).toBeLessThan(all.flat().length);
      for (const [i, call] of calls.entries()) {
        expect(largestDifference((found[i] as { data: Float32Array }).data, (await alone(call)).data)).toBeLessThan(
          1e-5,
        );
      }
    }),
    { numRuns: 8 },
  );
});
