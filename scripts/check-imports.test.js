import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkImports, readPackage, rooms } from './check-imports.js';

const { sources, aliases } = readPackage(join(import.meta.dirname, '../packages/multihead'));

/** What the check says of the library with other files in it. */
const check = (files, table) => checkImports({ ...sources, ...files }, aliases, table);

test('the library keeps the rules, and its imports are read', () => {
  expect(check({})).toEqual([]);
  // A table that allows nothing refuses each import of another room.
  const none = Object.fromEntries(Object.keys(rooms).map((room) => [room, []]));
  expect(check({}, none).length).toBeGreaterThan(500);
});

test.each([
  [
    'another room',
    'nn/new.ts',
    "import { Model } from '../models/core/model.js';",
    'nn may import from platform, tensor',
  ],
  [
    'its types',
    'nn/new.ts',
    "import type { Model } from '../models/core/model.js';",
    'nn may import from platform, tensor',
  ],
  ['a type in an expression', 'nn/new.ts', "let model: import('../models/core/model.js').Model;", 'nn may import from'],
  ['several lines', 'nn/new.ts', "import {\n  type Model,\n} from '../models/core/model.js';", 'nn may import from'],
  [
    'what it passes on',
    'data/new.ts',
    "export * from '../text/tokenizer/tokenizer.js';",
    'data may import from platform',
  ],
  ['when it is called', 'data/new.ts', "const load = () => import('../cli/main.js');", 'data may import from platform'],
  [
    'the room of a #name',
    'metrics/new.ts',
    "import { createEngine } from '#engine';",
    'metrics may import from platform',
  ],
  ['a #name that there is not', 'text/new.ts', "import { x } from '#nowhere';", 'which package.json does not have'],
  ['Node', 'text/new.ts', "import { readFileSync } from 'node:fs';", "may use Node's modules"],
  ['Node by its old names', 'text/new.ts', "import { join } from 'path';", "may use Node's modules"],
  ['files in the command', 'cli/new.ts', "import { rm } from 'node:fs/promises';", 'it reads and writes by #files'],
  ["Node's side", 'text/new.ts', "import { readText } from '../platform/files/node.js';", 'a file for node alone'],
  ["the browser's side", 'text/new.ts', "import { readText } from '../platform/files/web.js';", 'a file for web alone'],
])('refuses an import of %s', (_, file, code, expected) => {
  const wrong = check({ [file]: `/** @file New. */\n${code}\n` });
  expect(wrong).toHaveLength(1);
  expect(wrong[0]).toContain(`${file}:2 imports '`);
  expect(wrong[0]).toContain(expected);
});

test.each([
  ['in tests', 'nn/new.test.ts', "import { main } from '../cli/main.js';"],
  ["of Node's modules in node.ts", 'text/new/node.ts', "import { readFileSync } from 'node:fs';"],
  ["of Node's modules in node/", 'text/node/new.ts', "import { readFileSync } from 'node:fs';"],
  ["of Node's modules in the command", 'cli/new.ts', "import { cpus } from 'node:os';"],
  ['in comments', 'nn/new.ts', "/**\n * import('../cli/main.js')\n */\n// import('../cli/main.js')"],
])('allows imports %s', (_, file, code) => expect(check({ [file]: code })).toEqual([]));

test('refuses circles at run time, through #names too, and allows those of types alone', () => {
  const circle = (what) => ({
    'text/new/one.ts': `import ${what} from './two.js';`,
    'text/new/two.ts': "export { three } from './three.js';",
    'text/new/three.ts': "import './one.js';",
  });
  const said = 'in a circle at run time: text/new/one.ts, text/new/two.ts, text/new/three.ts';
  expect(check(circle('{ two, type Two }'))[0]).toContain(said);
  expect(check(circle('{ type Two }'))).toEqual([]);
  expect(check(circle('type { Two }'))).toEqual([]);
  const file = 'platform/random.ts';
  const wrong = check({
    [file]: `import '#files';\n${sources[file]}`,
    'platform/files/web.ts': "import '../random.js';",
  });
  expect(wrong[0]).toContain('in a circle at run time: platform/');
});

test('a new room needs a row, below those of the rooms that it imports', () => {
  const room = { 'audio/sound.ts': "import { UserError } from '../platform/errors.js';" };
  expect(check(room)).toContain('audio has no row in the table of rooms');
  expect(check(room, { ...rooms, audio: ['platform'] })).toEqual([]);
  expect(check({}, { ...rooms, audio: [] })[0]).toContain('a row for audio, which is not there');
  expect(check({}, { ...rooms, platform: ['cli'] })[0]).toContain(
    'lets platform import cli, whose row is not above it',
  );
});
