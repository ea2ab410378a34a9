import { expect, it } from 'vitest';
import { brownToParagraphs } from './brown.js';

it('gives paragraphs without tags, sentences joined', () => {
  const text =
    "\n\n\tThe/at Fulton/np-tl jury/nn said/vbd ``/`` no/at ''/'' ./.\n\n\tIt/pps did/dod it/ppo and/or/cc that/dt ?/. ?/.\nYes/rb ./.\n";
  expect(brownToParagraphs(text)).toEqual(['The Fulton jury said "no".', 'It did it and/or that? Yes.']);
});
