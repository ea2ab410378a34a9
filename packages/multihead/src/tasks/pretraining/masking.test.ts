import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { AutoTokenizer, type Tokenizer } from '../../index.js';
import { Random } from '../../platform/random.js';
import { toyFolder } from '../../testing/toy.js';
import { wordPieceJson } from '../../text/files/word-piece.js';
import { Tokenizer as TokenizerClass } from '../../text/tokenizer/tokenizer.js';
import { byteCharacters } from '../../text/training/byte-level/byte-alphabet.js';
import { byteLevelJson } from '../../text/training/byte-level/byte-level-json.js';
import { characterJson } from '../../text/training/character-json.js';
import { specialAddedTokens } from '../../text/training/special-added-tokens.js';
import { Masking } from './masking.js';

const pieces = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'play', '##ing', '##ed', 'the', 'game', '##s', 'a'];
const [cls, sep, mask, play, ing, the, game, s] = [2, 3, 4, 5, 6, 8, 9, 10];
let tokenizer: Tokenizer;

beforeAll(() => {
  tokenizer = new TokenizerClass({ json: wordPieceJson(pieces.join('\n'), {}, 'vocab'), config: {}, where: 'vocab' });
});

const special = (...tokens: string[]) => specialAddedTokens(tokens);

/** Knows the, Ġgame, Ġplay, s and ed, and bytes. */
function byteLevelMasked(): Tokenizer {
  const alphabet = ['<mask>', ...byteCharacters];
  const merges: [number, number][] = [];
  const tokens = [...alphabet];
  for (const word of ['the', 'Ġthe', 'Ġgame', 'Ġplay', 'ed']) {
    for (let end = 2; end <= word.length; end++) {
      if (tokens.includes(word.slice(0, end))) continue;
      merges.push([tokens.indexOf(word.slice(0, end - 1)), tokens.indexOf(word[end - 1] as string)]);
      tokens.push(word.slice(0, end));
    }
  }
  const json = byteLevelJson(tokens, merges, ['<mask>']);
  return new TokenizerClass({ json, config: { mask_token: '<mask>' }, where: 'here' });
}

function metaspaceMasked(): Tokenizer {
  const tokens = ['<unk>', '<mask>', '▁the', '▁game', '▁play', 's', 'ed'];
  const json = {
    added_tokens: special('<unk>', '<mask>'),
    pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
    model: { type: 'Unigram', unk_id: 0, vocab: tokens.map((token) => [token, -1]) },
  };
  return new TokenizerClass({ json, config: { unk_token: '<unk>', mask_token: '<mask>' }, where: 'here' });
}

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

  test.each([
    ['byte-level', () => byteLevelMasked(), 'Ġ', [1, 2, 2, 2, 1]], // Ġ and the are two tokens
    ['SentencePiece', () => metaspaceMasked(), '▁', [1, 2, 2, 1, 1]],
  ])('hides the pieces of a word together: %s', async (_, make, space, lengths) => {
    const other = make();
    const masking = new Masking(other, { mlmProbability: 0.3 });
    const ids = (await other.encodeIds(['the games played the game']))[0] as number[];
    const starts = ids.flatMap((id, place) => (place === 0 || other.idToToken(id)?.startsWith(space) ? [place] : []));
    const words = starts.map((start, i) => ids.map((_, at) => at).slice(start, starts[i + 1]));
    expect(words.map(({ length }) => length)).toEqual(lengths);
    for (let seed = 0n; seed < 50n; seed++) {
      const { places } = masking.hide(ids, new Random(seed));
      expect(places).toEqual(words.filter(([first]) => places.includes(first as number)).flat());
      expect(places.length).toBeGreaterThan(0);
    }
  });

  test('words whose last token says so', () => {
    const vocab = { '<mask>': 0, ga: 1, 'me</w>': 2, 'the</w>': 3 };
    const model = { type: 'BPE', vocab, merges: [], end_of_word_suffix: '</w>' };
    const config = { mask_token: '<mask>' };
    const other = new TokenizerClass({ json: { added_tokens: special('<mask>'), model }, config, where: 'here' });
    const masking = new Masking(other, { mlmProbability: 0.5 });
    const words = [[0], [1, 2], [3]];
    for (let seed = 0n; seed < 50n; seed++) {
      const { places } = masking.hide([3, 1, 2, 3], new Random(seed));
      expect(places).toEqual(words.filter(([first]) => places.includes(first as number)).flat());
    }
  });

  test('refuses to hide whole words of a tokenizer that does not say what a word is', () => {
    const characters = characterJson(['[UNK]', '[MASK]', 'a', ' '], ['[UNK]', '[MASK]'], '[UNK]');
    const other = new TokenizerClass({ json: characters, config: {}, where: 'here' });
    expect(() => new Masking(other)).toThrow(
      /wholeWordMasking .* do not say where words begin .*`wholeWordMasking: false`/,
    );
    const { places } = new Masking(other, { wholeWordMasking: false }).hide([2, 3, 2], new Random(1n));
    expect(places).toHaveLength(1);
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
