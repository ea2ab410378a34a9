/** @file The npm client of OpenAI against the server, over a real socket. */

import { cpSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer as createProxy, type Server as NetServer } from 'node:net';
import { join } from 'node:path';
import OpenAI, { APIConnectionError, BadRequestError, NotFoundError } from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pipeline } from '../inference/pipeline.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { miniGpt, toyModel } from '../testing/toy-models.js';
import { createServer, type Server } from './create-server.js';
import { type Listening, listen } from './http/listen.js';

let server: Server;
let listening: Listening;
let client: OpenAI;
let masks: string;

const template =
  '{% for message in messages %}{{ message.role }}: {{ message.content }}\n{% endfor %}' +
  '{% if add_generation_prompt %}assistant:{% endif %}';

const clientOf = (baseURL: string, maxRetries = 0): OpenAI =>
  new OpenAI({ baseURL: `${baseURL}/v1`, apiKey: 'none', maxRetries });

beforeAll(async () => {
  masks = await toyModel('fill-mask');
  const chat = temporaryFolder();
  cpSync(miniGpt, chat, { recursive: true });
  writeFileSync(join(chat, 'chat_template.jinja'), template);
  server = await createServer({ models: { masks, gpt: miniGpt, chat } });
  listening = await listen(server, { port: 0 });
  client = clientOf(listening.url);
  await server.ready;
});

afterAll(async () => {
  await listening.close();
  await server.close();
});

/** A number of /metrics. */
async function metric(line: string): Promise<number> {
  const text = await (await fetch(`${listening.url}/metrics`)).text();
  return Number(
    text
      .split('\n')
      .find((each) => each.startsWith(`${line} `))
      ?.split(' ')
      .at(-1) ?? 0,
  );
}

describe('embeddings', () => {
  test('are those of the pipeline, as numbers and as base64, which the client asks for', async () => {
    const embed = await pipeline('feature-extraction', masks);
    const input = ['the film is great', 'a book'];
    const { data, shape } = await embed(input);
    await embed.dispose();
    const expected = Array.from(data.subarray(shape[1]));
    for (const more of [{}, { encoding_format: 'float' as const }]) {
      const found = await client.embeddings.create({ model: 'masks', input, ...more });
      expect(found.data.map(({ index }) => index)).toEqual([0, 1]);
      for (const [i, x] of (found.data[1]?.embedding ?? []).entries()) expect(x).toBeCloseTo(expected[i] as number, 6);
      expect(found.usage).toEqual({ prompt_tokens: 10, total_tokens: 10 });
    }
  });

  test('of 2,048 texts in one request', async () => {
    const input = Array.from({ length: 2048 }, (_, i) => 'the film '.repeat(i % 9));
    const found = await client.embeddings.create({ model: 'masks', input });
    expect(found.data).toHaveLength(2048);
    expect(found.data[1]?.embedding).toEqual(found.data[10]?.embedding);
  });
});

