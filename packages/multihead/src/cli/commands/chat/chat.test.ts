/** @file `multihead chat` as a user meets it: from a pipe, and in a terminal. */
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TextGenerationPipeline } from '../../../inference/generation/text-generation.js';
import { pipeline } from '../../../inference/pipeline.js';
import { chatFolder } from '../../../testing/chat-model.js';
import { hasTerminal, withoutEscapes } from '../../../testing/terminal.js';
import type { ChatMessage } from '../../../text/chat/chat-message.js';
import { visible } from '../../output/print.js';

const bin = fileURLToPath(new URL('../../../../bin/multihead.js', import.meta.url));
const sampling = { maxNewTokens: 8, temperature: 1.3, seed: 2, eosTokenId: [256] };
const flags = ['--max-new-tokens', '8', '--temperature', '1.3', '--seed', '2', '--eos-token-id', '256'];

let folder: string;
let generator: TextGenerationPipeline;
beforeAll(async () => {
  folder = await chatFolder(256);
  generator = await pipeline('text-generation', folder);
});
afterAll(() => generator.dispose());

const chat = (input: string, ...more: string[]) =>
  spawnSync(process.execPath, [bin, 'chat', '--model', folder, ...more], { encoding: 'utf8', input });
const user = (content: string): ChatMessage => ({ role: 'user', content });
/** What the model answers, as text. */
const answerTo = async (messages: readonly ChatMessage[]): Promise<string> =>
  (await generator(messages, { ...sampling, returnFullText: false }))[0]?.generatedText as string;

describe('from a pipe', () => {
  test('each line is a message of one conversation, and empty lines are none', async () => {
    const first = await answerTo([user('Hi')]);
    const second = await answerTo([user('Hi'), { role: 'assistant', content: first }, user('And?')]);
    const { stdout, stderr, status } = chat('Hi\n\n  And?  \n', ...flags);
    expect({ stdout, stderr, status }).toEqual({ stdout: `${first}\n${second}\n`, stderr: '', status: 0 });
  });

  test('instructions stand before the conversation; what begins with a slash is text', async () => {
    const expected = await answerTo([{ role: 'system', content: 'Be short.' }, user('/clear')]);
    expect(chat('/clear', '--system', 'Be short.', ...flags).stdout).toBe(`${expected}\n`);
  });

  test('a conversation longer than the model reads is an error', () => {
    const { stderr, status } = chat('x'.repeat(300), ...flags.slice(2));
    expect(stderr).toMatch(/the conversation has 3\d\d tokens, and the model reads 256/);
    expect(status).toBe(1);
  });

  test.each([
    [['--num-beams', '2'], "unknown option '--num-beams'"],
    [['--temperature', '0'], 'It must be a number above 0'],
  ])('%j is refused', (more, message) => {
    const { stderr, status } = chat('Hi', ...more);
    expect([stderr, status]).toEqual([expect.stringContaining(message), 1]);
  });
});

test('a model without a chat template is refused before a message is read', async () => {
  const plain = await chatFolder(64, '');
  const template = spawnSync(process.execPath, [bin, 'chat', '--model', plain], { encoding: 'utf8', input: '' });
  expect(template.status).toBe(0); // an empty template is one
  const none = await chatFolder(64, null as unknown as string);
  const { stderr, status } = spawnSync(process.execPath, [bin, 'chat', '--model', none], {
    encoding: 'utf8',
    input: '',
  });
  expect([stderr, status]).toEqual([expect.stringContaining('this model has no chat template'), 1]);
});

describe.runIf(hasTerminal)('in a terminal', () => {
  /** Writes what is said when the terminal has shown what is waited for; says what it got and how it ended. */
  function inTerminal(more: readonly string[], talk: readonly (readonly [after: RegExp, say: string])[]) {
    const words = [process.execPath, bin, 'chat', '--model', folder, ...more].map((word) => `'${word}'`).join(' ');
    return new Promise<{ text: string; code: number | null }>((resolve) => {
      const environment = { ...process.env, TERM: 'xterm', NO_COLOR: '1' };
      const child = spawn('script', ['-qfec', `stty cols 80 rows 24; exec ${words}`, '/dev/null'], {
        timeout: 60_000,
        env: environment,
      });
      let [text, seen] = ['', ''];
      const left = [...talk];
      child.stdout.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
        seen += withoutEscapes(piece);
        const [after, say] = left[0] ?? [];
        if (!after?.test(seen)) return;
        left.shift();
        seen = '';
        setTimeout(() => child.stdin.write(say as string), 100);
      });
      child.on('close', (code) => resolve({ text: withoutEscapes(text), code }));
    });
  }
  const prompt = /> $/;

  test('commands begin anew, instruct and end', async () => {
    const [plain, instructed] = [
      await answerTo([user('Hi')]),
      await answerTo([{ role: 'system', content: 'Be.' }, user('Hi')]),
    ];
    const { text, code } = await inTerminal(flags, [
      [prompt, 'Hi\r'],
      [prompt, '/clear\r'],
      [prompt, 'Hi\r'],
      [prompt, '/nonesuch\r'],
      [prompt, '/system Be.\r'],
      [prompt, 'Hi\r'],
      [prompt, '/exit\r'],
    ]);
    const ascii = (shown: string) => shown.replace(/[^\x20-\x7e]/gu, '');
    const shown = (answer: string) => ascii(visible(answer));
    expect(ascii(text).split(shown(plain)).length).toBeGreaterThan(2);
    expect(ascii(text)).toContain(shown(instructed));
    expect(text).toContain('there is no command /nonesuch; there are /clear, /system TEXT and /exit');
    expect(code).toBe(0);
  }, 90_000);

  test('Ctrl-C stops an answer, and a second one ends', async () => {
    const endless = [
      '--max-new-tokens',
      '100000',
      '--overflow',
      'slide',
      '--eos-token-id',
      '256',
      '--temperature',
      '1.3',
    ];
    const { text, code } = await inTerminal(endless, [
      [prompt, 'Hi\r'],
      [/Hi[\s\S]{40}/, '\u0003'],
      [prompt, '\u0003'],
    ]);
    expect(text.match(/> /g)?.length).toBeGreaterThan(1);
    expect(code).toBe(130);
  }, 90_000);
});
