import { MessageChannel } from 'node:worker_threads';
import { afterEach, describe, expect, test } from 'vitest';
import { UserError } from '../platform/errors.js';
import { type Moves, RemoteCalls, serveCalls } from './remote.js';

/** An error with a property of its own. */
class HeightError extends Error {
  override name = 'HeightError';
  height = 0;
}

/** What lives in the other thread. */
class Shelf {
  readonly size = 3;
  private readonly kept = new Map<string, Float32Array<ArrayBuffer>>();
  private readonly order: string[] = [];

  async put(name: string, data: Float32Array<ArrayBuffer>): Promise<void> {
    this.kept.set(name, data);
  }
  async take(name: string): Promise<{ data: Float32Array<ArrayBuffer>; twice: Float32Array<ArrayBuffer> }> {
    const data = this.kept.get(name);
    if (!data) throw new UserError(`nothing is named ${name}`);
    return { data, twice: data };
  }
  async part(name: string): Promise<Float32Array<ArrayBuffer>> {
    return this.kept.get(name)?.subarray(1, 2) ?? new Float32Array(0);
  }
  async key(): Promise<() => number> {
    return () => 1;
  }
  async wait(ms: number): Promise<string[]> {
    this.order.push(`begin ${ms}`);
    await new Promise((resolve) => setTimeout(resolve, ms));
    this.order.push(`end ${ms}`);
    return this.order;
  }
  async fail(): Promise<void> {
    throw new RangeError('too far');
  }
  async fall(): Promise<void> {
    throw Object.assign(new HeightError('too high'), { height: 3, what: {} });
  }
}

const channels: MessageChannel[] = [];
afterEach(() => {
  for (const { port1 } of channels.splice(0)) port1.close();
});

/** A shelf behind a channel whose messages are copied and moved as those of a worker are. */
function connect(moves: Moves<Shelf> = {}, isConcurrent = false) {
  const channel = new MessageChannel();
  channels.push(channel);
  const { port1, port2 } = channel;
  const busy: boolean[] = [];
  const calls = new RemoteCalls<Shelf>({
    post: (call, transfer) => port1.postMessage(call, transfer),
    busy: (isBusy) => busy.push(isBusy),
    moves,
    revive: ({ name, message, fields }) =>
      name === 'HeightError' ? Object.assign(new HeightError(message), fields) : undefined,
  });
  port1.on('message', (reply) => calls.settle(reply));
  port2.on(
    'message',
    serveCalls(new Shelf(), (reply, transfer) => port2.postMessage(reply, transfer), { isConcurrent }),
  );
  return { shelf: calls.proxy({ close: () => 'closed here' }), calls, busy };
}

describe('an object in another thread', () => {
  test('has its own methods called there, and those that were added here', async () => {
    const { shelf } = connect();
    await shelf.put('a', Float32Array.of(1, 2));
    expect((await shelf.take('a')).data).toEqual(Float32Array.of(1, 2));
    expect(shelf.close()).toBe('closed here');
  });

  test('begins a call when the one before it has ended', async () => {
    const { shelf } = connect();
    const [, order] = await Promise.all([shelf.wait(20), shelf.wait(0)]);
    expect(order).toEqual(['begin 20', 'end 20', 'begin 0', 'end 0']);
  });

  test('begins calls at once where they may run at the same time', async () => {
    const { shelf } = connect({}, true);
    const [order] = await Promise.all([shelf.wait(20), shelf.wait(0)]);
    expect(order).toEqual(['begin 20', 'begin 0', 'end 0', 'end 20']);
  });

  test('is given copies, except of what is declared as moved', async () => {
    const data = () => Float32Array.of(1, 2, 3);
    const [copied, moved] = [data(), data()];
    await connect().shelf.put('a', copied);
    expect(copied.length).toBe(3);
    await connect({ put: (_, { buffer }) => [buffer] }).shelf.put('a', moved);
    expect(moved.length).toBe(0);
  });

  test('gives whole buffers away with a result, and copies a part', async () => {
    const { shelf } = connect();
    await shelf.put('a', Float32Array.of(1, 2, 3));
    expect(await shelf.part('a')).toEqual(Float32Array.of(2));
    const { data, twice } = await shelf.take('a');
    expect(data).toEqual(Float32Array.of(1, 2, 3));
    expect(twice.buffer).toBe(data.buffer);
  });

  test('a result that cannot be sent rejects its call, and later ones are answered', async () => {
    const { shelf } = connect();
    await expect(shelf.key()).rejects.toThrow('could not be cloned');
    expect(await shelf.wait(0)).toEqual(['begin 0', 'end 0']);
  });

  test('throws here what it threw there: a UserError as one, with the stack of the other thread', async () => {
    const { shelf } = connect();
    const mine = await shelf.take('z').catch((error: unknown) => error);
    expect(mine).toBeInstanceOf(UserError);
    expect(mine).toMatchObject({ message: 'nothing is named z', stack: expect.stringContaining('Shelf.take') });
    const fault = await shelf.fail().catch((error: unknown) => error);
    expect(fault).not.toBeInstanceOf(UserError);
    expect(fault).toMatchObject({ message: 'too far', stack: expect.stringContaining('Shelf.fail') });
    const own = await shelf.fall().catch((error: unknown) => error);
    expect(own).toBeInstanceOf(HeightError);
    expect(own).toMatchObject({ message: 'too high', height: 3 });
    expect(own).not.toHaveProperty('what');
  });

  test('refuses a method that it does not have', async () => {
    const { shelf } = connect();
    const { unknown } = shelf as unknown as { unknown(): Promise<void> };
    await expect(unknown()).rejects.toThrow('internal: there is no method unknown in the worker');
    const { size } = shelf as unknown as { size(): Promise<void> };
    await expect(size()).rejects.toThrow('internal: there is no method size in the worker');
  });

  test('is no promise, so that a promise can be resolved with it, and JSON calls nothing', async () => {
    const { shelf, busy } = connect();
    expect(await Promise.resolve(shelf)).toBe(shelf);
    expect(JSON.stringify(shelf)).toBe('{}');
    expect(busy).toEqual([]);
  });

  test('says when it is waited for', async () => {
    const { shelf, busy } = connect();
    await Promise.all([shelf.wait(0), shelf.wait(0)]);
    await shelf.fail().catch(() => undefined);
    expect(busy).toEqual([true, false, true, false]);
  });

  test('an argument that cannot be sent rejects the call, and nothing waits for it', async () => {
    const { shelf, busy } = connect();
    const unsendable = (() => 0) as unknown as string;
    await expect(shelf.take(unsendable)).rejects.toThrow(/could not be cloned/);
    expect(busy).toEqual([]);
  });

  test('that failed rejects what was asked, ignores later answers, and refuses further calls', async () => {
    const { shelf, calls } = connect();
    const asked = shelf.wait(5);
    calls.fail(new Error('it fell'));
    await expect(asked).rejects.toThrow('it fell');
    calls.refuse('it is gone');
    await expect(shelf.wait(5)).rejects.toEqual(new UserError('it is gone'));
    await new Promise((resolve) => setTimeout(resolve, 20)); // the late answer comes
  });
});
