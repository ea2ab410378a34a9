import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { optimizerTables } from '../../testing/optimizer-table.js';

const page = fileURLToPath(new URL('../../../../../docs/optimizers.md', import.meta.url));

test('docs/optimizers.md lists each optimizer with its settings, as the registry declares them', () => {
  expect(readFileSync(page, 'utf8').split('\n## Which there are\n\n')[1]).toBe(optimizerTables());
});
