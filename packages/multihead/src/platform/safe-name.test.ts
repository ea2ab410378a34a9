/** @file What leads out of a folder is refused; what lies in it is not. */
import { join, relative, sep } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UserError } from './errors.js';
import { safeName } from './safe-name.js';

test.each([
  'config.json',
  '1_Pooling/config.json',
  'a b/#c?d%2e.txt',
  '..a',
  'console.json',
  'a/com10.txt',
  '.hidden',
  '模型/权重.safetensors',
])('inside: %j', (name) => expect(safeName(name, 'x')).toBe(name));

test.each([
  ...[
    '..',
    '../../a',
    'a/../b',
    '/etc/passwd',
    '',
    '.',
    './a',
    'a//b',
    'a/',
    'C:/a',
    'c:a',
    'a\\..\\b',
    'a\0b',
    'a\nb',
  ],
  ...[
    'a:stream',
    'b/a.json:$DATA',
    'a.',
    'a..',
    'a. ',
    'a /b',
    '.. ',
    '...',
    'com1.json',
    'LPT¹',
    'nul .txt',
    'CONIN$',
  ],
  ...['nul', 'CON.txt', 'a/aux', 'x'.repeat(1025), undefined, null, 3, {}],
])('outside: %j', (name) => expect(() => safeName(name, 'listing')).toThrow(UserError));

test('whatever passes stays in the folder', () => {
  const parts = fc.array(fc.oneof(fc.constantFrom('..', '.', '', 'a', 'b.c', '...', ' '), fc.string({ maxLength: 5 })));
  fc.assert(
    fc.property(parts, (these) => {
      const name = these.join('/');
      try {
        safeName(name, 'x');
      } catch {
        return;
      }
      const way = relative('/folder', join('/folder', name));
      expect(way === '..' || way.startsWith(`..${sep}`) || way === '').toBe(false);
    }),
  );
});
