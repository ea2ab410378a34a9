import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BatchBounds, type QueuedRequest, RequestQueue } from './request-queue.js';

interface Item {
  readonly length: number;
  readonly key: string;
  readonly name: string;
}

const bounds: BatchBounds = { maxTokens: 64, freePadding: 4 };

const request = (client: string, lengths: readonly number[], key = 'a'): QueuedRequest<Item> => ({
  client,
  items: lengths.map((length, i) => ({ length, key, name: `${client} ${i}` })),
});

/** Names of the features of each batch until nothing waits. */
function batches(queue: RequestQueue<Item>): string[][] {
  const found: string[][] = [];
  for (let batch = queue.next(); batch.length > 0; batch = queue.next()) found.push(batch.map(({ name }) => name));
  return found;
}

test('what is of like length goes together, whoever sent it', () => {
  const queue = new RequestQueue<Item>(bounds);
  queue.add(request('one', [10, 30, 10]));
  queue.add(request('two', [11, 29]));
  expect(batches(queue)).toEqual([
    ['one 0', 'one 2', 'two 0'],
    ['two 1', 'one 1'],
  ]);
});

test('a request of thousands lets the others have their turns', () => {
  const queue = new RequestQueue<Item>(bounds);
  queue.add(request('big', new Array(2048).fill(30)));
  queue.add(request('small', [5]));
  queue.add(request('late', [60]));
  expect(batches(queue).slice(0, 3)).toEqual([['big 0', 'big 1'], ['small 0'], ['late 0']]);
});

test('new clients do not push those that wait back', () => {
  const queue = new RequestQueue<Item>(bounds);
  queue.add(request('waits', [40, 40]));
  for (let i = 0; i < 5; i++) queue.add(request(`new ${i}`, [10]));
  expect(queue.next()).toHaveLength(1);
  queue.add(request('newer', [10]));
  const names = batches(queue).map(([first]) => first);
  expect(names).toEqual(['new 0 0', 'waits 1']);
});

describe('any sequence of arrivals, departures and batches', () => {
  const arrival = fc.record({
    client: fc.constantFrom('a', 'b', 'c', 'd'),
    key: fc.constantFrom('x', 'y'),
    lengths: fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1, maxLength: 12 }),
  });
  const step = fc.oneof(
    arrival.map((made) => ({ kind: 'add' as const, made })),
    fc.nat(20).map((which) => ({ kind: 'leave' as const, which })),
    fc.constant({ kind: 'run' as const }),
  );

  test('every feature leaves once, by a batch or with its request; batches keep their bounds', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const queue = new RequestQueue<Item>(bounds);
        const requests: QueuedRequest<Item>[] = [];
        const waiting = new Map<Item, QueuedRequest<Item>>();
        const run = () => {
          const batch = queue.next();
          expect(batch.length > 0).toBe(waiting.size > 0);
          for (const item of batch) expect(waiting.delete(item), `${item.name} waited`).toBe(true);
          expect(new Set(batch.map(({ key }) => key)).size).toBeLessThanOrEqual(1);
          const longest = Math.max(0, ...batch.map(({ length }) => length));
          const padded = longest * batch.length;
          expect(padded).toBeLessThanOrEqual(bounds.maxTokens);
          const padding = padded - batch.reduce((sum, { length }) => sum + length, 0);
          expect(padding).toBeLessThanOrEqual(Math.max(bounds.freePadding, padded / 16));
        };
        for (const done of steps) {
          if (done.kind === 'add') {
            const made = request(done.made.client, done.made.lengths, done.made.key);
            requests.push(made);
            queue.add(made);
            for (const item of made.items) waiting.set(item, made);
          } else if (done.kind === 'leave') {
            const left = requests[done.which];
            if (left) queue.remove(left);
            for (const [item, owner] of waiting) if (owner === left) waiting.delete(item);
          } else run();
          expect(queue.size).toBe(waiting.size);
          expect(queue.tokens).toBe([...waiting.keys()].reduce((sum, { length }) => sum + length, 0));
        }
        while (queue.size > 0) run();
        expect(waiting.size).toBe(0);
      }),
    );
  });

  test('no request waits longer than one batch of each client before it, times its own features', () => {
    fc.assert(
      fc.property(fc.array(arrival, { minLength: 1, maxLength: 8 }), (made) => {
        const queue = new RequestQueue<Item>(bounds);
        for (const [i, { lengths, key }] of made.entries()) queue.add(request(`client ${i}`, lengths, key));
        // Every client has had a feature in a batch once as many batches ran as there are clients.
        const first = new Set<string>();
        for (let batch = 0; batch < made.length; batch++) {
          for (const { name } of queue.next()) first.add(name.split(' ')[1] as string);
        }
        expect(first.size).toBe(made.length);
      }),
    );
  });
});
