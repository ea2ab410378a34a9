/** @file A model in a process of its own: its answers, its end, and what becomes of requests when it is killed. */
import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { pipeline } from '../../inference/pipeline.js';
import { UserError } from '../../platform/errors.js';
import { miniGpt, toyModel } from '../../testing/toy-models.js';
import { ServeError } from '../errors/serve-error.js';
import { readModelInfo } from '../models/model-info.js';
import type { GeneratedPiece, GenerateRequest, Predictions } from '../models/served-model.js';
import { type WorkerEvent, WorkerModel } from './worker-model.js';

const call = () => ({ signal: new AbortController().signal });
const models: WorkerModel[] = [];
afterAll(() => Promise.all(models.map((model) => model.close())));

async function serve(folder: string, events: WorkerEvent[] = []): Promise<WorkerModel> {
  const info = await readModelInfo('toy', folder);
  const options = {
    threads: 1,
    restartDelay: { first: 10, most: 100 },
    onEvent: (event: WorkerEvent) => events.push(event),
  };
  const model = new WorkerModel({ folder, info }, options);
  models.push(model);
  return model;
}

/** Whether a process is there. */
function isAlive(pid: number | undefined): boolean {
  try {
    return process.kill(pid as number, 0);
  } catch {
    return false;
  }
}

