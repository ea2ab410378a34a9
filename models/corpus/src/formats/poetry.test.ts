import { describe, expect, it } from 'vitest';
import { poetryToDocuments } from './poetry.js';

describe('poetryToDocuments', () => {
  it('makes a poem one paragraph and keeps the paragraphs of a longer text', () => {
    const long = ['长'.repeat(150), '文'.repeat(150)];
    expect(
      poetryToDocuments([
        { title: '春曉', author: '孟浩然', paragraphs: ['春眠不覺曉，', '處處聞啼鳥。'] },
        { title: '文', content: [{ chapter: '一', paragraphs: long }] },
      ]),
    ).toEqual([['春眠不覺曉，處處聞啼鳥。'], long]);
  });

  it('finds nothing in notes, descriptions and odd values', () => {
    expect(poetryToDocuments({ desc: '介绍', notes: ['注'], paragraphs: [], content: 3, para: null })).toEqual([]);
  });
});
