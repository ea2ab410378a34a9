import { expect, test } from 'vitest';
import { colorsFor } from './colors.js';

const colored = '\u001b[31merror:\u001b[39m';
const plain = 'error:';

test.each([
  ['a terminal', { isTTY: true }, {}, colored],
  ['a file', { isTTY: false }, {}, plain],
  ['a pipe', {}, {}, plain],
  ['a pipe of a build server', {}, { CI: 'true' }, plain],
  ['a pipe, forced', {}, { FORCE_COLOR: '1' }, colored],
  ['a pipe, forced by the empty word', {}, { FORCE_COLOR: '' }, colored],
  ['a terminal that may not', { isTTY: true }, { FORCE_COLOR: '0' }, plain],
  ['a terminal of somebody who wants none', { isTTY: true }, { NO_COLOR: '1' }, plain],
  ['a terminal where NO_COLOR is empty, thus not set', { isTTY: true }, { NO_COLOR: '' }, colored],
  ['both asked: none', { isTTY: true }, { NO_COLOR: '1', FORCE_COLOR: '1' }, plain],
  ['a dumb terminal', { isTTY: true }, { TERM: 'dumb' }, plain],
])('%s', (_, stream, env, expected) => {
  expect(colorsFor(stream, env).red('error:')).toBe(expected);
});
