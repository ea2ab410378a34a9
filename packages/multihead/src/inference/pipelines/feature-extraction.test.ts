/** @file Vectors against Python's sentence-transformers and Hugging Face Transformers (fixtures/sentence). */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  BertConfig,
  BertForMaskedLM,
  BertModel,
  type FeatureExtractionPipeline,
  pipeline,
  type Vectors,
} from '../../index.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';
import { toyConfig, toyFolder } from '../../testing/toy.js';

type Name = 'default' | 'mean' | 'cls' | 'pooler' | 'prompt' | `${'cls' | 'max' | 'lasttoken'}_normalized`;

interface Expected extends Record<Name, number[][]> {
  texts: string[];
  prompt_settings: Record<string, unknown>;
  /** Of each text one vector a token. */
  tokens: number[][][];
}

const fixtures = fileURLToPath(new URL('../../../fixtures/sentence', import.meta.url));
const folder = join(fixtures, 'model');
const expected = JSON.parse(readFileSync(join(fixtures, 'expected.json'), 'utf8')) as Expected;
const { texts } = expected;

/** A copy of the fixture with other settings in some of its JSON files; a file is taken away by `undefined`. */
function copyWith(changes: Readonly<Record<string, object | undefined>>): string {
  const copy = temporaryFolder();
  cpSync(folder, copy, { recursive: true });
  for (const [name, settings] of Object.entries(changes)) {
    const path = join(copy, name);
    if (settings === undefined) rmSync(path);
    else writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...settings }));
  }
  return copy;
}

function expectClose({ data, shape }: { data: Float32Array; shape: readonly number[] }, reference: number[][]): void {
  expect(shape).toEqual([reference.length, 16]);
  const differences = reference.flat().map((x, i) => Math.abs(x - (data[i] as number)));
  expect(Math.max(...differences)).toBeLessThan(1e-5);
}

async function vectorsOf(model: string, options = {}): Promise<{ data: Float32Array; shape: readonly number[] }> {
  const embed = await pipeline('feature-extraction', model, options);
  const vectors = await embed(texts);
  await embed.dispose();
  return vectors;
}

describe("with sentence-transformers' files", () => {
  let embed: FeatureExtractionPipeline;
  beforeAll(async () => {
    embed = await pipeline('feature-extraction', folder, { batchSize: 4 });
  });
  afterAll(() => embed.dispose());

  test('vectors are those of Python: pooling, normalizing, length and lower case as the files say', async () => {
    expectClose(await embed(texts), expected.default);
  });

  test.each(['mean', 'cls', 'pooler'] as const)('%s pooling, not normalized', async (pooling) => {
    expectClose(await embed(texts, { pooling, normalize: false }), expected[pooling]);
  });

  test('a pooling of ones own keeps what the files say about normalizing', async () => {
    expectClose(await embed(texts, { pooling: 'cls' }), expected.cls_normalized);
  });

  test('without pooling each token has its vector, and padding none', async () => {
    const ofTexts = await embed(texts, { pooling: 'none', normalize: false });
    for (const [i, vectors] of ofTexts.entries()) expectClose(vectors, expected.tokens[i] as number[][]);
    expect(ofTexts).toHaveLength(texts.length);
    const [normalized] = (await embed('The film', { pooling: 'none', normalize: true })) as [Vectors];
    expect(Math.hypot(...normalized.data.subarray(16, 32))).toBeCloseTo(1, 5);
  });

  test('one text is a list of one, and no texts are no vectors', async () => {
    expectClose(await embed(texts[1] as string), [expected.default[1] as number[]]);
    expect(await embed([])).toEqual({ dtype: 'float32', data: new Float32Array(0), shape: [0, 16] });
    expect(await embed([], { pooling: 'none' })).toEqual([]);
  });

  test('an unknown pooling is refused', async () => {
    await expect(embed(texts, { pooling: 'min' as 'mean' })).rejects.toThrow(
      'pooling is "min"; there are: mean, cls, max, lasttoken, pooler, none',
    );
  });
});

test('batches of any size give the same vectors in the same order', async () => {
  for (const batchSize of [1, 2, 32]) expectClose(await vectorsOf(folder, { batchSize }), expected.default);
});

test.each([
  ['cls', 'cls_token'],
  ['max', 'max_tokens'],
  ['lasttoken', 'lasttoken'],
] as const)('the folder may pool by %s, written as older versions write it too', async (pooling, flag) => {
  const reference = expected[`${pooling}_normalized`];
  expectClose(await vectorsOf(copyWith({ '1_Pooling/config.json': { pooling_mode: pooling } })), reference);
  const flags = { pooling_mode: undefined, [`pooling_mode_${flag}`]: true, pooling_mode_mean_tokens: false };
  expectClose(await vectorsOf(copyWith({ '1_Pooling/config.json': flags })), reference);
});

