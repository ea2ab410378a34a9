/** @file The JSON of the chinese-poetry collection to documents: a poem is one paragraph, a chapter keeps its own. */
import type { Document } from '../document.js';

/** Longer than this (characters), a text is prose or a long poem, and its lines stay paragraphs. */
const LONGEST_POEM = 200;

/**
 * Every list of lines under `paragraphs` or `content`, however deep. `desc` and the notes of editors are left out.
 *
 * @example
 * poetryToDocuments([{ title: '春曉', paragraphs: ['春眠不覺曉，處處聞啼鳥。', '夜來風雨聲，花落知多少。'] }]);
 * // [['春眠不覺曉，處處聞啼鳥。夜來風雨聲，花落知多少。']]
 */
export function poetryToDocuments(json: unknown): Document[] {
  if (Array.isArray(json)) return json.flatMap(poetryToDocuments);
  if (typeof json !== 'object' || json === null) return [];
  return Object.entries(json).flatMap(([key, value]) => {
    if ((key === 'paragraphs' || key === 'content' || key === 'para') && isLines(value)) {
      const text = value.join('');
      return [text.length <= LONGEST_POEM ? [text] : value];
    }
    return poetryToDocuments(value);
  });
}

function isLines(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((line) => typeof line === 'string');
}
