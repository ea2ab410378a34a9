/** @file Hidden tokens, guessed as Hugging Face's pipeline guesses them (fixtures/fill-mask, the model of fixtures/bert/mlm). */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BertConfig, BertModel, type FillMaskPipeline, type MaskFill, type MaskFills, pipeline } from '../../index.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';
import { toyConfig, toyFolder } from '../../testing/toy.js';

interface PythonFill {
  score: number;
  token: number;
  token_str: string;
  sequence: string;
}
type PythonFills = PythonFill[] | PythonFill[][];

interface Expected {
  texts: string[];
  targets: string[];
  all: PythonFills[];
  among_targets: PythonFills[];
}

const fixtures = fileURLToPath(new URL('../../../fixtures', import.meta.url));
const expected = JSON.parse(readFileSync(join(fixtures, 'fill-mask/expected.json'), 'utf8')) as Expected;
const { texts, targets } = expected;

/** A folder with the model and the vocabulary, and with further files. */
function modelFolder(files: Readonly<Record<string, string>> = {}): string {
  const folder = temporaryFolder();
  for (const name of ['config.json', 'model.safetensors']) cpSync(join(fixtures, 'bert/mlm', name), join(folder, name));
  cpSync(join(fixtures, 'fill-mask/vocab.txt'), join(folder, 'vocab.txt'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

function expectAlike(fills: MaskFills, reference: PythonFills): void {
  const flat = (fills as (MaskFill | MaskFill[])[]).flat();
  const wanted = (reference as (PythonFill | PythonFill[])[]).flat();
  expect(flat.map(({ token, tokenStr, sequence }) => ({ token, token_str: tokenStr, sequence }))).toEqual(
    wanted.map(({ score: _, ...rest }) => rest),
  );
  for (const [i, { score }] of flat.entries()) expect(score).toBeCloseTo(wanted[i]?.score as number, 6);
  expect(fills.map((fill) => Array.isArray(fill))).toEqual(reference.map((fill) => Array.isArray(fill)));
}

describe("what Hugging Face's pipeline says", () => {
  let fill: FillMaskPipeline;
  beforeAll(async () => {
    fill = await pipeline('fill-mask', modelFolder(), { batchSize: 3 });
  });
  afterAll(() => fill.dispose());

  test('of texts of different lengths, one with two hidden places', async () => {
    const fills = await fill(texts, { topK: 4 });
    expect(fills).toHaveLength(texts.length);
    for (const [i, ofText] of fills.entries()) expectAlike(ofText, expected.all[i] as PythonFills);
  });

  test('of one text alone', async () => {
    for (const [i, text] of texts.entries()) expectAlike(await fill(text, { topK: 4 }), expected.all[i] as PythonFills);
  });

  test('among targets, whose scores stay those in the whole vocabulary', async () => {
    for (const [i, text] of texts.entries()) {
      expectAlike(await fill(text, { targets }), expected.among_targets[i] as PythonFills);
    }
  });

  test('five tokens where nothing is said; all of them have the probability 1 together', async () => {
    expect(await fill('[MASK]')).toHaveLength(5);
    const all = (await fill('the [MASK] film', { topK: 100 })) as MaskFill[];
    expect(all).toHaveLength(64);
    expect(all.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 5);
  });

  test('nothing of nothing', async () => {
    expect(await fill([])).toEqual([]);
  });

  test('the mask token is there to write texts with', () => {
    expect(fill.maskToken).toBe('[MASK]');
  });

  test.each<[string, () => Promise<unknown>, RegExp]>([
    ['a text without mask', () => fill(['a [MASK]', 'a film']), /text 2 has no \[MASK\], which .*: "a film"/],
    ['no tokens to give', () => fill('[MASK]', { topK: 0 }), /topK is 0; it must be a whole number from 1/],
    ['no targets', () => fill('[MASK]', { targets: [] }), /targets is an empty list/],
    [
      'a target of several tokens',
      () => fill('[MASK]', { targets: ['film', 'filmsly'] }),
      /the target "filmsly" is no token of the vocabulary but 3: film, ##s, ##ly/,
    ],
    ['a target that is unknown', () => fill('[MASK]', { targets: 'xyz' }), /the target "xyz" is no token of/],
    [
      'an option of another name',
      () => fill('[MASK]', { top_k: 1 } as object),
      /no option "top_k".*Did you mean topK\?/,
    ],
    ['a target of nothing', () => fill('[MASK]', { targets: ' ' }), /the target " " is no token of the vocabulary\. /],
    [
      'a text too long for the model',
      () => fill(`[MASK]${' the'.repeat(23)}`),
      /a text of 26 tokens, but the model reads/,
    ],
  ])('refuses %s', async (_, call, message) => {
    await expect(call()).rejects.toThrow(message);
  });
});

test('with a maximum length, texts are cut; where that takes the mask away, it is said', async () => {
  const fill = await pipeline('fill-mask', modelFolder(), { maxLength: 6 });
  expect((await fill(`[MASK]${' the'.repeat(30)}`, { topK: 1 }))[0]).toMatchObject({
    sequence: expect.stringMatching(/ the the the$/),
  });
  await expect(fill('the the the the the [MASK]')).rejects.toThrow('text 1 has no [MASK] within its first 6 tokens');
  await fill.dispose();
});

describe('refuses', () => {
  test('a tokenizer without mask token', async () => {
    const vocabulary = readFileSync(join(fixtures, 'fill-mask/vocab.txt'), 'utf8').replace('[MASK]', '[unused99]');
    await expect(pipeline('fill-mask', modelFolder({ 'vocab.txt': vocabulary }))).rejects.toThrow(
      'its tokenizer has no mask token, which fill-mask needs',
    );
  });

  test('a model that was never trained to guess tokens', async () => {
    const folder = toyFolder();
    await BertModel.fromConfig(BertConfig.fromJson(toyConfig, 'toy')).savePretrained(folder);
    await expect(pipeline('fill-mask', folder)).rejects.toThrow(
      /no trained head for fill-mask \(missing: cls\.predictions.*Train one first: multihead pretrain fill-mask/,
    );
  });
});