describe('completions', () => {
  test('are those of the pipeline: greedy, with a stop string, several prompts', async () => {
    const generate = await pipeline('text-generation', miniGpt);
    const options = { maxNewTokens: 12, returnFullText: false, doSample: false };
    const prompts = ['I want', 'You are'];
    const expected = await generate(prompts, options);
    const [stopped] = await generate('I want', { ...options, stopStrings: ' good' });
    const promptTokens = (await generate.encode('I want')).length + (await generate.encode('You are')).length;
    await generate.dispose();
    const found = await client.completions.create({ model: 'gpt', prompt: prompts, max_tokens: 12, temperature: 0 });
    expect(found.choices.map(({ index, text }) => [index, text])).toEqual(
      expected.map(([each], index) => [index, each?.generatedText]),
    );
    const tokens = expected.reduce((sum, [each]) => sum + (each?.tokenIds.length ?? 0), 0);
    expect(found.usage).toMatchObject({ prompt_tokens: promptTokens, completion_tokens: tokens });
    const more = { max_tokens: 12, temperature: 0, stop: ' good', echo: true };
    const [choice] = (await client.completions.create({ model: 'gpt', prompt: 'I want', ...more })).choices;
    expect(choice).toMatchObject({ text: `I want${stopped?.generatedText}`, finish_reason: 'stop' });
  });

  test('a stream gives the same text, and its usage at the end', async () => {
    const given = { model: 'gpt', prompt: 'I want', max_tokens: 20, seed: 7, temperature: 1, n: 2 };
    const whole = await client.completions.create(given);
    const texts = ['', ''];
    const reasons: unknown[] = [];
    let usage: unknown;
    const stream = await client.completions.create({ ...given, stream: true, stream_options: { include_usage: true } });
    for await (const { choices, usage: last } of stream) {
      for (const { index, text, finish_reason: reason } of choices) {
        texts[index] += text;
        if (reason) reasons[index] = reason;
      }
      if (choices.length === 0) usage = last;
    }
    expect(texts).toEqual(whole.choices.map(({ text }) => text));
    expect(texts[0]).not.toBe(texts[1]);
    expect(reasons).toEqual(whole.choices.map(({ finish_reason }) => finish_reason));
    expect(usage).toEqual(whole.usage);
  });

  test('log-probabilities of the tokens, and of the most likely ones', async () => {
    const given = { model: 'gpt', prompt: 'I want', max_tokens: 4, temperature: 0, logprobs: 3 };
    const [choice] = (await client.completions.create(given)).choices;
    const { tokens = [], token_logprobs: logprobs = [], top_logprobs: top = [], text_offset } = choice?.logprobs ?? {};
    expect(tokens.join('')).toBe(choice?.text);
    for (const [i, token] of tokens.entries()) {
      expect(Object.keys(top[i] ?? {})).toHaveLength(3);
      expect(Math.max(...Object.values(top[i] ?? {}))).toBe(logprobs[i]);
      expect(choice?.text.slice(text_offset?.[i])).toMatch(new RegExp(`^${token}`));
    }
  });

  test('a client that leaves a stream stops the generation', async () => {
    const written = await metric('multihead_tokens_total{model="gpt",kind="completion"}');
    const given = { model: 'gpt', prompt: 'I want', max_tokens: 200, temperature: 1, seed: 5, stop: 'none of this' };
    const stream = await client.completions.create({ ...given, stream: true });
    for await (const _ of stream) break;
    await expect.poll(() => metric('multihead_requests_running')).toBe(1); // that for the metrics
    const now = await metric('multihead_tokens_total{model="gpt",kind="completion"}');
    expect(now - written).toBeGreaterThan(0);
    expect(now - written).toBeLessThan(60);
  });
});

describe('errors', () => {
  test('have their class, code, parameter and id', async () => {
    const failed = await client.completions.create({ model: 'none', prompt: 'a' }).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(NotFoundError);
    expect(failed).toMatchObject({
      status: 404,
      code: 'model_not_found',
      param: 'model',
      type: 'invalid_request_error',
    });
    expect((failed as NotFoundError).requestID).toMatch(/^[0-9a-f-]{36}$/);
  });

  test.each([
    [
      'a prompt and new tokens that are too many together',
      { max_tokens: 255 },
      'context_length_exceeded',
      'max_tokens',
    ],
    ['several greedy texts', { n: 2, temperature: 0 }, 'invalid_value', 'n'],
    ['an option that is not supported', { presence_penalty: 1 }, 'unsupported_value', 'presence_penalty'],
    ['a value of a wrong type', { max_tokens: '3' }, 'invalid_value', 'max_tokens'],
    ['a temperature that is none', { temperature: -1 }, 'invalid_value', 'temperature'],
  ])('%s', async (_, more, code, param) => {
    for (const stream of [false, true]) {
      const given = { model: 'gpt', prompt: 'I want it', stream, ...more } as unknown as OpenAI.CompletionCreateParams;
      const failed = await client.completions.create(given).catch((error: unknown) => error);
      expect(failed).toBeInstanceOf(BadRequestError);
      expect(failed).toMatchObject({ status: 400, code, param });
    }
  });

  test('a chat with a model that has no template, and one whose answer should be JSON', async () => {
    const given = { model: 'gpt', messages: [{ role: 'user' as const, content: 'Hello' }] };
    const refused = client.chat.completions.create(given);
    await expect(refused).rejects.toMatchObject({ status: 400, code: 'no_chat_template', param: 'messages' });
    const json = client.chat.completions.create({ ...given, response_format: { type: 'json_object' } });
    await expect(json).rejects.toMatchObject({ status: 400, code: 'unsupported_value', param: 'response_format' });
  });
});

