import { expect, test } from 'vitest';
import { UserError } from '../../platform/errors.js';
import { checkLengths } from './check-lengths.js';

test('refuses references and predictions that do not correspond', () => {
  expect(() => checkLengths('accuracy', [1, 2], [1])).toThrow(
    new UserError('accuracy: 2 references but 1 predictions; they must correspond one by one'),
  );
  expect(() => checkLengths('accuracy', [], [])).toThrow('accuracy: no references, so nothing to measure');
  expect(() => checkLengths('accuracy', [1], [2])).not.toThrow();
});
