/** @file A corpus to token files and back, on real tokenizers, files and workers. */
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openCorpus } from '../../data/pretraining/corpus-folder.js';
import { packedBlocks } from '../../data/pretraining/packed-blocks.js';
import { sentencePairBlocks } from '../../data/pretraining/sentence-pair-blocks.js';
import type { TokenSource } from '../../data/pretraining/token-source.js';
import { UserError } from '../../platform/errors.js';
import { toyFolder } from '../../testing/toy.js';
import { AutoTokenizer } from '../tokenizer/auto-tokenizer.js';
import { tokenizeCorpus } from './tokenize-corpus.js';
import { createEncoderPool } from './workers/web.js';

const toy = toyFolder();
let root: string;
let folder: string;
let tokenizer: string;
let output: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'multihead-'));
  tokenizer = join(root, 'tokenizer');
  folder = join(root, 'corpus');
  output = join(folder, 'tokens');
  cpSync(toy, tokenizer, { recursive: true });
  mkdirSync(folder);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const words = ['good', 'bad', 'film', 'book', 'the', 'is', 'very', 'unheard'];
/** Texts of one to nine words that differ from each other. */
const textsOf = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    Array.from({ length: 1 + (i % 9) }, (_, j) => words[Math.floor(i / 8 ** (j % 6)) % 8]).join(' '),
  );
const write = (name: string, texts: readonly string[]) => {
  writeFileSync(join(folder, name), `${texts.join('\n')}\n`);
  return join(folder, name);
};
/** The documents of a source, as tokens. */
async function documentsOf({ documentStarts, read }: TokenSource): Promise<number[][]> {
  const documents: number[][] = [];
  for (let i = 0; i + 1 < documentStarts.length; i++) {
    documents.push([...(await read(documentStarts[i] as number, documentStarts[i + 1] as number))]);
  }
  return documents;
}
const bytesOf = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder).map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ]),
  );
const options = () => ({ sources: join(folder, '*.txt'), tokenizer, output, documents: 'line', workers: 1 }) as const;

