/** @file A hostile tokenizer.json ends the process that tries it, and no other; a sound one is tried once. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { UserError } from '../../platform/errors.js';
import { AutoTokenizer } from '../tokenizer/auto-tokenizer.js';
import { triedWith, tryTokenizer } from './node.js';

const root = mkdtempSync(join(tmpdir(), 'probe-'));
afterAll(() => rmSync(root, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

const model = { type: 'WordLevel', vocab: { '[UNK]': 0, a: 1 }, unk_token: '[UNK]' };
const written = (parts: object) => JSON.stringify({ version: '1.0', added_tokens: [], model, ...parts });
const splitBy = (Regex: string) => ({
  pre_tokenizer: { type: 'Split', pattern: { Regex }, behavior: 'Isolated', invert: false },
});
const charsmap = (...bytes: number[]) => ({
  normalizer: { type: 'Precompiled', precompiled_charsmap: Buffer.from(bytes).toString('base64') },
});
const replacing = (pattern: object, content: string) => ({ type: 'Replace', pattern, content });
/** 2^40 letters of one. */
const growing = {
  normalizer: { type: 'Sequence', normalizers: Array(40).fill(replacing({ String: 'q' }, 'qq')) },
};

let folders = 0;
function folderWith(text: string): string {
  const folder = join(root, String(folders++));
  mkdirSync(folder);
  writeFileSync(join(folder, 'tokenizer.json'), text);
  return folder;
}

describe('a hostile tokenizer.json', () => {
  test.each([
    ['a rule that backtracks without end', splitBy('(q+)+$')],
    ['one that does so over letters of its own', splitBy('^(ж|ж)*$')],
    ['one that does so over words', splitBy('(foo|foo)+$')],
    ['one that does so before a letter that comes too late', splitBy('(q+q+)+Y')],
    ['a charsmap that is cut off', charsmap(1, 2)],
    ['a charsmap that points outside of itself', charsmap(8, 0, 0, 0, 0, 255, 255, 255, 1, 2, 3, 4, 65, 0)],
  ])('with %s is refused by name', async (_, parts) => {
    const folder = folderWith(written(parts));
    const loading = AutoTokenizer.fromPretrained(folder);
    await expect(loading).rejects.toThrow(UserError);
    await expect(loading).rejects.toThrow(
      `${join(folder, 'tokenizer.json')}: is not loaded: tried on short texts, it aborted its process (`,
    );
    await expect(loading).rejects.toThrow('MULTIHEAD_TRUST_TOKENIZERS=1');
  });

  test('what fills memory is refused', async () => {
    await expect(tryTokenizer(written(growing), { seconds: 600, megabytes: 300 })).rejects.toThrow(
      'tried on short texts, it took more than 300 MB of memory.',
    );
  });

  test('so is what takes too much time', async () => {
    // Steps in the third power of the length; the library's limit is for those from one place of the text.
    const slow = written(splitBy('q*q*Q'));
    await expect(tryTokenizer(slow, { seconds: 1, megabytes: 2000 })).rejects.toThrow(
      'tried on short texts, it took more than 1 s of processor time.',
    );
  });

  test('is refused again by the next program, which a busy machine may have misled', async () => {
    const cache = join(root, 'cache-of-refused');
    vi.stubEnv('HF_ASSETS_CACHE', cache);
    await expect(AutoTokenizer.fromPretrained(folderWith(written(splitBy('(w+)+$'))))).rejects.toThrow('aborted');
    expect(existsSync(cache)).toBe(false);
  });

  test('is said in words where it is none: no process ends over it', async () => {
    const folder = folderWith(written(splitBy('(a')));
    await expect(AutoTokenizer.fromPretrained(folder)).rejects.toThrow(
      /tokenizer\.json: is no tokenizer that can be read: Oniguruma error: end pattern with unmatched parenthesis/,
    );
  });
});

/** Loads a tokenizer in a program of its own; gives how many processes it started. */
function processesToLoad(folder: string, environment: Record<string, string>): number {
  const url = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  const program = `
    import childProcess from 'node:child_process';
    import { syncBuiltinESMExports } from 'node:module';
    let started = 0;
    const { fork } = childProcess;
    childProcess.fork = (...given) => { started++; return fork(...given); };
    syncBuiltinESMExports();
    const { AutoTokenizer } = await import(${url('../tokenizer/auto-tokenizer.js')});
    for (let times = 0; times < 2; times++) {
      const { inputIds: ids } = await (await AutoTokenizer.fromPretrained(${JSON.stringify(folder)})).encode('a');
      if (ids.join() !== '1') throw new Error(ids.join());
    }
    console.log(started);`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  });
  if (stderr) throw new Error(stderr);
  return Number(stdout);
}

describe('a sound tokenizer.json', () => {
  const sound = written({ pre_tokenizer: { type: 'Whitespace' } });

  test('is tried by the first program that loads it, and by its contents known to the next', () => {
    const environment = { HF_HOME: join(root, 'home'), HF_ASSETS_CACHE: '' };
    const inHome = { HF_HOME: environment.HF_HOME };
    vi.stubEnv('HF_ASSETS_CACHE', undefined);
    expect(processesToLoad(folderWith(sound), inHome)).toBe(1);
    expect(processesToLoad(folderWith(sound), inHome)).toBe(0);
    expect(processesToLoad(folderWith(`${sound}\n`), inHome)).toBe(1);
    const remembered = readdirSync(join(inHome.HF_HOME, 'assets', 'multihead', 'tokenizers'));
    expect(remembered).toHaveLength(2);
    for (const name of remembered) expect(name).toMatch(/^[0-9a-f]{64}$/);
  });

  test('is tried once by a program whose cache cannot be written', () => {
    const file = join(root, 'no-folder');
    writeFileSync(file, '');
    const folder = folderWith(sound);
    for (let times = 0; times < 2; times++) expect(processesToLoad(folder, { HF_ASSETS_CACHE: file })).toBe(1);
  });

  test('is not tried where the user trusts it', () => {
    const environment = { MULTIHEAD_TRUST_TOKENIZERS: '1', HF_ASSETS_CACHE: join(root, 'unused') };
    expect(processesToLoad(folderWith(sound), environment)).toBe(0);
  });

  test('of the bundled models comes through, as does one that asks for endless padding, which is not ours to obey', async () => {
    const limits = { seconds: 30, megabytes: 1000 };
    for (const name of ['mini', 'mini-gpt']) {
      const path = fileURLToPath(new URL(`../../../../../models/${name}/tokenizer.json`, import.meta.url));
      expect(await tryTokenizer(readFileSync(path, 'utf8'), limits)).toEqual({ isLoaded: true });
    }
    const padding = { strategy: { Fixed: 1e12 }, direction: 'Right', pad_id: 0, pad_type_id: 0, pad_token: '[UNK]' };
    expect(await tryTokenizer(written({ padding }), limits)).toEqual({ isLoaded: true });
  });
});

test('a verdict is of the library that is installed', () => {
  const manifest = fileURLToPath(new URL('../../../package.json', import.meta.url));
  expect(triedWith).toContain(`tokenizers ${JSON.parse(readFileSync(manifest, 'utf8')).dependencies.tokenizers},`);
});
