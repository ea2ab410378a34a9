import { expect, test } from 'vitest';
import { UserError } from '../../platform/errors.js';
import { checkPaired } from './check-lengths.js';

test('refuses references and predictions that do not correspond', () => {
  expect(() => checkPaired('accuracy', [1, 2], [1])).toThrow(
    new UserError('accuracy: 2 references but 1 predictions; they must correspond one by one'),
  );
  expect(() => checkPaired('accuracy', [], [])).toThrow('accuracy: no references, so nothing to measure');
  expect(() => checkPaired('accuracy', [1], [2])).not.toThrow();
});
