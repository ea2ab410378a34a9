import { expect, it } from 'vitest';
import { SeenParagraphs } from './deduplicate.js';

it('knows a paragraph again by its letters alone, in any script', () => {
  const seen = new SeenParagraphs();
  expect(seen.add('Step 1: Save the file.')).toBe(true);
  expect(seen.add('step 2 - save the FILE')).toBe(false);
  expect(seen.add('Step 1: Save the files.')).toBe(true);
  expect(seen.add('保存文件。')).toBe(true);
  expect(seen.add('保存 文件')).toBe(false);
  expect(seen.add('打开文件。')).toBe(true);
});