describe('chats', () => {
  const messages = [
    { role: 'system' as const, content: 'You are good.' },
    { role: 'user' as const, content: [{ type: 'text' as const, text: 'Are you?' }] },
  ];
  const prompt = 'system: You are good.\nuser: Are you?\nassistant:';

  test('continue what the chat template makes of the messages', async () => {
    const given = { model: 'chat', temperature: 1, seed: 3, max_tokens: 8, n: 2 };
    const whole = await client.completions.create({ ...given, prompt });
    const found = await client.chat.completions.create({ ...given, messages });
    expect(found.choices.map(({ message }) => message.content)).toEqual(whole.choices.map(({ text }) => text));
    expect(found.usage).toEqual(whole.usage);
    expect(found.choices[0]?.message.role).toBe('assistant');
  });

  test('as a stream, with the helper of the client, and log-probabilities', async () => {
    const given = {
      model: 'chat',
      messages,
      temperature: 0,
      max_completion_tokens: 8,
      logprobs: true,
      top_logprobs: 2,
    };
    const whole = await client.chat.completions.create(given);
    const stream = client.chat.completions.stream({ ...given, stream_options: { include_usage: true } });
    const last = await stream.finalChatCompletion();
    expect(last.choices[0]?.message.content).toBe(whole.choices[0]?.message.content);
    expect(last.choices[0]?.logprobs?.content).toEqual(whole.choices[0]?.logprobs?.content);
    expect(whole.choices[0]?.logprobs?.content?.[0]?.top_logprobs).toHaveLength(2);
    expect(await stream.totalUsage()).toMatchObject(whole.usage as object);
  });

  test('without a limit they may fill the room that the model has', async () => {
    const given = { model: 'chat', messages, temperature: 1, seed: 11, stop: 'none of this' };
    const { usage } = await client.chat.completions.create(given);
    expect(usage?.total_tokens).toBeLessThanOrEqual(256);
    const long = { role: 'user' as const, content: 'You are good. '.repeat(200) };
    const refused = client.chat.completions.create({ model: 'chat', messages: [long] });
    await expect(refused).rejects.toMatchObject({ status: 400, code: 'context_length_exceeded' });
  });

  test('images and tools are refused', async () => {
    const image = [{ type: 'image_url' as const, image_url: { url: 'data:,' } }];
    const refused = client.chat.completions.create({ model: 'chat', messages: [{ role: 'user', content: image }] });
    await expect(refused).rejects.toMatchObject({ status: 400, param: 'messages[0].content[0]' });
    const tools = [{ type: 'function' as const, function: { name: 'f' } }];
    await expect(client.chat.completions.create({ model: 'chat', messages, tools })).rejects.toMatchObject({
      status: 400,
      code: 'unsupported_value',
      param: 'tools',
    });
  });
});

test('a stream that is cut in the middle is an error of the client, and the server answers on', async () => {
  const proxy: NetServer = createProxy((from) => {
    const to = connect(listening.port, '127.0.0.1');
    from.pipe(to);
    to.on('data', (data) => {
      from.write(data);
      if (data.includes('data: ')) setImmediate(() => from.destroy());
    });
    for (const socket of [from, to])
      socket.on('error', () => {}).on('close', () => (socket === from ? to : from).destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const cut = clientOf(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
  const read = async () => {
    const given = { model: 'gpt', prompt: 'I want', max_tokens: 200, stream: true as const, temperature: 1, seed: 5 };
    for await (const _ of await cut.completions.create(given));
  };
  await expect(read()).rejects.toThrow(/terminated|Connection error|aborted|other side closed/);
  proxy.close();
  const away = clientOf('http://127.0.0.1:1');
  await expect(away.models.list()).rejects.toBeInstanceOf(APIConnectionError);
  expect((await client.models.list()).data.map(({ id }) => id)).toEqual(['masks', 'gpt', 'chat']);
});
