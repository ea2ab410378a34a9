import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { UserError } from '../../platform/errors.js';
import { openCorpus } from './corpus-folder.js';

const split = { documents: 1, tokens: 2, sentences: 0, unknownTokens: 0, fingerprint: 'a' };
const sound = { origin: { version: 1 }, tokenType: 'uint16', train: split, validation: split };

test.each<[string, unknown]>([
  ['null', null],
  ['another version', { ...sound, origin: { version: 2 } }],
  ['no counts of one part', { ...sound, validation: undefined }],
  ['a count that is no number', { ...sound, train: { ...split, tokens: '2' } }],
  ['a type of token that is none', { ...sound, tokenType: 'int8' }],
])('a corpus.json with %s is refused by name', async (_, summary) => {
  const folder = mkdtempSync(join(tmpdir(), 'multihead-'));
  writeFileSync(join(folder, 'corpus.json'), JSON.stringify(summary));
  await expect(openCorpus(folder)).rejects.toThrow(
    new UserError(`${join(folder, 'corpus.json')}: is no corpus of version 1. Tokenize the corpus anew.`),
  );
});
