import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeTogether } from '#files';
import { similarityNames } from '../../platform/similarity-names.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';
import { sentenceFileNames, sentenceFiles } from './sentence-files.js';
import { sentencePoolings } from './sentence-poolings.js';
import { readSentenceSettings, type SentenceSettings } from './sentence-settings.js';

const usual: Omit<SentenceSettings, 'modelFolder'> = {
  pooling: 'mean',
  normalize: false,
  comparison: 'cosine',
  maxSeqLength: 128,
  doLowerCase: false,
  prompts: {},
  prompt: '',
};

test.each<Partial<SentenceSettings>>([
  {},
  ...sentencePoolings.map((pooling) => ({ pooling })),
  ...similarityNames.map((comparison) => ({ comparison })),
  { normalize: true, doLowerCase: true, maxSeqLength: undefined },
  { prompts: { query: 'query: ', document: 'passage: ' } },
  { prompts: { query: 'query: ', document: '' }, prompt: 'query: ' },
])('what is written is read: %j', async (changes) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'config.json'), '{}');
  const settings = { ...usual, ...changes };
  await writeTogether(folder, sentenceFiles(settings, 384), 'modules.json');
  expect(await readSentenceSettings(folder)).toEqual({ modelFolder: folder, ...settings });
});

test('a default prompt without a name gets one', async () => {
  const folder = temporaryFolder();
  await writeTogether(folder, sentenceFiles({ ...usual, prompt: 'text: ' }, 8), 'modules.json');
  expect(await readSentenceSettings(folder)).toMatchObject({ prompt: 'text: ', prompts: { default: 'text: ' } });
});

test('all names are known, so that they go with the model', () => {
  const written = Object.keys(sentenceFiles({ ...usual, normalize: true }, 8));
  expect(written.sort()).toEqual([...sentenceFileNames].sort());
});
