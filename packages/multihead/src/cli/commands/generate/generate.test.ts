/** @file `multihead generate` and `multihead perplexity` as a user meets them: the real program in a process of its own. */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GPT2Config } from '../../../models/gpt2/config.js';
import { GPT2LMHeadModel } from '../../../models/gpt2/gpt2.js';
import { byteTokenizer } from '../../../testing/byte-tokenizer.js';

const bin = fileURLToPath(new URL('../../../../bin/multihead.js', import.meta.url));

let folder: string;
const multihead = (args: readonly string[], input = ''): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [bin, ...args], { cwd: folder, encoding: 'utf8', input });
const generate = (...args: string[]) => multihead(['generate', '--model', '.', ...args]);
const sampling = ['--max-new-tokens', '20', '--temperature', '0.8', '--top-p', '0.95', '--seed', '4'];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'multihead-'));
  const sizes = { vocab_size: 257, n_embd: 16, n_layer: 1, n_head: 2, n_positions: 64, initializer_range: 0.6 };
  const config = GPT2Config.fromJson({ ...sizes, bos_token_id: 0, eos_token_id: 0 }, 'the config of this test');
  const model = GPT2LMHeadModel.fromConfig(config, { seed: 5 });
  await model.savePretrained(folder);
  await model.dispose();
  for (const [name, text] of Object.entries(byteTokenizer().files())) writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, 'prompt.txt'), 'ROMEO:');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('multihead generate', () => {
  test('prints the text, the same at once, streamed, from a file, and each time', () => {
    const { stdout, stderr, status } = generate('--prompt', 'ROMEO:', ...sampling);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(stdout).toMatch(/^ROMEO:[\s\S]+\n$/);
    expect(generate('--prompt', 'ROMEO:', ...sampling, '--stream').stdout).toBe(stdout);
    expect(generate('--prompt-file', 'prompt.txt', ...sampling).stdout).toBe(stdout);
    expect(multihead(['generate', '--model', '.', '--prompt-file', '-', ...sampling], 'ROMEO:').stdout).toBe(stdout);
    const tail = generate('--prompt', 'ROMEO:', ...sampling, '--stream', '--no-return-full-text').stdout;
    expect(`ROMEO:${tail}`).toBe(stdout);
  });

  test('--no-repeat-ngram-size has its effect', () => {
    const greedy = ['--prompt', 'a', '--max-new-tokens', '60', '--eos-token-id', '256', '--json'];
    const tokensOf = (...more: string[]) =>
      (JSON.parse(generate(...greedy, ...more).stdout) as { tokenIds: number[] }).tokenIds;
    expect(new Set(tokensOf()).size).toBeLessThan(60);
    expect(new Set(tokensOf('--no-repeat-ngram-size', '1')).size).toBe(60);
  });

  test('prints one JSON object a text', () => {
    const more = [
      '--num-beams',
      '3',
      '--num-return-sequences',
      '2',
      '--length-penalty',
      '0.5',
      '--early-stopping',
      'never',
    ];
    const { stdout } = generate('--prompt', 'a', '--max-new-tokens', '5', ...more, '--json');
    const texts = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { score: number });
    expect(texts).toHaveLength(2);
    expect(texts[0]).toMatchObject({ generatedText: expect.stringMatching(/^a/), finishReason: expect.any(String) });
    expect(texts[0]?.score).toBeGreaterThanOrEqual(texts[1]?.score as number);
  });

  test('a prompt on standard input is text, as in a file', () => {
    const args = ['generate', '--model', '.', '--prompt-file', '-'];
    const latin1 = spawnSync(process.execPath, [bin, ...args], {
      cwd: folder,
      encoding: 'utf8',
      input: Buffer.from([0xe9]),
    });
    expect([latin1.stdout, latin1.status]).toEqual(['', 1]);
    expect(latin1.stderr).toContain('standard input: not valid UTF-8 text');
  });

  test.each([
    [[], 'either --prompt "..." or --prompt-file FILE'],
    [['--prompt', 'a', '--prompt-file', 'prompt.txt'], 'either --prompt "..." or --prompt-file FILE'],
    [['--prompt-file', 'nothing.txt'], 'nothing.txt: no such file or folder'],
    [['--prompt', 'a', '--stream', '--json'], 'leave one out'],
    [['--prompt', 'a', '--max-new-tokens', '100'], 'Ask for at most 63 (--max-new-tokens), or give --overflow slide'],
    [['--prompt', 'a', '--temperature', 'hot'], '"hot" is not a number'],
    [['--prompt', 'a', '--temperature', '0'], 'It must be a number above 0'],
    [['--prompt', 'a', '--early-stopping', 'soon'], 'It must be true, false or "never"'],
    [['--prompt', 'a', '--overflow', 'wrap'], 'Allowed choices are error, slide'],
  ])('refuses %j', (args, message) => {
    const { stderr, stdout, status } = generate(...args);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('fault of Multihead');
    expect({ stdout, status }).toEqual({ stdout: '', status: 1 });
  });
});

describe('multihead perplexity', () => {
  test('prints a number, or one JSON object', () => {
    const { stdout, stderr, status } = multihead(['perplexity', 'prompt.txt', '--model', '.', '--json']);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    const result = JSON.parse(stdout) as { perplexity: number; tokens: number };
    expect(result).toMatchObject({ tokens: 5, perplexity: expect.any(Number) });
    const plain = multihead(['perplexity', 'prompt.txt', '--model', '.', '--max-length', '8', '--stride', '8']).stdout;
    expect(plain).toBe(`perplexity ${result.perplexity.toFixed(4)} over 5 tokens\n`);
  });

  test('refuses a window longer than the model, and a missing file', () => {
    const { stderr } = multihead(['perplexity', 'prompt.txt', '--model', '.', '--max-length', '65']);
    expect(stderr).toContain('--max-length is 65, but the model looks at no more than 64 tokens');
    expect(multihead(['perplexity', 'nothing.txt', '--model', '.']).stderr).toContain('nothing.txt: no such file');
  });
});