describe('a tokenized corpus', () => {
  test('holds the tokens of every document, in order, without special tokens', async () => {
    const texts = textsOf(500);
    write('a.txt', texts);
    const corpus = await tokenizeCorpus({ ...options(), validationShare: 0 });
    const reference = await AutoTokenizer.fromPretrained(tokenizer);
    const expected = (await reference.encodeBatch(texts, { addSpecialTokens: false })).map(({ inputIds: ids }) => ids);
    expect(await documentsOf(corpus.train)).toEqual(expected);
    expect(corpus.validation).toBeUndefined();
    expect(corpus.summary).toMatchObject({
      tokenType: 'uint16',
      train: {
        documents: 500,
        tokens: expected.flat().length,
        unknownTokens: texts.join(' ').split('unheard').length - 1,
      },
      notes: [],
    });
    expect(readdirSync(output).sort()).toEqual([
      'corpus.json',
      'train.index',
      'train.tokens',
      'validation.index',
      'validation.tokens',
    ]);
    expect(readFileSync(join(output, 'train.tokens')).length).toBe(2 * expected.flat().length);
  });

  test('is the same to the byte for any number of workers', async () => {
    // More text than one batch, so that workers have something to share.
    write('a.txt', textsOf(20_000));
    write('b.txt', textsOf(3_000).reverse());
    const results: unknown[] = [];
    for (const workers of [1, 2, 3]) {
      await tokenizeCorpus({ ...options(), output: join(folder, `${workers}`), workers, sentences: true });
      results.push(bytesOf(join(folder, `${workers}`)));
    }
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
  });

  test('has each document on one side, and about the share asked for on validation’s', async () => {
    const texts = textsOf(4000).flatMap((text) => [text, text]);
    write('a.txt', texts);
    const { train, validation } = await tokenizeCorpus({ ...options(), validationShare: 0.1 });
    const key = (ids: number[]) => ids.join(' ');
    const [left, right] = [await documentsOf(train), await documentsOf(validation as TokenSource)];
    const rightKeys = new Set(right.map(key));
    expect(left.some((ids) => rightKeys.has(key(ids)))).toBe(false);
    expect(left.length + right.length).toBe(texts.length);
    expect(right.length / texts.length).toBeCloseTo(0.1, 1);
    const other = await tokenizeCorpus({ ...options(), validationShare: 0.1, seed: 7 });
    expect(await documentsOf(other.validation as TokenSource)).not.toEqual(right);
  });

  test('may have validation from sources of its own', async () => {
    const texts = textsOf(40);
    const sources = write('a.txt', texts.slice(0, 30));
    const validationSources = write('b.txt', texts.slice(30));
    const { train, validation } = await tokenizeCorpus({ ...options(), sources, validationSources });
    expect((await documentsOf(train)).length).toBe(30);
    expect((await documentsOf(validation as TokenSource)).length).toBe(10);
  });

  test('tells sentences apart for pairs', async () => {
    write('a.txt', ['the film is good. The book is bad! very bad', 'film book. ... Good', 'the book']);
    const { train } = await tokenizeCorpus({ ...options(), validationShare: 0, sentences: true });
    // "..." is three [UNK], a sentence of its own; "very" is small and goes on with its sentence.
    expect([...(train.sentenceStarts ?? [])]).toEqual([0, 5, 12, 15, 18, 19, 21]);
    expect(sentencePairBlocks(train, { size: 8, seed: 1 }).length).toBeGreaterThanOrEqual(3);
    await tokenizeCorpus({ ...options(), validationShare: 0 });
    expect(readdirSync(output)).not.toContain('train.sentences');
  });

  test('uses four bytes a token for large vocabularies', async () => {
    const many = Array.from({ length: 70_000 }, (_, i) => `w${i}`);
    writeFileSync(join(tokenizer, 'vocab.txt'), ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', ...many].join('\n'));
    write('a.txt', ['w0 w69999']);
    const { train, summary } = await tokenizeCorpus({ ...options(), validationShare: 0 });
    expect(summary.tokenType).toBe('uint32');
    expect(await documentsOf(train)).toEqual([[5, 70_004]]);
  });

  test('keeps line ends and blanks where the tokenizer does: by characters, the text comes back', async () => {
    const text = 'First Citizen:\nBefore we  proceed\n\nAll:\nSpeak 😀.\n';
    const vocab = Object.fromEntries(['[UNK]', ...new Set(text)].map((character, id) => [character, id]));
    const split = { type: 'Split', pattern: { Regex: '[\\s\\S]' }, behavior: 'Isolated', invert: false };
    const json = {
      model: { type: 'WordLevel', vocab, unk_token: '[UNK]' },
      pre_tokenizer: split,
      decoder: { type: 'Fuse' },
    };
    const byCharacter = join(root, 'characters');
    mkdirSync(byCharacter);
    writeFileSync(join(byCharacter, 'tokenizer.json'), JSON.stringify({ version: '1.0', added_tokens: [], ...json }));
    writeFileSync(join(folder, 'a.txt'), text);
    const settings = { ...options(), documents: 'file', tokenizer: byCharacter, validationShare: 0 } as const;
    const { train } = await tokenizeCorpus(settings);
    const ids = [...(await train.read(0, train.length))];
    expect(await (await AutoTokenizer.fromPretrained(byCharacter)).decode(ids)).toBe(text);
  });

  test('leaves documents out of which the tokenizer makes nothing, and counts them', async () => {
    write('a.txt', ['good', '\0', 'bad']);
    const { summary } = await tokenizeCorpus({ ...options(), validationShare: 0 });
    expect(summary).toMatchObject({ train: { documents: 2 }, documentsWithoutTokens: 1 });
    expect(summary.notes).toEqual([{ path: join(folder, 'a.txt'), problem: 'nul-characters', count: 1 }]);
  });

  test('says how far it is', async () => {
    write('a.txt', textsOf(30_000));
    const steps: { bytes: number; totalBytes: number; documents: number; tokens: number }[] = [];
    const { summary } = await tokenizeCorpus({ ...options(), onProgress: (step) => steps.push(step) });
    const size = readFileSync(join(folder, 'a.txt')).length;
    expect(steps.length).toBeGreaterThan(1);
    expect(steps.at(-1)).toEqual({
      bytes: size,
      totalBytes: size,
      documents: 30_000,
      tokens: summary.train.tokens + summary.validation.tokens,
    });
  });
});

describe('a corpus that is there', () => {
  const tokenize = (more = {}) => tokenizeCorpus({ ...options(), ...more });
  beforeEach(async () => {
    write('a.txt', textsOf(200));
    expect((await tokenize()).reused).toBe(false);
  });

  test('is taken where it is of the same sources, tokenizer and options', async () => {
    const before = bytesOf(output);
    const corpus = await tokenize({ workers: 2 });
    expect(corpus.reused).toBe(true);
    expect(bytesOf(output)).toEqual(before);
    expect(corpus.train.fingerprint).toBe((await openCorpus(output)).train.fingerprint);
  });
  test.each([
    ['options', () => ({ validationShare: 0.2 })],
    ['the seed', () => ({ seed: 1 })],
    ['a longer source', () => appendFileSync(join(folder, 'a.txt'), 'more\n')],
    ['a later source', () => utimesSync(join(folder, 'a.txt'), 1, 1)],
    ['one more source', () => write('b.txt', ['good'])],
    ['the tokenizer', () => appendFileSync(join(tokenizer, 'vocab.txt'), 'unheard\n')],
    ['a file that is cut', () => truncateSync(join(output, 'train.tokens'), 10)],
    ['a file that is gone', () => rmSync(join(output, 'validation.index'))],
    ['corpus.json of another version', () => writeFileSync(join(output, 'corpus.json'), '{"origin": {"version": 0}}')],
    ['corpus.json that is something else', () => writeFileSync(join(output, 'corpus.json'), 'null')],
  ])('is made anew after a change of %s', async (_, change) => {
    const more = change();
    const isOption = typeof more === 'object' && more !== null;
    expect((await tokenize(isOption ? more : {})).reused).toBe(false);
    expect((await tokenize(isOption ? more : {})).reused).toBe(true);
  });
  test('is no source of itself', async () => {
    const inside = { sources: folder, documents: 'line' };
    expect((await tokenize(inside)).reused).toBe(true);
    await expect(tokenize({ sources: output })).rejects.toThrow('take another folder for the output');
  });
  test('stays as it is where the next cannot be made', async () => {
    const before = bytesOf(output);
    write('b.txt', textsOf(30_000));
    await expect(tokenize({ signal: AbortSignal.abort() })).rejects.toThrow('abort');
    writeFileSync(join(folder, 'broken.txt.gz'), 'no gzip');
    await expect(tokenize({ sources: folder })).rejects.toThrow('is no whole gzip file');
    expect(bytesOf(output)).toEqual(before);
  });
  test('that is damaged is named', async () => {
    truncateSync(join(output, 'train.tokens'), 10);
    await expect(openCorpus(output)).rejects.toThrow(/train\.tokens: has 10 bytes; corpus\.json says \d+\. Tokenize/);
    rmSync(join(output, 'train.tokens'));
    await expect(openCorpus(output)).rejects.toThrow(/train\.tokens: is missing/);
    await expect(openCorpus(folder)).rejects.toThrow(
      new UserError(`${folder}: holds no tokenized corpus (there is no corpus.json)`),
    );
  });
});

describe('refused are', () => {
  test.each([
    [{ validationShare: 1 }, 'validationShare is 1; 0 to below 1 was expected'],
    [{ validationShare: Number.NaN }, 'validationShare is NaN'],
    [{ workers: 0 }, 'workers is 0; a whole number from 1'],
    [{ validationShare: 0.1, validationSources: 'a' }, 'validationShare and validationSources are both given'],
    [{ maxDocumentLength: 1 }, 'maxDocumentLength is 1'],
    [{ tokenizer: './nowhere' }, './nowhere: no such folder, and no id of the hub either'],
    [{ sources: 'nowhere/*.txt' }, 'nowhere/*.txt: the pattern matches no files'],
  ])('%j', async (more, message) => {
    write('a.txt', ['good']);
    await expect(tokenizeCorpus({ ...options(), ...more })).rejects.toThrow(UserError);
    await expect(tokenizeCorpus({ ...options(), ...more })).rejects.toThrow(message);
  });
  test('corpora of which nothing falls to a side', async () => {
    write('a.txt', ['good']);
    const tokenize = (validationShare: number) => tokenizeCorpus({ ...options(), validationShare });
    await expect(tokenize(1e-9)).rejects.toThrow('none of the 1 documents falls to validation at a share of 1e-9');
    await expect(tokenize(1 - 1e-9)).rejects.toThrow('no document is left for training (1 are for validation)');
    write('a.txt', ['\0']);
    await expect(tokenizeCorpus({ ...options() })).rejects.toThrow('of 1 the tokenizer left nothing');
    expect(readdirSync(output)).toEqual([]);
  });
});

test('a tokenizer that refuses a text is named, and the workers end', async () => {
  const json = {
    version: '1.0',
    added_tokens: [],
    model: { type: 'WordLevel', vocab: { good: 0 }, unk_token: '[UNK]' },
  };
  writeFileSync(join(tokenizer, 'tokenizer.json'), JSON.stringify(json));
  write('a.txt', ['good', 'bad']);
  const made = tokenizeCorpus({ ...options(), workers: 2 });
  await expect(made).rejects.toThrow(UserError);
  await expect(made).rejects.toThrow('the tokenizer cannot encode a text of the corpus');
  expect(readdirSync(output)).toEqual([]);
});

test('blocks come out of files of any size, by reading what is asked for', async () => {
  write('a.txt', textsOf(1000));
  const { train } = await tokenizeCorpus({ ...options(), validationShare: 0 });
  const held = packedBlocks(train, { size: 16, separatorId: 3 });
  const read = packedBlocks((await openCorpus(output, { heldInMemory: 0 })).train, { size: 16, separatorId: 3 });
  const numbers = Array.from({ length: held.length }, (_, i) => i);
  expect(await read.read(numbers)).toEqual(await held.read(numbers));
});

test('without worker threads the tokens are the same', async () => {
  const texts = textsOf(50);
  const settings = { validationShare: 0.3, seed: 1, sentences: false };
  write('a.txt', texts);
  const { train } = await tokenizeCorpus({ ...options(), ...settings });
  const pool = createEncoderPool({ tokenizer, encoder: { ...settings, tokenType: 'uint16' } }, 1);
  const batch = await pool.encode(texts);
  await pool.close();
  expect([...batch.train.ids]).toEqual([...(await train.read(0, train.length))]);
});
