import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BatchWork } from '../../models/core/batch-work.js';
import type { ServeError } from '../errors/serve-error.js';
import { BatchingScheduler } from './batching-scheduler.js';
import { newCallContext, runInContext } from './call-context.js';

interface Feature {
  readonly length: number;
  readonly value: number;
}

/** A model that doubles values, and notes what it was given. */
class Doubling {
  readonly batches: Feature[][] = [];
  /** Resolved, a batch goes on; by default each does at once. */
  gate: () => Promise<void> = async () => undefined;
  fails: (feature: Feature) => boolean = () => false;

  work(features: readonly Feature[], key = 'double'): BatchWork<Feature, number, string> {
    return {
      key,
      features,
      run: async (batch) => {
        this.batches.push([...batch]);
        await this.gate();
        const bad = batch.find((feature) => this.fails(feature));
        if (bad) throw new Error(`cannot double ${bad.value}`);
        return batch.map(({ value }) => 2 * value);
      },
      decode: (row, { value }) => `${value}: ${row}`,
    };
  }
}

/** A gate that is closed until it is opened. */
function newGate(): { readonly opened: Promise<void>; open(): void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

const features = (...values: readonly number[]): Feature[] => values.map((value) => ({ length: 4, value }));

test('calls of the same moment share a batch, and each gets its own answers in order', async () => {
  const model = new Doubling();
  const { schedule } = new BatchingScheduler();
  const [one, two] = await Promise.all([schedule(model.work(features(3, 1))), schedule(model.work(features(2)))]);
  expect([one, two]).toEqual([['3: 6', '1: 2'], ['2: 4']]);
  expect(model.batches).toHaveLength(1);
});

test('what comes while a batch runs goes into the next one', async () => {
  const model = new Doubling();
  const { schedule } = new BatchingScheduler();
  const gate = newGate();
  model.gate = () => gate.opened;
  const first = schedule(model.work(features(1)));
  await new Promise((resolve) => setTimeout(resolve, 5));
  const others = [schedule(model.work(features(2))), schedule(model.work(features(3)))];
  gate.open();
  expect(await Promise.all([first, ...others])).toEqual([['1: 2'], ['2: 4'], ['3: 6']]);
  expect(model.batches.map(({ length }) => length)).toEqual([1, 2]);
});

test('an input that fails fails its own call alone', async () => {
  const model = new Doubling();
  model.fails = ({ value }) => value === 5;
  const { schedule } = new BatchingScheduler();
  const calls = [features(1, 2), features(3, 5, 4), features(6)].map((each) => schedule(model.work(each)));
  const [one, two, three] = await Promise.allSettled(calls);
  expect(one).toEqual({ status: 'fulfilled', value: ['1: 2', '2: 4'] });
  expect(two).toMatchObject({ status: 'rejected', reason: { message: 'cannot double 5' } });
  expect(three).toEqual({ status: 'fulfilled', value: ['6: 12'] });
  expect(await schedule(model.work(features(7)))).toEqual(['7: 14']);
});

test('an answer that cannot be decoded fails its own call alone', async () => {
  const model = new Doubling();
  const { schedule } = new BatchingScheduler();
  const broken = {
    ...model.work(features(1)),
    decode: () => {
      throw new Error('undecodable');
    },
  };
  const [one, two] = await Promise.allSettled([schedule(broken), schedule(model.work(features(2)))]);
  expect(one).toMatchObject({ status: 'rejected', reason: { message: 'undecodable' } });
  expect(two).toEqual({ status: 'fulfilled', value: ['2: 4'] });
});

test('a client that has gone is dropped from the queue', async () => {
  const model = new Doubling();
  const scheduler = new BatchingScheduler();
  const gate = newGate();
  model.gate = () => gate.opened;
  const first = scheduler.schedule(model.work(features(1)));
  await new Promise((resolve) => setTimeout(resolve, 5));
  const leaves = new AbortController();
  const context = newCallContext(leaves);
  const dropped = runInContext(context, () => scheduler.schedule(model.work(features(2, 3))));
  expect(scheduler.size).toBe(2);
  leaves.abort(new Error('gone'));
  await expect(dropped).rejects.toThrow('gone');
  expect(scheduler.size).toBe(0);
  gate.open();
  await first;
  await expect(runInContext(context, () => scheduler.schedule(model.work(features(4))))).rejects.toThrow('gone');
  expect(model.batches).toEqual([features(1)]);
});

test('too much at once is refused with the time to wait; an input that no batch holds is refused at once', async () => {
  const model = new Doubling();
  const { schedule } = new BatchingScheduler({ batchTokens: 16, maxInputTokens: 16, maxQueuedTokens: 20 });
  const accepted = schedule(model.work(features(1, 2, 3, 4, 5, 6, 7, 8)));
  const refused = await schedule(model.work(features(9))).catch((error: ServeError) => error);
  expect(refused).toMatchObject({ status: 429, code: 'queue_full', retryAfter: 1 });
  const tooLong = await schedule(model.work([{ length: 17, value: 1 }])).catch((error: ServeError) => error);
  expect(tooLong).toMatchObject({ status: 413, message: expect.stringContaining('17 tokens') });
  expect(await accepted).toHaveLength(8);
});

test('an input longer than a batch runs by itself, and does not wait for ever', async () => {
  const model = new Doubling();
  const { schedule } = new BatchingScheduler({ batchTokens: 8 });
  const long: Feature = { length: 100, value: 5 };
  expect(await schedule(model.work([...features(1, 2, 3), long]))).toEqual(['1: 2', '2: 4', '3: 6', '5: 10']);
  expect(model.batches.map(({ length }) => length)).toEqual([2, 1, 1]);
});

test('what was spent on a call is in its context', async () => {
  const model = new Doubling();
  const { schedule } = new BatchingScheduler();
  const context = newCallContext(new AbortController());
  model.gate = () => new Promise((resolve) => setTimeout(resolve, 20));
  await runInContext(context, () => schedule(model.work(features(1, 2))));
  expect(context.tokens).toBe(8);
  expect(context.inferenceTime).toBeGreaterThan(15);
});

describe('any arrivals', () => {
  const call = fc.record({
    values: fc.array(fc.record({ length: fc.integer({ min: 1, max: 30 }), value: fc.nat(1000) }), { maxLength: 9 }),
    key: fc.constantFrom('x', 'y'),
    pause: fc.nat(3),
    leaves: fc.option(fc.nat(3)),
  });

  test('every call is answered once, in order, or refused for its own input; what left was not run after that', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 12 }), fc.scheduler(), async (calls, order) => {
        const model = new Doubling();
        model.fails = ({ value }) => value % 10 === 7;
        model.gate = order.scheduleFunction(async () => undefined, undefined);
        const { schedule } = new BatchingScheduler({ batchTokens: 24 });
        const gone = new Set<Feature>();
        const ranThough: Feature[] = [];
        const work = (values: readonly Feature[], key: string) => {
          const made = model.work(values, key);
          const run = (batch: readonly Feature[]) => {
            ranThough.push(...batch.filter((feature) => gone.has(feature)));
            return made.run(batch);
          };
          return { ...made, run };
        };
        const asked = order.scheduleSequence(
          calls.map(({ values, key, leaves }) => ({
            label: 'call',
            builder: async () => {
              const left = new AbortController();
              const done = runInContext(newCallContext(left), () => schedule(work(values, key)));
              results.push(
                done.then(
                  (found) => found,
                  (error: Error) => error.message,
                ),
              );
              if (leaves === null) return;
              void order.schedule(Promise.resolve(), 'leave').then(() => {
                for (const value of values) gone.add(value);
                left.abort(new Error('gone'));
              });
            },
          })),
        );
        const results: Promise<string[] | string>[] = [];
        await order.waitFor(asked.task.then(() => undefined));
        const found = await order.waitFor(Promise.all(results));
        expect(ranThough).toEqual([]);
        for (const [i, { values, leaves }] of calls.entries()) {
          const bad = values.find((value) => model.fails(value));
          const result = found[i] as string[] | string;
          if (Array.isArray(result)) expect(result).toEqual(values.map(({ value }) => `${value}: ${2 * value}`));
          else if (result === 'gone') expect(leaves).not.toBeNull();
          else
            expect(values.filter((value) => model.fails(value)).map(({ value }) => `cannot double ${value}`)).toContain(
              result,
            );
          if (leaves === null) expect(Array.isArray(result)).toBe(bad === undefined);
        }
      }),
      { numRuns: 200 },
    );
  });
});
