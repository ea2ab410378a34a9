/**
 * @file Compiles packages/multihead/kernels/*.ts (AssemblyScript) to WebAssembly, kept as base64 in a TypeScript file, so
 * that Node and browsers load them alike. The result is in git; run `npm run build:kernels` after a change.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = 'packages/multihead/kernels/optimizer.ts';
const target = 'packages/multihead/src/engine/generated/optimizer-wasm.ts';

let bytes;
const { error, stderr } = await asc.main(
  [source, '--outFile', 'out.wasm', '--enable', 'simd', '--runtime', 'stub', '--noAssert', '-O3', '--importMemory'],
  {
    writeFile: (name, contents) => {
      if (name.endsWith('.wasm')) bytes = contents;
    },
  },
);
if (error) throw new Error(`${source}: ${stderr.toString()}`);

mkdirSync(new URL('../packages/multihead/src/engine/generated/', import.meta.url), { recursive: true });
writeFileSync(
  `${root}${target}`,
  `/** @file Made of ${source} by scripts/build-kernels.js; not edited by hand. */
export const optimizerWasm = '${Buffer.from(bytes).toString('base64')}';
`,
);
console.log(`${target}: ${bytes.length} bytes of WebAssembly`);
