import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// The tests run on what is shipped: `npm test` compiles first, then runs the compiled tests. Workers and conditional
// imports then resolve in the tests exactly as they do for a user.
export default defineConfig({
  test: {
    include: [
      'packages/*/dist/**/*.test.js',
      'models/*/dist/**/*.test.js',
      'docs/*/dist/**/*.test.js',
      'examples/dist/**/*.test.js',
      'scripts/*.test.js',
    ],
    // The commands that tests start print what a pipe gets, also where the terminal or the build server forces colours.
    env: {
      FORCE_COLOR: '0',
      HF_ASSETS_CACHE: fileURLToPath(new URL('node_modules/.cache/assets', import.meta.url)),
      OMP_NUM_THREADS: '1', // two processes test at a time; with two threads each they would wait for each other
    },
    pool: 'forks',
    maxWorkers: 2,
    // These find what hangs. The longest test takes 13 s on two quiet cores, and ten times that on busy ones.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
