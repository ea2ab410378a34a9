import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { trainingOptionTables } from './option-tables.js';

const page = fileURLToPath(new URL('../../../../docs/training-options.md', import.meta.url));

test('docs/training-options.md lists each option as its schema declares it (npm run docs:options writes it)', () => {
  expect(readFileSync(page, 'utf8').split('\n## All options\n\n')[1]).toBe(trainingOptionTables());
});
