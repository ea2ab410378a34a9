/**
 * @file The features that wait for a model, and which of them make the next batch.
 *
 * Clients take turns, and so do the requests of a client: whose turn it is, the oldest feature of that request is in the
 * batch. The batch is filled with waiting features of like length, whoever's they are, so that little is padded and a request
 * of thousands of features never blocks one of a few.
 */

/** What waits. */
export interface Waiting {
  /** Tokens, which the time of a batch depends on. */
  readonly length: number;
  /** Only features with the same key share a batch. */
  readonly key: string;
}

/** A request: its features wait together and leave one by one. */
export interface QueuedRequest<Item extends Waiting> {
  /** Who sent it. */
  readonly client: string;
  readonly items: readonly Item[];
}

/** Bounds of a batch. */
export interface BatchBounds {
  /** Tokens of a batch, padding included, which only a single feature may exceed. */
  readonly maxTokens: number;
  /**
   * Padding that costs less than a batch of its own, in tokens. A batch has no more than this or a sixteenth of its tokens,
   * whichever is more.
   */
  readonly freePadding: number;
}

/** A feature of a request. */
interface Entry<Item extends Waiting> {
  readonly item: Item;
  readonly request: QueuedRequest<Item>;
}

/** Entries by their length; those of one length in the order in which they came. */
class Lengths<Item extends Waiting> {
  private readonly byLength = new Map<number, Set<Entry<Item>>>();
  private longest = 0;

  add(entry: Entry<Item>): void {
    const { length } = entry.item;
    const entries = this.byLength.get(length);
    if (entries) entries.add(entry);
    else this.byLength.set(length, new Set([entry]));
    this.longest = Math.max(this.longest, length);
  }

  remove(entry: Entry<Item>): void {
    const { length } = entry.item;
    const entries = this.byLength.get(length);
    entries?.delete(entry);
    if (entries?.size === 0) this.byLength.delete(length);
  }

  /** All entries, those of the nearest length first; the shorter of two that are as near. */
  *nearest(length: number): Generator<Entry<Item>> {
    const reach = Math.max(length, this.longest - length);
    for (let distance = 0; distance <= reach; distance++) {
      yield* this.byLength.get(length - distance) ?? [];
      if (distance > 0) yield* this.byLength.get(length + distance) ?? [];
    }
  }
}

/** Requests whose features wait for the model. */
export class RequestQueue<Item extends Waiting> {
  /** The clients in the order of their turns, and the requests of each in theirs, with the entries that wait. */
  private readonly turns = new Map<string, Map<QueuedRequest<Item>, Set<Entry<Item>>>>();
  private readonly lengths = new Map<string, Lengths<Item>>();
  private waiting = 0;
  private waitingTokens = 0;

  constructor(private readonly bounds: BatchBounds) {}

  /** Number of features that wait. */
  get size(): number {
    return this.waiting;
  }

  /** Number of their tokens, without padding. */
  get tokens(): number {
    return this.waitingTokens;
  }

  /** Adds a request, which has a feature at least. */
  add(request: QueuedRequest<Item>): void {
    const entries = new Set(request.items.map((item): Entry<Item> => ({ item, request })));
    const requests = this.turns.get(request.client);
    if (requests) requests.set(request, entries);
    else this.turns.set(request.client, new Map([[request, entries]]));
    for (const entry of entries) {
      const { key, length } = entry.item;
      const lengths = this.lengths.get(key) ?? new Lengths<Item>();
      this.lengths.set(key, lengths);
      lengths.add(entry);
      this.waiting++;
      this.waitingTokens += length;
    }
  }

  /** Removes what waits of a request. */
  remove(request: QueuedRequest<Item>): void {
    for (const entry of [...(this.turns.get(request.client)?.get(request) ?? [])]) this.take(entry);
  }

  /** Takes the features of the next batch out; none if nothing waits. */
  next(): Item[] {
    const first = this.endTurn();
    if (!first) return [];
    const { maxTokens, freePadding } = this.bounds;
    const chosen: Entry<Item>[] = [first];
    let longest = first.item.length;
    let tokens = longest;
    for (const entry of this.lengths.get(first.item.key)?.nearest(longest) ?? []) {
      if (entry === first) continue;
      const padded = Math.max(longest, entry.item.length) * (chosen.length + 1);
      const padding = padded - tokens - entry.item.length;
      if (padded > maxTokens || padding > Math.max(freePadding, padded / 16)) break;
      chosen.push(entry);
      longest = Math.max(longest, entry.item.length);
      tokens += entry.item.length;
    }
    for (const entry of chosen) this.take(entry);
    return chosen.map(({ item }) => item);
  }

  /** The oldest feature of the request whose turn it is. Request and client are at the end of their rows afterwards. */
  private endTurn(): Entry<Item> | undefined {
    const [turn] = this.turns;
    if (!turn) return undefined;
    const [client, requests] = turn;
    const [[request, entries]] = requests as unknown as [[QueuedRequest<Item>, Set<Entry<Item>>]];
    requests.delete(request);
    requests.set(request, entries);
    this.turns.delete(client);
    this.turns.set(client, requests);
    return entries.values().next().value;
  }

  private take(entry: Entry<Item>): void {
    const { request, item } = entry;
    const requests = this.turns.get(request.client);
    const entries = requests?.get(request);
    if (!entries?.delete(entry)) throw new Error('internal: a feature that does not wait was taken out of the queue');
    if (entries.size === 0) requests?.delete(request);
    if (requests?.size === 0) this.turns.delete(request.client);
    this.lengths.get(item.key)?.remove(entry);
    this.waiting--;
    this.waitingTokens -= item.length;
  }
}
