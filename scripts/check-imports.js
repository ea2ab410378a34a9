/**
 * npm run check runs this: which room of the library may import which, and what is for Node alone. Prints each import that
 * breaks a rule with its line, and ends with 1.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix, relative } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The rooms (folders of `src`), and the rooms that each may import. A new room is one row, below those it imports. */
export const rooms = {
  platform: [],
  hub: ['platform'],
  data: ['platform'],
  metrics: ['platform'],
  search: ['platform'],
  tensor: ['platform'],
  onnx: ['platform', 'tensor'],
  engine: ['platform', 'tensor', 'onnx'],
  nn: ['platform', 'tensor'],
  vectors: ['platform', 'tensor', 'onnx', 'engine', 'nn'],
  text: ['platform', 'hub', 'data'],
  models: ['platform', 'hub', 'data', 'tensor', 'onnx', 'engine', 'nn'],
  convert: ['platform', 'nn', 'text', 'models'],
  tasks: ['platform', 'data', 'metrics', 'search', 'tensor', 'engine', 'nn', 'vectors', 'text', 'models'],
  training: ['platform', 'data', 'tensor', 'onnx', 'engine', 'nn', 'text', 'models', 'tasks'],
  inference: ['platform', 'data', 'metrics', 'tensor', 'engine', 'nn', 'vectors', 'text', 'models', 'tasks'],
  export: ['platform', 'onnx', 'engine', 'text', 'models', 'tasks'],
  report: ['platform', 'metrics', 'search', 'tasks', 'training'],
  server: ['platform', 'hub', 'data', 'metrics', 'tensor', 'engine', 'text', 'models', 'tasks', 'inference'],
  cli: [
    'platform',
    'hub',
    'data',
    'metrics',
    'vectors',
    'search',
    'text',
    'models',
    'convert',
    'tasks',
    'training',
    'inference',
    'export',
    'report',
    'server',
  ],
};

/** What programs import: the package's entry and its sub-paths, of all rooms but the command line. */
const all = Object.keys(rooms).filter((room) => room !== 'cli');
rooms.exports = all;
rooms['index.ts'] = [...all, 'exports'];

/** Modules that a room may not import although it is for Node, and why. */
const refused = {
  cli: {
    modules: /^(node:)?fs(\/|$)/,
    why: 'it reads and writes by #files, which knows how names and links are made safe',
  },
};

/** Rooms whose files may import each other in a circle at run time. Why that is safe in tensor/, tensor/operator.ts says. */
const circular = ['tensor'];

/** Code of tests, which may import anything: `x.test.ts`, and what tests share. */
const isTest = (file) => file.endsWith('.test.ts') || file.startsWith('testing/');

/** Files that only Node, or only a browser, loads: `node.ts` and what lies in a folder `node/`; `web.ts` and `web/`. */
const runtimeOf = (file) => /(?:^|\/)(node|web)(?:\.ts$|\/)/.exec(file)?.[1];
const mayUseNode = (file) => runtimeOf(file) === 'node' || /^(cli|server)\//.test(file);

/**
 * @param sources the text of each file by its path below `src`
 * @param aliases the files that each `#name` stands for: package.json's `imports`
 * @param table   as {@link rooms}
 * @returns what breaks a rule, a sentence each
 */
export function checkImports(sources, aliases, table = rooms) {
  const files = Object.keys(sources).filter((file) => !isTest(file));
  const imports = files.flatMap((file) => importsOf(file, sources[file], aliases));
  return [
    ...checkTable(files, table),
    ...imports.flatMap((one) => checkImport(one, table)),
    ...circles(files, imports),
  ];
}

