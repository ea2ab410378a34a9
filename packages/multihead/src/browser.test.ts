/** @file The library's entry goes into a browser as it is: nothing that only Node has is behind it. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { build, type Metafile } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';
import { toyFolder } from './testing/toy.js';

const entry = fileURLToPath(new URL('./index.js', import.meta.url));

/** Everything that the bundle is made of, or would load when it runs. */
function modulesOf({ inputs, outputs }: Metafile): string[] {
  const parts = [...Object.values(inputs), ...Object.values(outputs)];
  return [...Object.keys(inputs), ...parts.flatMap(({ imports }) => imports.map(({ path }) => path))];
}

async function bundle(conditions: string[]): Promise<{ code: string; modules: string[] }> {
  const result = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    format: 'iife',
    globalName: 'multihead',
    target: 'es2022',
    platform: 'browser',
    conditions,
    // Left in the bundle as imports, so that this test can name them instead of failing to resolve.
    external: ['node:*', ...builtinModules, 'onnxruntime-node', 'tokenizers'],
    logLevel: 'silent',
  });
  return { code: result.outputFiles[0]?.text ?? '', modules: modulesOf(result.metafile) };
}

const isOfNodeAlone = (path: string): boolean =>
  path.startsWith('node:') ||
  builtinModules.includes(path) ||
  /(^|\/)(onnxruntime-node|tokenizers)(\/|$)/.test(path.replace('@huggingface/tokenizers', '')) ||
  /dist\/(engine|data\/files|data\/parquet)\/(node|child)/.test(path) ||
  /dist\/(cli|testing)\//.test(path);

describe('in a browser', () => {
  let code: string;
  let modules: string[];

  beforeAll(async () => {
    ({ code, modules } = await bundle(['browser', 'module', 'import']));
  });

  test('the bundle holds the library, and no module of Node', () => {
    expect(modules.some((path) => path.endsWith('dist/models/bert/heads.js'))).toBe(true);
    expect(modules.some((path) => path.endsWith('dist/engine/web/engine.js'))).toBe(true);
    expect(modules.filter(isOfNodeAlone)).toEqual([]);
  });

  test('it runs where there is no Node: a tokenizer, a CSV file and a model work', async () => {
    const folder = toyFolder();
    writeFileSync(join(folder, 'data.csv'), 'text,label\n"good, ""very"" good",1\nbad,0\n');
    const answer = (path: string, init: { method?: string } = {}) => {
      if (!existsSync(path)) return new Response(null, { status: 404 });
      return new Response(init.method === 'HEAD' ? null : readFileSync(path));
    };
    const fetch = async (path: string, init?: { method?: string }) => answer(path, init);
    // What pages have, and nothing else: no process, no Buffer, no require.
    const page = createContext({ TextEncoder, TextDecoder, URL, Response, fetch, console, folder });
    const outcome = await (runInContext(
      `${code};
      (async () => {
        const { AutoTokenizer, BertForSequenceClassification, BertConfig, readClassificationExamples } = multihead;
        const [{ text }] = await readClassificationExamples(folder + '/data.csv');
        const tokenizer = await AutoTokenizer.fromPretrained(folder);
        const config = BertConfig.fromJson(await (await fetch(folder + '/config.json')).json(), 'config.json');
        const model = BertForSequenceClassification.fromConfig(config);
        const { inputIds: ids } = await tokenizer.encode('good');
        return JSON.stringify({ text, ids, parameters: model.weights.count });
      })()`,
      page,
    ) as Promise<string>);
    expect(JSON.parse(outcome)).toMatchObject({
      text: 'good, "very" good',
      ids: [2, 5, 3],
      parameters: expect.any(Number),
    });
  });

  test('the check would see Node: under the condition "node" it finds what it looks for', async () => {
    const { modules } = await bundle(['node', 'import']);
    const found = modules.filter(isOfNodeAlone).join('\n');
    expect(found).toMatch(/node:worker_threads/);
    expect(found).toMatch(/node:fs/);
  });
});
