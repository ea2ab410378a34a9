/** @file The `@example` blocks of docstrings, and the modules that the compiler checks them as. */

/** An example as it stands in a docstring. */
export interface DocExample {
  /** Path of the source file. */
  readonly file: string;
  /** The line of its `@example`, from 1. */
  readonly line: number;
  readonly code: string;
}

/**
 * All examples of a source file.
 *
 * @example
 * examplesIn('a.ts', '/**\n * @example\n * f(1)\n *\/')   // [{ file: 'a.ts', line: 2, code: 'f(1)' }]
 */
export function examplesIn(file: string, source: string): DocExample[] {
  const examples: DocExample[] = [];
  let code: string[] | undefined;
  for (const [index, text] of source.split('\n').entries()) {
    const line = /^\s*\* ?(.*)$/.exec(text)?.[1];
    if (line === '@example') {
      code = [];
      examples.push({ file, line: index + 1, code: '' });
    } else if (line === undefined || line.startsWith('@') || text.trim() === '*/') {
      code = undefined;
    } else if (code) {
      code.push(line);
      const last = examples.pop() as DocExample;
      examples.push({ ...last, code: code.join('\n').trimEnd() });
    }
  }
  return examples;
}

/** The TypeScript blocks of a document. */
export function snippetsIn(file: string, markdown: string): DocExample[] {
  return [...markdown.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => {
    const line = markdown.slice(0, match.index).split('\n').length;
    return { file, line, code: (match[1] as string).trimEnd() };
  });
}

/** The names that a source file exports where they are declared. */
export function exportedNames(source: string): string[] {
  const declared =
    /^export (?:declare )?(?:abstract )?(?:async )?(?:function\*?|class|const|interface|type|enum) (\w+)/gm;
  return [...source.matchAll(declared)].map((match) => match[1] as string);
}

/** What an example's module may use. */
export interface ModuleNames {
  /** By the module they come from, the first that has a name wins. */
  readonly imports: Readonly<Record<string, readonly string[]>>;
  /** Types of the variables that examples may take as given, as TypeScript. */
  readonly stage: Readonly<Record<string, string>>;
}

/**
 * An example as a module of its own: it imports the names that it uses, and declares those that it takes as given. What
 * it uses beyond these is an error of the compiler.
 */
export function exampleModule({ code }: DocExample, { imports, stage }: ModuleNames): string {
  const words = new Set(code.replace(/\/\/.*$/gm, '').match(/[A-Za-z_$][\w$]*/g));
  const own = new Set([...code.matchAll(/(?:const|let|class|function) (\w+)/g)].map((match) => match[1] as string));
  for (const [, names] of code.matchAll(/const [[{]+([^=()]*)[\]}]+ (?:=|of) /g)) {
    for (const name of (names as string).matchAll(/(?:(\w+): )?(\w+)/g)) own.add(name[2] as string);
  }
  for (const [, names] of code.matchAll(/^import (?:type )?\{([^}]*)\}/gm)) {
    for (const name of (names as string).split(',')) own.add(name.trim().replace(/^type /, ''));
  }
  const used = (name: string) => words.has(name) && !own.has(name);
  const given = Object.keys(stage).filter(used);
  for (const name of given) for (const word of (stage[name] as string).match(/\w+/g) ?? []) words.add(word);
  const taken = new Set(given);
  const lines: string[] = [];
  for (const [from, names] of Object.entries(imports)) {
    const chosen = names.filter((name) => words.has(name) && !own.has(name) && !taken.has(name));
    for (const name of chosen) taken.add(name);
    if (chosen.length > 0) lines.push(`import { ${chosen.join(', ')} } from '${from}';`);
  }
  lines.push(...given.map((name) => `declare const ${name}: ${stage[name]};`), code, 'export {};');
  return `${lines.join('\n')}\n`;
}
