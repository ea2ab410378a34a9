import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('.', import.meta.url));

// The tests run on what is shipped: `npm test` compiles first, then runs the compiled tests. Workers and conditional
// imports then resolve in the tests exactly as they do for a user.
const include = [
  'packages/*/dist/**/*.test.js',
  'models/*/dist/**/*.test.js',
  'docs/*/dist/**/*.test.js',
  'examples/dist/**/*.test.js',
  'scripts/*.test.js',
];

/**
 * Files of tests that change what others would see: they replace modules, or add rows to a registry. Each has a process of
 * its own; the others share processes, which saves each of them a second of loading the library.
 */
const changing = ['packages', 'models', 'docs', 'examples', 'scripts']
  .flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((file) => join(folder, String(file))))
  .filter((file) => file.endsWith('.test.js') && !file.includes('node_modules'))
  .filter((file) => /\bvi\.(mock|doMock)\(|\bregister[A-Z]\w+\(/.test(readFileSync(join(root, file), 'utf8')));

/** Temporary folders of the tests and of the commands that they start lie in this one, which is deleted at the end. */
const temporary = mkdtempSync(join(tmpdir(), 'mh-'));
process.once('exit', () => rmSync(temporary, { recursive: true, force: true }));

export default defineConfig({
  test: {
    env: {
      // The commands that tests start print what a pipe gets, also where the terminal or the build server forces colours.
      FORCE_COLOR: '0',
      HF_ASSETS_CACHE: join(root, 'node_modules/.cache/assets'),
      TMPDIR: temporary,
      // Two processes test at a time. With two threads each they would wait for each other.
      OMP_NUM_THREADS: '1',
    },
    pool: 'forks',
    maxWorkers: 2,
    // These find what hangs. The longest test takes 13 s on two quiet cores, and ten times that on busy ones.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    projects: [
      {
        extends: true,
        test: { name: 'shared', include, exclude: ['**/node_modules/**', ...changing], isolate: false },
      },
      { extends: true, test: { name: 'isolated', include: changing } },
    ],
  },
});
