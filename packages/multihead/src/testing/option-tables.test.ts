import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { generationOptionTable, trainingOptionTables } from './option-tables.js';

test.each([
  ['training-options', trainingOptionTables],
  ['generation-options', generationOptionTable],
])('docs/%s.md lists each option as its schema declares it (npm run docs:options writes it)', (name, tables) => {
  const page = fileURLToPath(new URL(`../../../../docs/${name}.md`, import.meta.url));
  expect(readFileSync(page, 'utf8').split('\n## All options\n\n')[1]).toBe(tables());
});
