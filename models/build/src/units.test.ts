import { describe, expect, test } from 'vitest';
import { unitsOf } from './units.js';

describe('units', () => {
  test('are sentences, joined while they are short', () => {
    expect(unitsOf('It is a fine day. We go out! Do you?')).toEqual([
      { text: 'It is a fine day. We go out! Do you?', isTaught: true },
    ]);
  });

  test('are cut between sentences, and lose nothing', () => {
    const paragraph = Array.from({ length: 20 }, (_, i) => `This is sentence number ${i} of many.`).join(' ');
    const units = unitsOf(paragraph);
    expect(units.length).toBeGreaterThan(2);
    for (const { text } of units) {
      expect(text.length).toBeLessThanOrEqual(240);
      expect(text).toMatch(/^This .*\.$/);
    }
    expect(units.map(({ text }) => text).join(' ')).toBe(paragraph);
  });

  test('of Chinese are not taught', () => {
    expect(unitsOf('今天天气很好。我们出去吧！')).toEqual([{ text: '今天天气很好。我们出去吧！', isTaught: false }]);
  });

  test('of what is too short there are none; what is too long is cut', () => {
    expect(unitsOf('Yes.')).toEqual([]);
    expect(unitsOf('x'.repeat(500)).map(({ text }) => text.length)).toEqual([240, 240, 20]);
  });
});
