import { expect, it } from 'vitest';
import { SOURCES } from './sources.js';

it('names each source once, with a licence', () => {
  expect(new Set(SOURCES.map(({ name }) => name)).size).toBe(SOURCES.length);
  expect(SOURCES.filter(({ licence }) => licence === '')).toEqual([]);
});

it('takes nothing that the embedded models are evaluated on', () => {
  const shared = SOURCES.filter(({ from }) => from.registry === 'shared').flatMap(({ from }) => from.names);
  expect(new Set(shared)).toEqual(new Set(['wikitext-2', 'tatoeba-cmn-eng']));
});

it('leaves out what is doubtful, and says why', () => {
  expect(SOURCES.filter(({ leftOut }) => leftOut !== undefined).map(({ name }) => name)).toEqual(['brown']);
});
