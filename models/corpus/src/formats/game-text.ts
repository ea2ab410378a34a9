/** @file The texts of two games: Endless Sky's data files and Dungeon Crawl Stone Soup's descriptions. */
import { type Document, paragraphs } from '../document.js';

/** What the game puts in place of these names; a paragraph with any other is left out, since its sense depends on it. */
const NAMES: Record<string, string> = { '<first>': 'Robin', '<last>': 'Reed', '<ship>': 'Swallow' };

/** Endless Sky: text stands between grave accents, or quoted behind `description`; an unindented line starts a node. */
export function endlessSkyToDocuments(source: string): Document[] {
  const documents: string[][] = [[]];
  for (const line of source.split('\n')) {
    if (/^\S/.test(line)) documents.push([]);
    const text = /`([^`]+)`/.exec(line)?.[1] ?? /^\s+(?:description|spaceport) "([^"]+)"/.exec(line)?.[1];
    const named = text?.replace(/<(?:first|last|ship)>/g, (name) => NAMES[name] ?? name).trim();
    if (named && !/<\w+>/.test(named)) documents.at(-1)?.push(named);
  }
  return documents.filter((document) => document.length > 0);
}

/** Stone Soup: entries parted by `%%%%`: a key, then text. Scripted lines, references (`@x@`) and comments go. */
export function crawlToDocuments(source: string): Document[] {
  return source.split(/^%%%%.*$/m).map((entry) => {
    const [, ...body] = entry.replace(/^#.*$/gm, '').trim().split('\n');
    return paragraphs(body.join('\n').replace(/\{\{[\s\S]*?\}\}/g, '')).filter(
      (paragraph) => !/[@<{]|^[a-z]+:/.test(paragraph),
    );
  });
}
