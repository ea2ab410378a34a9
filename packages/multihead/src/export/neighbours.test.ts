/** @file The answer to a text does not depend on which texts share its batch: not on their lengths, nor on what they say. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AutoModel } from '../models/auto-model.js';
import type { DtypeName } from '../models/dtypes.js';
import type { EncoderModel } from '../models/encoder/encoder-model.js';
import { AutoTokenizer } from '../text/tokenizer/auto-tokenizer.js';
import type { Tokenizer } from '../text/tokenizer/tokenizer.js';

const folder = join(fileURLToPath(new URL('../../../../models/', import.meta.url)), 'mini');

/**
 * The largest difference that a batch makes to vectors, by their largest number. float32: kernels may add in another order. 8 and
 * 4 bits: an activation that lies halfway between two integers may then be rounded to the other one.
 */
const bounds = { fp32: 1e-5, fp16: 2e-3, q8: 5e-3, q4: 5e-3, q4f16: 5e-3 } as const;

const words = [
  'where',
  'is',
  'my',
  'parcel',
  'refund',
  'the',
  'capital',
  'of',
  'france',
  '!',
  '?',
  '12',
  '快递',
  'xylophone',
];
const text = fc.array(fc.constantFrom(...words), { maxLength: 30 }).map((chosen) => chosen.join(' '));
/** 512 tokens, which the model was not made for: rare pieces only. */
const outlier = fc.constantFrom('☃ ', 'zqxj ', '!!! ').map((piece) => piece.repeat(600));
const neighbours = fc.array(fc.oneof({ weight: 3, arbitrary: text }, outlier, fc.constant('')), {
  minLength: 1,
  maxLength: 5,
});

describe.each(Object.entries(bounds) as [DtypeName, number][])('%s', (dtype, bound) => {
  const loaded = { model: undefined as unknown as EncoderModel, tokenizer: undefined as unknown as Tokenizer };
  beforeAll(async () => {
    Object.assign(loaded, await load(dtype));
  });
  afterAll(() => loaded.model.dispose());

  test('a text has its vector alone and in any batch', async () => {
    await fc.assert(
      fc.asyncProperty(text, neighbours, fc.nat(), async (own, others, place) => {
        expect(await difference(loaded, own, others, place % (others.length + 1))).toBeLessThan(bound);
      }),
      { numRuns: 12, seed: 12 },
    );
  });
});

test('the usual recipe, one scale for the whole batch, does not have it', async () => {
  const loaded = await load('int8');
  const long = '☃ '.repeat(600);
  expect(await difference(loaded, 'where is my parcel', [long], 0)).toBeGreaterThan(bounds.q8);
  await loaded.model.dispose();
});

async function load(dtype: DtypeName) {
  const [model, tokenizer] = await Promise.all([
    AutoModel.fromPretrained(folder, { dtype }),
    AutoTokenizer.fromPretrained(folder),
  ]);
  return { model, tokenizer };
}

interface Loaded {
  readonly model: EncoderModel;
  readonly tokenizer: Tokenizer;
}

/** The largest difference between a text's vectors alone and in a batch, by the largest number of those alone. */
async function difference({ model, tokenizer }: Loaded, own: string, others: readonly string[], place: number) {
  const vectors = async (texts: readonly string[], row: number): Promise<Float32Array> => {
    const batch = await tokenizer(texts, { maxLength: model.limits.maxLength });
    const { data, shape } = (await model.predict(batch)).lastHiddenState;
    const [, longest, size] = shape as [number, number, number];
    return data.subarray(row * longest * size, (row + 1) * longest * size);
  };
  const alone = await vectors([own], 0);
  const together = await vectors([...others.slice(0, place), own, ...others.slice(place)], place);
  const largest = alone.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  return alone.reduce((most, x, i) => Math.max(most, Math.abs(x - (together[i] as number))), 0) / largest;
}
