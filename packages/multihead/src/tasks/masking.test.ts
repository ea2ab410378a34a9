import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { AutoTokenizer, type Tokenizer } from '../index.js';
import { Random } from '../random.js';
import { toyFolder } from '../testing/toy.js';
import { Tokenizer as TokenizerClass } from '../text/tokenizer.js';
import { wordPieceJson } from '../text/word-piece.js';
import { Masking } from './masking.js';

const pieces = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'play', '##ing', '##ed', 'the', 'game', '##s', 'a'];
const [cls, sep, mask, play, ing, the, game, s] = [2, 3, 4, 5, 6, 8, 9, 10];
let tokenizer: Tokenizer;

beforeAll(() => {
  tokenizer = new TokenizerClass({ json: wordPieceJson(pieces.join('\n'), {}, 'vocab'), config: {}, where: 'vocab' });
});

const text = fc.array(fc.integer({ min: 5, max: 11 }), { minLength: 1, maxLength: 60 });

describe('masking', () => {
  test('hides a share of the tokens, at least one, never a special one, and tells what stood there', () => {
    const masking = new Masking(tokenizer, { wholeWordMasking: false });
    fc.assert(
      fc.property(text, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (tokens, seed) => {
        const ids = [cls, ...tokens, sep];
        const { inputIds, places, labels } = masking.hide(ids, new Random(seed));
        expect(places).toHaveLength(Math.max(1, Math.round(0.15 * tokens.length)));
        expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
        expect(labels).toEqual(places.map((place) => ids[place]));
        expect(places.every((place) => place > 0 && place <= tokens.length)).toBe(true);
        for (const [place, id] of inputIds.entries()) if (!places.includes(place)) expect(id).toBe(ids[place]);
      }),
    );
  });

  test('80 % become [MASK], 10 % another token, 10 % stay', () => {
    const masking = new Masking(tokenizer, { wholeWordMasking: false, mlmProbability: 0.5 });
    const ids = Array.from({ length: 20_000 }, (_, i) => (i % 2 ? the : game));
    const { inputIds, places, labels } = masking.hide(ids, new Random(1n));
    const share = (holds: (place: number, i: number) => boolean) => places.filter(holds).length / places.length;
    expect(share((place) => inputIds[place] === mask)).toBeCloseTo(0.8 + 0.1 / pieces.length, 1.7);
    // A token drawn at random may be the one that was there.
    expect(share((place, i) => inputIds[place] === labels[i])).toBeCloseTo(0.1 + 0.1 / pieces.length, 1.7);
  });

  test('hides the pieces of a word together', () => {
    const masking = new Masking(tokenizer, { mlmProbability: 0.4 });
    const words = [[1], [2, 3], [4], [5, 6]];
    const ids = [cls, the, play, ing, the, game, s, sep];
    for (let seed = 0n; seed < 50n; seed++) {
      const { places } = masking.hide(ids, new Random(seed));
      const whole = words.filter(([first]) => places.includes(first as number));
      expect(places).toEqual(whole.flat());
      expect(places.length).toBeLessThanOrEqual(2);
    }
  });

  test('a text of special tokens alone has nothing to hide', () => {
    expect(new Masking(tokenizer).hide([cls, sep], new Random(1n)).places).toEqual([]);
  });

  test('refuses a tokenizer without a mask token, and a share that cannot be', async () => {
    const noMask = pieces.filter((piece) => piece !== '[MASK]').join('\n');
    const without = new TokenizerClass({ json: wordPieceJson(noMask, {}, 'vocab'), config: {}, where: 'vocab' });
    expect(() => new Masking(without)).toThrow('The tokenizer has no mask token');
    const toy = await AutoTokenizer.fromPretrained(toyFolder());
    expect(() => new Masking(toy, { mlmProbability: 1 })).toThrow('mlmProbability is 1');
  });
});
