import { expect, it } from 'vitest';
import { sampleDocuments } from './sample.js';

const documents = Array.from({ length: 2000 }, (_, number) => [`Document ${number} has some text.`, 'And more of it.']);
const size = (some: readonly (readonly string[])[]) => some.flat().join('').length;

it('keeps a source that is small enough whole', () => {
  expect(sampleDocuments(documents, size(documents))).toEqual(documents);
});

it('keeps about as much as is asked for, in order, the same each time', () => {
  const kept = sampleDocuments(documents, size(documents) / 4);
  expect(size(kept) / size(documents)).toBeCloseTo(0.25, 1);
  expect(kept).toEqual(documents.filter((document) => kept.includes(document)));
  expect(sampleDocuments(documents, size(documents) / 4)).toEqual(kept);
});

it('keeps a document whatever stands around it', () => {
  const kept = sampleDocuments(documents, size(documents) / 2);
  const reversed = sampleDocuments(documents.toReversed(), size(documents) / 2);
  expect(reversed.toReversed()).toEqual(kept);
});