/** @returns `{ file, line, name, targets, isType }` for each module that a file names */
function importsOf(file, text, aliases) {
  // `import x from 'y'` and `export x from 'y'`, which begin a line; and import('y') in an expression or a type.
  const statements = /^(?:import|export)\b(?<what>[^;'"]*?)\bfrom\s*'(?<name>[^']+)'|^import\s*'(?<alone>[^']+)'/gm;
  const calls = /^(?!\s*(?:\*|\/[/*])).*?\bimport\(\s*'(?<name>[^']+)'\s*\)(?<member>\.[A-Z])?/gm;
  return [...text.matchAll(statements), ...text.matchAll(calls)].map(({ index, groups }) => {
    const name = groups.name ?? groups.alone;
    const isType = groups.member !== undefined || isTypeOnly(groups.what ?? '');
    const targets = name.startsWith('.')
      ? [posix.join(posix.dirname(file), name).replace(/\.js$/, '.ts')]
      : (aliases[name] ?? []);
    return { file, line: text.slice(0, index).split('\n').length, name, targets, isType };
  });
}

function isTypeOnly(what) {
  if (/^\s*type\b/.test(what)) return true;
  const names = /^\s*\{([^}]*)\}\s*$/
    .exec(what)?.[1]
    ?.split(',')
    .filter((name) => name.trim() !== '');
  return names !== undefined && names.length > 0 && names.every((name) => /^\s*type\s/.test(name));
}

const roomOf = (file) => file.split('/')[0];

function checkTable(files, table) {
  const here = new Set(files.map(roomOf));
  const isBefore = (room, other) => Object.keys(table).indexOf(room) < Object.keys(table).indexOf(other);
  return [
    ...[...here].filter((room) => !(room in table)).map((room) => `${room} has no row in the table of rooms`),
    ...Object.keys(table)
      .filter((room) => !here.has(room))
      .map((room) => `the table of rooms has a row for ${room}, which is not there`),
    ...Object.entries(table).flatMap(([room, others]) =>
      others
        .filter((other) => !isBefore(other, room))
        .map(
          (other) =>
            `the table of rooms lets ${room} import ${other}, whose row is not above it: imports point one way`,
        ),
    ),
  ];
}

function checkImport({ file, line, name, targets }, table) {
  const room = roomOf(file);
  const at = `${file}:${line} imports '${name}'`;
  if (name.startsWith('#') && targets.length === 0) return [`${at}, which package.json does not have`];
  if (builtinModules.includes(name.replace(/^node:/, ''))) {
    if (!mayUseNode(file)) return [`${at}: only node.ts, node/, server/ and cli/ may use Node's modules`];
    const rule = refused[room];
    return rule?.modules.test(name) ? [`${at}: ${room}/ may not, ${rule.why}`] : [];
  }
  const wrong = targets.flatMap((target) => {
    const other = roomOf(target);
    if (other !== room && !table[room]?.includes(other)) {
      return [`${at}: ${room} may import from ${table[room]?.join(', ') || 'no other room'}`];
    }
    const runtime = runtimeOf(target);
    const isOwn = runtimeOf(file) === runtime || (runtime === 'node' && mayUseNode(file));
    return runtime !== undefined && !name.startsWith('#') && !isOwn
      ? [`${at}, a file for ${runtime} alone: import it by a name of package.json's "imports"`]
      : [];
  });
  return [...new Set(wrong)];
}

/** Circles of imports at run time: each is a set of files from each of which one comes back to it. */
function circles(files, imports) {
  const next = new Map(files.map((file) => [file, new Set()]));
  for (const { file, targets, isType } of imports) {
    if (!isType) for (const target of targets) if (next.has(target)) next.get(file).add(target);
  }
  // Files that nothing imports, or that import nothing, are in no circle; take them away until all that is left is.
  const left = new Map(next);
  for (let before = -1; before !== left.size; ) {
    before = left.size;
    const imported = new Set([...left.values()].flatMap((targets) => [...targets]));
    for (const [file, targets] of left) {
      if (!imported.has(file) || ![...targets].some((target) => left.has(target))) left.delete(file);
    }
  }
  const wrong = [...left.keys()].filter((file) => !circular.includes(roomOf(file)));
  return wrong.length === 0 ? [] : [`files import each other in a circle at run time: ${wrong.join(', ')}`];
}

/** The library as it lies on the disk, for {@link checkImports}. */
export function readPackage(folder) {
  const src = join(folder, 'src');
  const files = readdirSync(src, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(src, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
  const { imports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const source = (path) => path.replace('./dist/', '').replace(/\.js$/, '.ts');
  return {
    sources: Object.fromEntries(files.map((file) => [file, readFileSync(join(src, file), 'utf8')])),
    aliases: Object.fromEntries(Object.entries(imports).map(([name, by]) => [name, Object.values(by).map(source)])),
  };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { sources, aliases } = readPackage(join(import.meta.dirname, '../packages/multihead'));
  const wrong = checkImports(sources, aliases);
  for (const sentence of wrong) console.error(sentence);
  if (wrong.length > 0) console.error(`${wrong.length} imports break the rules of scripts/check-imports.js.`);
  process.exitCode = wrong.length > 0 ? 1 : 0;
}
