import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { peakMemory } from './peak-memory.js';

test('is that of the process itself, however large the one is which started it', () => {
  const large = Buffer.alloc(400 << 20, 1);
  expect(peakMemory()).toBeGreaterThan(large.length);
  const script = `
    const { peakMemory } = await import(${JSON.stringify(new URL('./peak-memory.js', import.meta.url).href)});
    console.log(peakMemory());
  `;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' });
  expect(Number(stdout)).toBeGreaterThan(20e6);
  expect(Number(stdout)).toBeLessThan(200e6);
});
