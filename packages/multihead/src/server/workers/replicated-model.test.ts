import { expect, test } from 'vitest';
import type { GeneratedPiece, ModelState, ServedModel } from '../models/served-model.js';
import { ReplicatedModel } from './replicated-model.js';

const call = () => ({ signal: new AbortController().signal });

/** A worker that answers when it is told to. */
function worker(name: string) {
  const answers: (() => void)[] = [];
  const seen: number[] = [];
  const self = {
    name,
    seen,
    state: 'ready' as ModelState,
    ready: Promise.resolve(),
    answer: () => answers.shift()?.(),
    embed: async (inputs: readonly unknown[]) => {
      seen.push(inputs.length);
      await new Promise<void>((resolve) => answers.push(resolve));
      return { data: new Float32Array(0), size: 0, promptTokens: 0 };
    },
    generate: async () => {
      seen.push(-1);
      async function* pieces(): AsyncGenerator<GeneratedPiece> {
        yield { index: 0, text: 'a', tokenCount: 1 };
        yield { index: 0, text: 'b', tokenCount: 1 };
      }
      return { promptTokens: 1, pieces: pieces() };
    },
  };
  return self;
}

test('a call goes to the worker with the fewest inputs, and to none that is down while another answers', async () => {
  const [one, two] = [worker('one'), worker('two')];
  const model = new ReplicatedModel([one, two] as unknown as ServedModel[]);
  const calls = [5, 2, 2, 2].map((count) => model.embed(new Array(count).fill('a'), {}, call()));
  expect([one.seen, two.seen]).toEqual([[5], [2, 2, 2]]);
  one.answer();
  await calls[0];
  calls.push(model.embed(['a'], {}, call()));
  expect(one.seen).toEqual([5, 1]);
  two.state = 'down';
  expect(model.state).toBe('ready');
  calls.push(model.embed(new Array(50).fill('a'), {}, call()), model.embed(['a'], {}, call()));
  expect(one.seen).toEqual([5, 1, 50, 1]);
  one.state = 'down';
  expect(model.state).toBe('down');
  for (let i = 0; i < 4; i++) for (const each of [one, two]) each.answer();
  await Promise.all(calls);
});

test('a text counts until its pieces have been read, or their reader leaves', async () => {
  const [one, two] = [worker('one'), worker('two')];
  const model = new ReplicatedModel([one, two] as unknown as ServedModel[]);
  const request = { prompt: 'a', n: 3, options: {} };
  const first = await model.generate(request, call());
  const second = await model.generate(request, call());
  expect([one.seen, two.seen]).toEqual([[-1], [-1]]);
  for await (const _ of second.pieces) break;
  await model.generate(request, call());
  expect(two.seen).toEqual([-1, -1]);
  for await (const _ of first.pieces);
  await model.generate(request, call());
  expect(one.seen).toEqual([-1, -1]);
});
