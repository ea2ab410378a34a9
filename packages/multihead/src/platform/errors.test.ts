import { expect, test } from 'vitest';
import { UserError } from './errors.js';

test('of a message that quotes megabytes, the beginning and the end are left', () => {
  const { message } = new UserError(`a.json: size is "${'x'.repeat(1e6)}"; expected a number`);
  expect(message).toMatch(/^a\.json: size is "x+ \.\.\. x+"; expected a number$/);
  expect(message.length).toBeLessThanOrEqual(2000);
  expect(new UserError('short', { cause: 1 })).toMatchObject({ message: 'short', cause: 1 });
});
