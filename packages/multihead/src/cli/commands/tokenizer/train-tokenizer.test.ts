/** @file `multihead tokenizer train` as a user meets it: the real program in a process of its own. */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AutoTokenizer } from '../../../text/tokenizer/auto-tokenizer.js';

const bin = fileURLToPath(new URL('../../../../bin/multihead.js', import.meta.url));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'multihead-'));
  writeFileSync(join(folder, 'one.txt'), 'The film is good.\nThe book is better.\n'.repeat(5));
  writeFileSync(join(folder, 'two.jsonl'), '{"text": "What a film!"}\n{"text": "What a book!"}\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

const train = (output: string, ...more: string[]): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [bin, 'tokenizer', 'train', '--output', output, '--json', ...more], {
    cwd: folder,
    encoding: 'utf8',
  });
const linesOf = ({ stdout }: SpawnSyncReturns<string>) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const load = (output: string) => AutoTokenizer.fromPretrained(join(folder, output));

describe('the main path', () => {
  test('WordPiece: JSON lines with --json, and a folder that loads', async () => {
    const run = train('wordpiece', '--type', 'wordpiece', '--vocab-size', '60', '*.{txt,jsonl}');
    expect(run.stderr).toBe('');
    expect(run.status).toBe(0);
    const [start, ...others] = linesOf(run);
    expect(start).toMatchObject({ type: 'start', files: 2 });
    expect(others).toContainEqual(expect.objectContaining({ type: 'read', texts: 3, words: 10, invalidUtf8: 0 }));
    expect(others.at(-1)).toEqual({ type: 'saved', output: 'wordpiece', vocabSize: 54, invalidUtf8: 0 });
    expect(readdirSync(join(folder, 'wordpiece')).sort()).toEqual([
      'special_tokens_map.json',
      'tokenizer.json',
      'tokenizer_config.json',
      'vocab.txt',
    ]);
    const { tokens } = await (await load('wordpiece')).encode('What film is better?');
    expect(tokens).toEqual(['[CLS]', 'what', 'film', 'is', 'better', '[UNK]', '[SEP]']);
  });

  test('without --json it tells in words what it did', () => {
    const args = ['--output', 'words', '--type', 'wordpiece', '--vocab-size', '60', '*.{txt,jsonl}'];
    const { stdout } = spawnSync(process.execPath, [bin, 'tokenizer', 'train', ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(stdout).toBe(
      '2 files, 0.0 MB\n10 different words\n54 tokens (60 were asked for; the text has no more), saved in words\n',
    );
  });

  test('byte-level BPE and characters give texts back', async () => {
    expect(train('bpe', '--type', 'bpe', '--vocab-size', '280', 'one.txt').status).toBe(0);
    expect(train('char', '--type', 'char', 'one.txt').status).toBe(0);
    const text = readFileSync(join(folder, 'one.txt'), 'utf8');
    for (const output of ['bpe', 'char']) {
      const tokenizer = await load(output);
      const { inputIds: ids } = await tokenizer.encode(text);
      expect(await tokenizer.decode(ids)).toBe(text);
    }
  });

  test('a list of special tokens ends at --', async () => {
    expect(
      train('ended', '--type', 'bpe', '--vocab-size', '300', '--special-tokens', '<s>', '</s>', '--', 'one.txt'),
    ).toMatchObject({
      status: 0,
    });
    expect((await (await load('ended')).encode('<s>The</s>')).inputIds.filter((id) => id < 2)).toEqual([0, 1]);
  });

  test('options reach the tokenizer', async () => {
    const options = ['--no-lowercase', '--min-frequency', '4', '--special-tokens', '[UNK]', '[CLS]', '[SEP]'];
    expect(train('cased', 'one.txt', '--type', 'wordpiece', ...options).status).toBe(0);
    const tokenizer = await load('cased');
    expect(tokenizer.tokenToId('The')).toBeDefined();
    expect(tokenizer.tokenToId('the')).toBeUndefined();
    expect(tokenizer.maskToken).toBeUndefined();
    expect(JSON.parse(readFileSync(join(folder, 'cased/tokenizer_config.json'), 'utf8'))).toMatchObject({
      do_lower_case: false,
      strip_accents: null,
    });
  });
});

describe('what goes wrong is said', () => {
  const refused = (run: SpawnSyncReturns<string>, message: string) => {
    expect(run.stderr).toContain(message);
    expect(run.stderr).not.toContain('    at ');
    expect(run.status).not.toBe(0);
  };

  test('a tokenizer that is there stays, unless it may be replaced', () => {
    const output = ['kept', '--type', 'char', 'one.txt'] as const;
    expect(train(...output).status).toBe(0);
    const before = readFileSync(join(folder, 'kept/tokenizer.json'), 'utf8');
    refused(train('kept', '--type', 'bpe', 'one.txt'), 'kept: already holds tokenizer.json, tokenizer_config.json');
    expect(readFileSync(join(folder, 'kept/tokenizer.json'), 'utf8')).toBe(before);
    expect(train(...output, '--overwrite').status).toBe(0);
  });

  test('what another kind of tokenizer left behind goes away with it', () => {
    expect(train('replaced', '--type', 'wordpiece', 'one.txt').status).toBe(0);
    expect(train('replaced', '--type', 'char', 'one.txt', '--overwrite').status).toBe(0);
    expect(readdirSync(join(folder, 'replaced'))).not.toContain('vocab.txt');
  });

  test('bytes that are no UTF-8 are counted, and NUL is no word', () => {
    writeFileSync(join(folder, 'latin1.txt'), Buffer.from('caf\u00e9 na\u00efve \u0000 caf\u00e9', 'latin1'));
    const run = train('latin1', '--type', 'wordpiece', 'latin1.txt');
    expect(run.status).toBe(0);
    expect(linesOf(run).at(-1)).toMatchObject({ invalidUtf8: 3 });
  });

  test('files that are missing, empty, or without words', () => {
    writeFileSync(join(folder, 'empty'), '');
    writeFileSync(join(folder, 'blank'), ' \n');
    refused(train('none', '--type', 'bpe', 'missing.txt'), 'missing.txt: no such file');
    refused(train('none', '--type', 'bpe', 'empty'), 'empty: empty; a tokenizer is learned from text');
    refused(train('none', '--type', 'wordpiece', 'blank'), 'blank: no text in 1 files');
    refused(train('none', '--type', 'wordpiece', '--text-field', 'body', 'two.jsonl'), 'two.jsonl:1: no field "body"');
  });

  test('options that cannot be', () => {
    refused(train('none', 'one.txt'), "required option '--type <kind>' not specified");
    refused(train('none', '--type', 'sentencepiece', 'one.txt'), 'Allowed choices are wordpiece, bpe, char');
    refused(train('none', '--type', 'bpe', '--vocab-size', '100', 'one.txt'), 'no room for 256 bytes');
    refused(train('none', '--type', 'bpe', '--no-lowercase', 'one.txt'), 'lowercase means nothing');
  });
});