async function until(condition: () => boolean, what: string): Promise<void> {
  for (let i = 0; i < 1200 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(condition(), what).toBe(true);
}

const story = (options: GenerateRequest['options'] = {}): GenerateRequest => ({
  prompt: 'Once upon a time',
  n: 1,
  options: { maxNewTokens: 12, ...options },
});

async function read(pieces: AsyncIterable<GeneratedPiece>): Promise<GeneratedPiece[]> {
  const found: GeneratedPiece[] = [];
  for await (const piece of pieces) found.push(piece);
  return found;
}

describe('a classifier', async () => {
  const folder = await toyModel('text-classification');

  test('answers as the pipeline does, many at the same time; errors are those of the request', async () => {
    const model = await serve(folder);
    expect(model.state).toBe('loading');
    await expect(model.predict('text-classification', ['good'], {}, call())).rejects.toMatchObject({ status: 503 });
    await model.ready;
    expect(model.state).toBe('ready');
    const classify = await pipeline('text-classification', folder);
    const texts = Array.from({ length: 40 }, (_, i) => 'a good film '.repeat(i % 7));
    const answers = await Promise.all(
      texts.map((text) => model.predict('text-classification', [text], { topK: 1 }, call())),
    );
    for (const [i, text] of texts.entries()) {
      const [expected] = await classify(text);
      const [[found]] = (answers[i] as Predictions).outputs as [[{ label: string; score: number }]];
      expect(found.label).toBe(expected?.label);
      expect(found.score).toBeCloseTo(expected?.score as number, 5);
      expect(answers[i]?.promptTokens).toBeGreaterThan(1);
    }
    await classify.dispose();
    const wrong = model.predict('text-classification', ['a'], { topK: 0 }, call());
    await expect(wrong).rejects.toThrow(new UserError('topK is 0; it must be a whole number from 1'));
    const [{ tokenIds } = { tokenIds: [] }] = await model.tokenize(['good'], { addSpecialTokens: false }, call());
    expect(await model.detokenize(tokenIds, { skipSpecialTokens: true }, call())).toBe('good');
  });

  test('a call that the killed worker had not begun is answered by the next one', async () => {
    const events: WorkerEvent[] = [];
    const model = await serve(folder, events);
    await model.ready;
    const { pid } = model;
    process.kill(pid as number, 'SIGSTOP');
    const waits = model.predict('text-classification', ['good'], {}, call());
    process.kill(pid as number, 'SIGKILL');
    expect((await waits).outputs).toHaveLength(1);
    expect(model.state).toBe('ready');
    expect(model.pid).not.toBe(pid);
    expect(events.map(({ kind }) => kind)).toEqual(['ready', 'lost', 'ready']);
    expect(events[1]).toMatchObject({ how: 'SIGKILL', restartIn: 10 });
  });

  test('while the worker is being restarted, the model is down and refuses calls', async () => {
    const model = await serve(folder);
    await model.ready;
    process.kill(model.pid as number, 'SIGKILL');
    await until(() => model.state === 'down', 'down');
    const refused = await model
      .predict('text-classification', ['good'], {}, call())
      .catch((error: ServeError) => error);
    expect(refused).toBeInstanceOf(ServeError);
    expect(refused).toMatchObject({ status: 503, code: 'model_down', retryAfter: 1 });
    await until(() => model.state === 'ready', 'ready again');
    expect((await model.predict('text-classification', ['good'], {}, call())).outputs).toHaveLength(1);
  });

  test('closing finishes what was accepted, refuses what comes, and ends the process', async () => {
    const model = await serve(folder);
    await model.ready;
    const { pid } = model;
    const accepted = model.predict('text-classification', new Array(200).fill('good'), {}, call());
    const closed = model.close();
    await expect(model.predict('text-classification', ['good'], {}, call())).rejects.toMatchObject({ status: 503 });
    expect((await accepted).outputs).toHaveLength(200);
    await closed;
    expect(isAlive(pid)).toBe(false);
    expect(model.state).toBe('down');
  });
});

describe('a generator', () => {
  test('streams; a text that runs when the worker is killed fails with 503, one that has no piece yet begins anew', async () => {
    const model = await serve(miniGpt);
    await model.ready;
    const expected = await read((await model.generate(story(), call())).pieces);
    expect(expected.at(-1)?.finishReason).toBeDefined();
    expect(expected.reduce((sum, { tokenCount }) => sum + tokenCount, 0)).toBeLessThanOrEqual(12);

    const runs = await model.generate(story({ maxNewTokens: 250, eosTokenId: [] }), call());
    const pieces = runs.pieces[Symbol.asyncIterator]();
    await pieces.next();
    process.kill(model.pid as number, 'SIGSTOP');
    const waits = model.generate(story(), call());
    process.kill(model.pid as number, 'SIGKILL');
    const rest = async () => {
      while (!(await pieces.next()).done);
    };
    await expect(rest()).rejects.toMatchObject({ status: 503, code: 'worker_lost', retryAfter: 1 });
    expect(await read((await waits).pieces)).toEqual(expected);
  });

  test('a client that leaves ends its text: closing does not wait for it', async () => {
    const model = await serve(miniGpt);
    await model.ready;
    const controller = new AbortController();
    const request = story({ maxNewTokens: 250, eosTokenId: [] });
    const [aborted, left] = [await model.generate(request, controller), await model.generate(request, call())];
    for await (const _ of left.pieces) break;
    const reading = read(aborted.pieces);
    controller.abort(new Error('gone'));
    await expect(reading).rejects.toThrow('gone');
    await model.close();
  });
});

test('what cannot be loaded at all is said, and nothing is left running', async () => {
  const folder = await toyModel('text-classification');
  const info = await readModelInfo('toy', folder);
  const empty = mkdtempSync(join(tmpdir(), 'multihead-empty-'));
  const model = new WorkerModel({ folder: empty, info }, { threads: 1 });
  await expect(model.ready).rejects.toThrow(UserError);
  expect(model.state).toBe('down');
  await until(() => !isAlive(model.pid), 'the process has ended');
  await model.close();
});

test('a worker knows what the modules in its settings register; one that cannot be imported is named', async () => {
  const folder = await toyModel('text-classification');
  const program = join(mkdtempSync(join(tmpdir(), 'multihead-imports-')), 'intents.mjs');
  const library = JSON.stringify(new URL('../../index.js', import.meta.url).href);
  writeFileSync(
    program,
    `import { registerTask, taskNamed } from ${library};
     registerTask({ ...taskNamed('text-classification'), name: 'intents', aliases: [], title: 'intents' });`,
  );
  const info = await readModelInfo('toy', folder);
  const own = { folder, info: { ...info, tasks: ['intents'] }, imports: [pathToFileURL(program).href] };
  const model = new WorkerModel(own, { threads: 1 });
  models.push(model);
  await model.ready;
  expect((await model.predict('intents', ['good'], {}, call())).outputs).toHaveLength(1);

  const missing = new WorkerModel({ folder, info, imports: ['file:///none.mjs'] }, { threads: 1 });
  await expect(missing.ready).rejects.toThrow(/^imports: file:\/\/\/none.mjs cannot be imported/);
  await missing.close();
});

test('a worker ends when the process that started it is killed', async () => {
  const program = `
    import { WorkerModel } from ${JSON.stringify(new URL('./worker-model.js', import.meta.url).href)};
    import { readModelInfo } from ${JSON.stringify(new URL('../models/model-info.js', import.meta.url).href)};
    const folder = ${JSON.stringify(miniGpt)};
    const model = new WorkerModel({ folder, info: await readModelInfo('gpt', folder) }, { threads: 1 });
    await model.ready;
    console.log(model.pid);
    setInterval(() => undefined, 1000);
  `;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pid = await new Promise<number>((resolve) => parent.stdout.once('data', (text) => resolve(Number(text))));
  expect(isAlive(pid)).toBe(true);
  process.kill(pid, 'SIGTERM'); // as a supervisor sends it to all processes of a service: it is for the parent to decide
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(isAlive(pid)).toBe(true);
  parent.kill('SIGKILL');
  await until(() => !isAlive(pid), 'the worker has ended');
});