test('prompts of the folder by name, ones own, and their names', async () => {
  const changed = copyWith({ 'config_sentence_transformers.json': { prompts: { query: 'a film: ', document: '' } } });
  const embed = await pipeline('feature-extraction', changed);
  expect(embed.prompts).toEqual({ query: 'a film: ', document: '' });
  const prompted = await embed(texts.map((text) => `a film: ${text}`));
  expect(await embed(texts, { promptName: 'query' })).toEqual(prompted);
  expect(await embed(texts, { prompt: 'a film: ' })).toEqual(prompted);
  expect(await embed(texts, { promptName: 'document' })).toEqual(await embed(texts));
  await expect(embed(texts, { promptName: 'passage' })).rejects.toThrow(
    /promptName is "passage"; .* has the prompts query, document\. Give the text itself as `prompt`/,
  );
  await embed.dispose();
});

test('the first elements of vectors, of length 1 again where vectors are normalized', async () => {
  const embed = await pipeline('feature-extraction', folder);
  const whole = await embed(texts, { normalize: false });
  const first = texts.map((_, i) => Array.from(whole.data.subarray(16 * i, 16 * i + 5)));
  const short = await embed(texts, { normalize: false, dimensions: 5 });
  expect(short.shape).toEqual([texts.length, 5]);
  expect(Array.from(short.data)).toEqual(first.flat());
  const normalized = await embed(texts, { normalize: true, dimensions: 5 });
  const expectedData = first.flatMap((row) => row.map((x) => x / Math.hypot(...row)));
  for (const [i, x] of normalized.data.entries()) expect(x).toBeCloseTo(expectedData[i] as number, 5);
  await expect(embed(texts, { dimensions: 0 })).rejects.toThrow(
    /dimensions is 0; expected a whole number from 1 to 16/,
  );
  await embed.dispose();
});

test('a prompt that the folder sets stands before each text', async () => {
  const changed = copyWith({ 'config_sentence_transformers.json': expected.prompt_settings });
  expectClose(await vectorsOf(changed), expected.prompt);
});

test('a plain BERT: the mean of the tokens, not normalized', async () => {
  // The third text is longer than 12 tokens: what the tokenizer says then counts.
  const plain = copyWith({
    'modules.json': undefined,
    'tokenizer_config.json': { model_max_length: 12, do_lower_case: true },
  });
  expectClose(await vectorsOf(plain), expected.mean);
  expectClose(
    await vectorsOf(copyWith({ 'tokenizer_config.json': { do_lower_case: true } }), { maxLength: 12 }),
    expected.default,
  );
});

describe('refuses', () => {
  test('a longer text than the model can read, when it is asked for', async () => {
    await expect(pipeline('feature-extraction', folder, { maxLength: 21 })).rejects.toThrow(
      'maxLength is 21, but the model reads no more than 20 tokens',
    );
    await expect(pipeline('feature-extraction', folder, { batchSize: 0 })).rejects.toThrow('batchSize is 0');
  });

  test('an option of another name', async () => {
    const embed = await pipeline('feature-extraction', folder);
    await expect(embed('a', { pool: 'cls' } as object)).rejects.toThrow(
      'feature-extraction: there is no option "pool"; there are: pooling, normalize',
    );
    await expect(embed('a', { normalise: true } as object)).rejects.toThrow('Did you mean normalize?');
    await embed.dispose();
  });

  test('the pooler of a model that has none; its other vectors are there', async () => {
    const toy = toyFolder();
    await BertForMaskedLM.fromConfig(BertConfig.fromJson(toyConfig, 'toy')).savePretrained(toy);
    const embed = await pipeline('feature-extraction', toy);
    await expect(embed('good film', { pooling: 'pooler' })).rejects.toThrow('has no trained pooler');
    expect((await embed('good film', { pooling: 'cls' })).shape).toEqual([1, 32]);
    await embed.dispose();
  });

  test('weights with a gap', async () => {
    const toy = toyFolder();
    const config = BertConfig.fromJson(toyConfig, 'toy');
    await BertModel.fromConfig(config).savePretrained(toy);
    writeFileSync(join(toy, 'config.json'), JSON.stringify({ ...toyConfig, num_hidden_layers: 3 }));
    await expect(pipeline('feature-extraction', toy)).rejects.toThrow(/lacks weights .*encoder\.layer\.2\./);
  });
});
