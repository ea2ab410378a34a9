import { describe, expect, it } from 'vitest';
import { crawlToDocuments, endlessSkyToDocuments } from './game-text.js';

describe('endlessSkyToDocuments', () => {
  it('gives the texts of each node, names filled in, other placeholders left out', () => {
    const source =
      'mission "Intro"\n\tdescription "Go to the port."\n\tconversation\n\t\t`"Hello, <first>," he says.`\n\t\t`Bring it to <planet>.`\n' +
      'ship "Ant"\n\tdescription "A small ship."\n';
    expect(endlessSkyToDocuments(source)).toEqual([['Go to the port.', '"Hello, Robin," he says.'], ['A small ship.']]);
  });
});

describe('crawlToDocuments', () => {
  it('gives the text of each entry without key, comments and scripted paragraphs', () => {
    const source =
      '%%%%\n# Uniques\nAgnes\n\nThis spriggan is\naged.\n\nShe hits @foe@.\n%%%%\nAizul\n\n{{ return "x"\n\nend }}\nOnce a guardian.\n%%%%\n';
    expect(crawlToDocuments(source).filter((document) => document.length > 0)).toEqual([
      ['This spriggan is aged.'],
      ['Once a guardian.'],
    ]);
  });
});
