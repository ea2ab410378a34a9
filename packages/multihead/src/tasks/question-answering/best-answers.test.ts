import { expect, test } from 'vitest';
import { bestAnswers } from './best-answers.js';

test('places count code points, of one answer and of several', () => {
  const context = '😀😀 In 𝒫aris, she said.';
  const start = context.indexOf('𝒫');
  const end = context.indexOf(',');
  const best = { answer: '𝒫aris', score: 0.9, start, end };
  const more = { answer: 'she', score: 0.1, start: end + 2, end: end + 5 };
  const logits = { startLogit: 1, endLogit: 1 };
  const prediction = { ...best, nBest: [best, more].map((answer) => ({ ...answer, ...logits })) };
  const written = bestAnswers(prediction, context, 2);
  expect(bestAnswers(prediction, context, 1)).toEqual(written.slice(0, 1));
  for (const answer of written) {
    expect([...context].slice(answer.start, answer.end).join('')).toBe(answer.answer);
    expect(Object.keys(answer)).toEqual(['answer', 'score', 'start', 'end']);
  }
});
