import { describe, expect, it } from 'vitest';
import { joinLines, paragraphs } from './document.js';

describe('paragraphs', () => {
  it('cuts at blank lines and joins the lines of a paragraph by a space', () => {
    expect(paragraphs('One\n  two.\n \n\nThree.\n')).toEqual(['One two.', 'Three.']);
  });

  it('gives nothing for blank text', () => {
    expect(paragraphs(' \n\n ')).toEqual([]);
  });
});

describe('joinLines', () => {
  it('puts nothing between Chinese characters or wide punctuation, but a space beside a Latin word', () => {
    expect(joinLines('这是，\n一个\n  Debian\n系统')).toBe('这是，一个 Debian 系统');
  });
});
