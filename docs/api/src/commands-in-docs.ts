/** @file The shell commands of documents, and the files and links that documents name. */

/** A command as it stands in a document. */
export interface DocCommand {
  /** The document's path, relative to the repository. */
  readonly file: string;
  /** Its line, from 1. */
  readonly line: number;
  readonly text: string;
}

/**
 * The commands of a document's `sh` blocks: one for each line; a backslash at the end joins the next line to it.
 *
 * @example
 * commandsIn('a.md', '```sh\nmultihead train \\\n  --output runs/a   # a comment\n```')
 * // [{ file: 'a.md', line: 2, text: 'multihead train   --output runs/a' }]
 */
export function commandsIn(file: string, markdown: string): DocCommand[] {
  return [...markdown.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap((block) => {
    let line = markdown.slice(0, block.index).split('\n').length + 1;
    const commands: DocCommand[] = [];
    for (const [whole, joined = ''] of (block[1] as string).matchAll(/((?:[^\n]*\\\n)*[^\n]*)\n/g)) {
      const text = joined
        .replaceAll('\\\n', '')
        .replace(/(^|\s)#.*$/, '')
        .trim();
      if (text !== '') commands.push({ file, line, text });
      line += whole.split('\n').length - 1;
    }
    return commands;
  });
}

/**
 * The words of a shell command, without the quotes around them. No variables or substitutions.
 *
 * @example
 * wordsOf(`multihead predict --model runs/a "Where is it?"`)   // ['multihead', 'predict', '--model', 'runs/a', 'Where is it?']
 */
export const wordsOf = (command: string): string[] =>
  [...command.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)].map(([word]) => word.replaceAll(/["']/g, ''));

/** The calls of `multihead` in a command line, each as its words behind the name: `cat a | npx multihead embed` has one. */
export function multiheadCalls(command: string): string[][] {
  return command.split(/ (?:\||&&) /).flatMap((part) => {
    const words = wordsOf(part);
    const at = words.indexOf('multihead');
    return at === 0 || words[at - 1] === 'npx' ? [words.slice(at + 1)] : [];
  });
}

/** The relative targets of a document's links and images, without their anchors. */
export const linksIn = (markdown: string): string[] =>
  [...markdown.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] as string).filter((to) => !/^[a-z]+:/.test(to));

/** What stands in a document as code within a sentence. */
export const codeIn = (markdown: string): string[] =>
  [...markdown.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/`([^`\n]+)`/g)].map((match) => match[1] as string);
