/** @file Requests through a real socket: each route answers as the pipeline of the library does. */

import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pipeline } from '../inference/pipeline.js';
import { AutoModelForSequenceClassification } from '../models/auto-model.js';
import { registerTask, taskNamed, tasks } from '../tasks/registry.js';
import type { LabelScore } from '../tasks/text-classification/text-classification.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { miniGpt, toyModel } from '../testing/toy-models.js';
import { createServer, type Server } from './create-server.js';
import { type Listening, listen } from './http/listen.js';

let server: Server;
let listening: Listening;
const folders: Record<string, string> = {};

beforeAll(async () => {
  folders.sentiment = await toyModel('text-classification');
  folders.answers = await toyModel('question-answering');
  folders.tags = await toyModel('token-classification', { labels: ['O', 'B-PER', 'I-PER'] });
  folders.masks = await toyModel('fill-mask');
  folders.cross = await toyModel('text-classification', { labels: ['LABEL_0'] });
  server = await createServer({ models: { ...folders, gpt: miniGpt } });
  listening = await listen(server, { port: 0 });
  await server.ready;
});

afterAll(async () => {
  await listening.close();
  await server.close();
});

const get = (path: string): Promise<Response> => fetch(`${listening.url}${path}`);

async function post(path: string, body: unknown): Promise<{ status: number; json: Record<string, unknown> }> {
  const response = await fetch(`${listening.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, json: (await response.json()) as Record<string, unknown> };
}

test('adapters of one base are models like others', async () => {
  const models: Record<string, string> = {};
  for (const [i, name] of ['calm', 'harsh'].entries()) {
    const model = await AutoModelForSequenceClassification.fromPretrained(folders.sentiment as string);
    await model.adapters.add(name, { rank: 2, targetModules: 'all-linear' });
    const engine = await model.weights.engine();
    const { data, places } = await engine.readParameters();
    for (const { name, offset, length } of places.filter(({ name }) => name.includes('lora_B'))) {
      data.subarray(offset, offset + length).forEach((_, j, all) => {
        all[j] = Math.sin(name.length + j) * (i + 1);
      });
    }
    await engine.writeParameters(data);
    models[name] = temporaryFolder();
    await model.adapters.save(models[name], name);
    await model.dispose();
  }
  const answers = Object.entries({ base: folders.sentiment as string, ...models }).map(async ([name, folder]) => {
    const classify = await pipeline('text-classification', folder);
    const expected = await classify('the film was great', { topK: null });
    await classify.dispose();
    return [name, [expected]] as const;
  });
  const expected = Object.fromEntries(await Promise.all(answers));
  expect(new Set(Object.values(expected).map((answer) => JSON.stringify(answer))).size).toBe(3);
  const served = await createServer({ models: { base: folders.sentiment as string, ...models } });
  await served.ready;
  for (const [name, outputs] of Object.entries(expected)) {
    const response = await served(
      new Request('http://localhost/v1/tasks/text-classification', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model: name, inputs: 'the film was great', parameters: { top_k: null } }),
      }),
    );
    expect((await response.json()) as object).toMatchObject({ model: name, outputs });
  }
  await served.close();
});

describe('a route for each task', () => {
  test('text classification', async () => {
    const classify = await pipeline('text-classification', folders.sentiment as string);
    const inputs = ['the film is great', { text: 'the film', textPair: 'was bad' }];
    const expected = await classify(inputs, { topK: null });
    await classify.dispose();
    const parameters = { top_k: null };
    const { status, json } = await post('/v1/tasks/text-classification', { model: 'sentiment', inputs, parameters });
    expect(status).toBe(200);
    expect(json).toEqual({ model: 'sentiment', outputs: expected, usage: { prompt_tokens: expect.any(Number) } });
    const one = await post('/v1/tasks/sentiment-analysis', { model: 'sentiment', inputs: inputs[0] });
    const [[{ label, score }]] = expected as [[LabelScore]];
    expect(one.json.outputs).toEqual([[{ label, score: expect.closeTo(score, 6) }]]);
  });

  test('question answering', async () => {
    const inputs = { question: 'was the film', context: 'the film was great the book' };
    const ask = await pipeline('question-answering', folders.answers as string);
    const expected = await ask(inputs, { topK: 2 });
    await ask.dispose();
    const { json } = await post('/v1/tasks/question-answering', { inputs, parameters: { topK: 2 } });
    expect(json.outputs).toEqual([expected]);
  });

  test('token classification', async () => {
    const tag = await pipeline('token-classification', folders.tags as string);
    const [whole, alone] = [await tag('the film was great', { aggregationStrategy: 'simple' }), await tag('the film')];
    await tag.dispose();
    expect((await post('/v1/tasks/ner', { inputs: 'the film was great' })).json.outputs).toEqual([whole]);
    const parameters = { aggregationStrategy: 'none' };
    expect((await post('/v1/tasks/token-classification', { inputs: ['the film'], parameters })).json.outputs).toEqual([
      alone,
    ]);
  });

  test('fill-mask', async () => {
    const fill = await pipeline('fill-mask', folders.masks as string);
    const expected = await fill('the [MASK] is great');
    await fill.dispose();
    expect((await post('/v1/tasks/fill-mask', { inputs: 'the [MASK] is great' })).json.outputs).toEqual([expected]);
  });

  test('feature extraction, and OpenAI embeddings of the same texts', async () => {
    const embed = await pipeline('feature-extraction', folders.masks as string);
    const inputs = ['the film is great', 'a book'];
    const { data, shape } = await embed(inputs);
    const tokenIds = await embed.encode(inputs);
    await embed.dispose();
    const expected = inputs.map((_, i) => Array.from(data.subarray(i * shape[1], (i + 1) * shape[1])));
    const task = await post('/v1/tasks/feature-extraction', { inputs });
    expect(task.json.outputs).toEqual(expected);
    const vectors = async (body: object) => {
      const { json } = await post('/v1/embeddings', { model: 'masks', ...body });
      return (json.data as { embedding: unknown }[]).map(({ embedding }) => embedding);
    };
    expect(await vectors({ input: inputs })).toEqual(expected);
    expect(await vectors({ input: tokenIds })).toEqual(expected);
    expect(await vectors({ input: tokenIds[1] })).toEqual([expect.any(Array)]);
    const [base64] = await vectors({ input: inputs, encoding_format: 'base64' });
    const { buffer } = Uint8Array.from(Buffer.from(base64 as string, 'base64'));
    expect(Array.from(new Float32Array(buffer))).toEqual(expected[0]);
    const [short] = (await vectors({ input: inputs, dimensions: 4 })) as number[][];
    const length = Math.hypot(...(expected[0] as number[]).slice(0, 4));
    for (const [i, x] of (short as number[]).entries()) expect(x).toBeCloseTo((expected[0]?.[i] as number) / length, 6);
  });

  test('text generation', async () => {
    const generate = await pipeline('text-generation', miniGpt);
    const expected = await generate('I want', { maxNewTokens: 6 });
    await generate.dispose();
    const { json } = await post('/v1/tasks/text-generation', { inputs: 'I want', parameters: { max_new_tokens: 6 } });
    expect(json.outputs).toEqual([expected]);
  });
});

test('the models are listed, each with what it answers', async () => {
  const { data } = (await (await get('/v1/models')).json()) as { data: { id: string; tasks: string[] }[] };
  expect(data.map(({ id, tasks }) => [id, tasks])).toEqual([
    ['sentiment', ['text-classification']],
    ['answers', ['question-answering']],
    ['tags', ['token-classification']],
    ['masks', ['fill-mask', 'feature-extraction']],
    ['cross', ['text-ranking', 'text-classification']],
    ['gpt', ['text-generation']],
  ]);
  expect(await (await get('/v1/models/gpt')).json()).toMatchObject({ id: 'gpt', object: 'model', max_model_len: 256 });
  expect(await (await get('/health')).json()).toMatchObject({ status: 'ok', models: { gpt: 'ready' } });
});

describe('errors have the form that OpenAI gives them', () => {
  test.each([
    ['/v1/embeddings', { model: 'none', input: 'a' }, 404, 'model_not_found', 'model'],
    ['/v1/embeddings', { model: '..%2F..%2Fetc', input: 'a' }, 404, 'model_not_found', 'model'],
    ['/v1/embeddings', { model: 'gpt', input: 'a' }, 400, 'model_not_suitable', 'model'],
    ['/v1/embeddings', { model: 'masks' }, 400, 'invalid_value', 'input'],
    ['/v1/embeddings', { model: 'masks', input: ['a', 3] }, 400, 'invalid_value', 'input[1]'],
    ['/v1/embeddings', { model: 'masks', input: 'a', dimensions: 33 }, 400, 'invalid_value', 'dimensions'],
    ['/v1/embeddings', { model: 'masks', input: [[99_999]] }, 422, null, null],
    ['/v1/embeddings', { model: 'masks', input: 'a '.repeat(99), truncate: false }, 422, null, null],
    ['/v1/embeddings', '{"model": "masks", "input": NaN}', 400, 'invalid_json', null],
    ['/v1/tasks/fill-mask', { inputs: 'a' }, 422, null, null],
    ['/v1/tasks/fill-mask', { inputs: 'a [MASK]', parameters: { topK: 0 } }, 400, 'invalid_value', 'parameters.topK'],
    ['/v1/tasks/question-answering', { inputs: { question: 'a' } }, 400, 'invalid_value', 'inputs.context'],
    ['/v1/tasks/translation', { inputs: 'a' }, 404, 'task_not_found', null],
    ['/v1/nothing', {}, 404, 'not_found', null],
  ])('%s %j: %d %s', async (path, body, status, code, param) => {
    const answer = await post(path, body);
    expect(answer.status, JSON.stringify(answer.json)).toBe(status);
    const error = { message: expect.any(String), type: 'invalid_request_error', code, param };
    expect(answer.json).toEqual({ error });
  });
});

test('more inputs than the limit', async () => {
  const { status, json } = await post('/v1/embeddings', { model: 'masks', input: Array(2049).fill('a') });
  expect(status).toBe(413);
  expect(json).toMatchObject({ error: { code: 'too_many_inputs', param: 'input' } });
});

test('the description of the interface names each route, and the page tries them without another server', async () => {
  const { paths, openapi } = (await (await get('/openapi.json')).json()) as { paths: object; openapi: string };
  expect(openapi).toBe('3.1.0');
  const named = Object.keys(paths);
  for (const { name } of tasks()) expect(named).toContain(`/v1/tasks/${name}`);
  for (const path of ['/v1/chat/completions', '/v1/rerank', '/tokenize', '/health']) expect(named).toContain(path);
  const page = await get('/');
  expect(page.url).toMatch(/\/docs$/);
  const html = await page.text();
  const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file as string);
  expect(files).toHaveLength(3);
  for (const file of files) expect((await get(`/${file}`)).status).toBe(200);
  expect(page.headers.get('content-security-policy')).toContain("connect-src 'self'");
});

describe('inside another server', () => {
  const body = JSON.stringify({ model: 'masks', input: 'the film' });
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body };

  test('of Hono, below a path', async () => {
    const app = new Hono().mount('/ai', server);
    const response = await app.request('/ai/v1/embeddings', init);
    expect(response.status).toBe(200);
    expect(((await response.json()) as { data: unknown[] }).data).toHaveLength(1);
  });

  test("of Node, as Express takes it: with node-server's listener", async () => {
    const outer = createHttpServer(getRequestListener(server, { overrideGlobalObjects: false }));
    await new Promise<void>((resolve) => outer.listen(0, '127.0.0.1', resolve));
    const { port } = outer.address() as AddressInfo;
    expect((await fetch(`http://127.0.0.1:${port}/v1/embeddings`, init)).status).toBe(200);
    outer.close();
  });
});

