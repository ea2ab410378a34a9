/** @file The embedded models: within their sizes, and of use as they are. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AutoModelForCausalLM, AutoTokenizer, pipeline } from 'multihead';
import { perplexity } from 'multihead/generation';
import { describe, expect, test } from 'vitest';

const folder = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const megabytes = (name: string) =>
  readdirSync(folder(name)).reduce((sum, file) => sum + statSync(join(folder(name), file)).size, 0) / 1e6;

describe('models/mini', () => {
  test('is at most 16 MB', () => expect(megabytes('mini')).toBeLessThan(16));

  test('guesses words', async () => {
    const fill = await pipeline('fill-mask', folder('mini'));
    const words = async (text: string) => (await fill(text, { topK: 5 })).flat().map(({ tokenStr }) => tokenStr);
    expect(await words('I would like to [MASK] a cup of coffee.')).toContain('drink');
    expect(await words('今天天气很[MASK]。')).toContain('好');
    await fill.dispose();
  });

  test.each(['mean', 'pooler'] as const)(
    'puts sentences that mean the same near to each other (%s)',
    async (pooling) => {
      const embed = await pipeline('feature-extraction', folder('mini'));
      const texts = [
        'How do I get a refund?',
        'I want my money back',
        'It is sunny outside',
        'The weather is nice today',
      ];
      const { data, shape } = await embed(texts, { pooling, normalize: true });
      const row = (i: number) => data.subarray(i * shape[1], (i + 1) * shape[1]);
      const cosine = (i: number, j: number) => row(i).reduce((sum, x, k) => sum + x * (row(j)[k] as number), 0);
      for (const [a, b, other] of [
        [0, 1, 2],
        [2, 3, 0],
      ] as const) {
        expect(cosine(a, b)).toBeGreaterThan(cosine(a, other) + 0.2);
      }
      await embed.dispose();
    },
  );
});

describe('models/mini-gpt', () => {
  test('is at most 6 MB', () => expect(megabytes('mini-gpt')).toBeLessThan(6));

  test('finds English likelier than the same words the other way round', async () => {
    const model = await AutoModelForCausalLM.fromPretrained(folder('mini-gpt'));
    const tokenizer = await AutoTokenizer.fromPretrained(folder('mini-gpt'));
    const text = 'She looked at him for a moment, and then went out of the room.';
    const of = async (words: string) => (await perplexity(model, tokenizer, words)).perplexity;
    expect(await of(text)).toBeLessThan((await of(text.split(' ').reverse().join(' '))) / 2);
    await model.dispose();
  });
});
