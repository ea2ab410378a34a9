import { describe, expect, it } from 'vitest';
import { detokenize, wikiTextToDocuments } from './detokenize.js';

describe('detokenize', () => {
  it('joins punctuation, numbers, clitics and brackets to their words', () => {
    expect(detokenize("The city ( 45 @-@ mile radius ) had 38 @,@ 232 people , did n't it ?")).toBe(
      "The city (45-mile radius) had 38,232 people, didn't it?",
    );
    expect(detokenize("He 's the dog 's owner : the players ' shoes cost $ 3 @.@ 50 .")).toBe(
      "He's the dog's owner: the players' shoes cost $3.50.",
    );
  });

  it('sets quotation marks close to what they hold', () => {
    expect(detokenize('He said , " go on " , and " went " .')).toBe('He said, "go on", and "went".');
    expect(detokenize("They deliver ' intricate riffs ' , which")).toBe("They deliver 'intricate riffs', which");
  });
});

describe('wikiTextToDocuments', () => {
  it('parts articles, drops headings and sentences with an unknown word', () => {
    const text =
      ' \n = Cat = \n \n The cat sat . The <unk> ran . It slept . \n = = Diet = = \n Mice . \n = Dog = \n <unk> . \n = Cow = \n Moo . \n';
    expect(wikiTextToDocuments(text)).toEqual([['The cat sat. It slept.', 'Mice.'], ['Moo.']]);
  });
});