test('a task that is registered has a route', async () => {
  registerTask({ ...taskNamed('text-classification'), name: 'moods', aliases: [], title: 'moods' });
  const own = await createServer({ models: { sentiment: folders.sentiment as string } });
  await own.ready;
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"inputs":"the film"}' };
  const response = await own(new Request('http://localhost/v1/tasks/moods', init));
  expect(await response.json()).toMatchObject({ outputs: [[{ label: expect.stringMatching(/liked/) }]] });
  await own.close();
});

test('relevance: by a classifier with one label, by embeddings, and in the forms of Jina and Cohere', async () => {
  const documents = ['the film is great', { text: 'a book' }, 'the'];
  const classify = await pipeline('text-classification', folders.cross as string);
  const pairs = ['the film is great', 'a book', 'the'].map((textPair) => ({ text: 'good film', textPair }));
  const scores = (await classify(pairs)).map(([best]) => best?.score as number);
  await classify.dispose();
  const asked = { model: 'cross', query: 'good film', documents };
  const { json } = await post('/v1/rerank', asked);
  const results = json.results as { index: number; relevance_score: number; document: { text: string } }[];
  expect(json.scored_by).toBe('cross-encoder');
  expect(results.map(({ index }) => index)).toEqual(
    [0, 1, 2].sort((a, b) => (scores[b] as number) - (scores[a] as number)),
  );
  for (const { index, relevance_score } of results) expect(relevance_score).toBeCloseTo(scores[index] as number, 5);
  expect(results.find(({ index }) => index === 1)?.document).toEqual({ text: 'a book' });
  const cohere = await post('/v2/rerank', { ...asked, top_n: 2 });
  expect(cohere.json.results).toEqual(results.slice(0, 2).map(({ document: _, ...rest }) => rest));
  const byVectors = await post('/v1/rerank', { ...asked, model: 'masks', query: 'a book', return_documents: false });
  expect(byVectors.json).toMatchObject({ scored_by: 'embeddings', results: [{ index: 1 }, {}, {}] });
  expect((byVectors.json.results as { relevance_score: number }[])[0]?.relevance_score).toBeCloseTo(1, 5);
  expect((await post('/v1/rerank', { ...asked, model: 'gpt' })).json).toMatchObject({
    error: { code: 'model_not_suitable' },
  });
});

test('tokens of texts, and back', async () => {
  const { json } = await post('/tokenize', { model: 'masks', input: ['the film', 'a'], add_special_tokens: false });
  expect(json.data).toEqual([
    { token_ids: [13, 11], tokens: ['the', 'film'] },
    { token_ids: [14], tokens: ['a'] },
  ]);
  const text = await post('/detokenize', { model: 'masks', token_ids: [2, 13, 11, 3] });
  expect(text.json).toEqual({ model: 'masks', text: 'the film' });
  expect((await post('/tokenize', { input: 'a' })).json).toMatchObject({
    error: { code: 'model_missing', param: 'model' },
  });
});

test('the id of a request is the one that it brought, or a new one, also in errors', async () => {
  const given = await fetch(`${listening.url}/v1/nothing`, { headers: { 'x-request-id': 'abc-1' } });
  expect(given.headers.get('x-request-id')).toBe('abc-1');
  expect((await get('/health')).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
});
