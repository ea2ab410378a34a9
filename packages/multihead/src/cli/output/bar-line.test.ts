import { expect, test } from 'vitest';
import { barLine, StepTime } from './bar-line.js';

const told = ['1:02:03 left', 'loss 0.4312', 'epoch 1.25', '12345 tokens/s', 'rate 4.50e-5'];

test.each([100, 80, 60, 30])('at %i columns the line fits, and has the time left', (columns) => {
  const line = barLine({ value: 150, total: 300, told }, columns);
  expect(line.length).toBeLessThan(columns);
  expect(line).toContain('150/300  1:02:03 left');
});

test('at 100 columns everything is shown', () => {
  const line = barLine({ value: 150, total: 300, told }, 100);
  expect(line).toMatch(
    /^█+░+ {2}150\/300 {2}1:02:03 left {2}loss 0\.4312 {2}epoch 1\.25 {2}12345 tokens\/s {2}rate 4\.50e-5$/,
  );
});

test('before the first step there is a bar', () => {
  expect(barLine({ value: 0, total: 300, told: [] }, 60)).toBe(`${'░'.repeat(24)}  0/300`);
});

test('the estimate does not jump with batches of different lengths, and follows a machine that becomes slower', () => {
  const time = new StepTime();
  const means = Array.from({ length: 100 }, (_, i) => time.add(i % 2 ? 300 : 100));
  for (let i = 20; i < 100; i++) {
    expect(Math.abs((means[i] as number) / (means[i - 1] as number) - 1)).toBeLessThan(0.05);
  }
  let last = 0;
  for (let i = 0; i < 1000; i++) last = time.add(1000);
  expect(last).toBeGreaterThan(980);
});
