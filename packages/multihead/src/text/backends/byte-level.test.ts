/** @file RoBERTa's tokenizer beside Transformers' (bench/peers/byte_level_fixtures.py): pairs, windows and answers' tokens. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { QuestionAnswering } from '../../tasks/question-answering/question-answering.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';
import { AutoTokenizer } from '../tokenizer/auto-tokenizer.js';
import type { Tokenizer } from '../tokenizer/tokenizer.js';

interface Fixture {
  readonly 'tokenizer.json': object;
  readonly special: Readonly<Record<'cls' | 'sep' | 'pad' | 'mask', number>>;
  readonly windows: readonly {
    readonly question: string;
    readonly context: string;
    readonly answer: string;
    readonly max_length: number;
    readonly stride: number;
    readonly windows: readonly {
      readonly ids: number[];
      readonly offsets: (number[] | null)[];
      readonly target: number[];
    }[];
  }[];
  readonly pairs: readonly { readonly pair: [string, string]; readonly max_length: number; readonly ids: number[] }[];
  readonly masked: readonly { readonly text: string; readonly ids: number[] }[];
}

const path = fileURLToPath(new URL('../../../fixtures/text/byte-level.json', import.meta.url));
const fixture = JSON.parse(readFileSync(path, 'utf8')) as Fixture;
let tokenizer: Tokenizer;

beforeAll(async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(fixture['tokenizer.json']));
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ model_type: 'roberta' }));
  tokenizer = await AutoTokenizer.fromPretrained(folder);
});

test("a folder that only says that the model is a RoBERTa has RoBERTa's special tokens", () => {
  const { clsId: cls, sepId: sep, padId: pad, maskId: mask } = tokenizer;
  expect({ cls, sep, pad, mask }).toEqual(fixture.special);
});

test.each(fixture.windows)('windows of $max_length with stride $stride: $answer', async (example) => {
  const { question, context, answer, max_length: maxLength, stride } = example;
  const task = new QuestionAnswering({ tokenizer, maxLength, stride });
  const answers = [{ text: answer, start: context.indexOf(answer) }];
  const [windows] = await task.encode([{ question, context, answers }]);
  expect(
    windows?.map(({ inputIds, offsets, target }) => {
      return { ids: inputIds, offsets: offsets.map((offset) => offset ?? null), target };
    }),
  ).toEqual(example.windows);
  for (const { tokenTypeIds } of windows ?? []) expect(new Set(tokenTypeIds)).toEqual(new Set([0]));
});

test('pairs are cut as a classifier reads them', async () => {
  for (const { pair, max_length: maxLength, ids } of fixture.pairs) {
    expect((await tokenizer.encode(pair, { maxLength })).inputIds).toEqual(ids);
  }
});

test('masks in texts', async () => {
  for (const { text, ids } of fixture.masked) expect((await tokenizer.encode(text)).inputIds).toEqual(ids);
});
