/**
 * @file A served model in a process of its own: a crash of native code takes down this model alone. The process is supervised:
 * one that has ended is started anew, what it computed is refused with 503, and what waited in it is computed by the next one.
 */
import { setTimeout } from 'node:timers/promises';
import type { Remote } from '../../engine/remote.js';
import { ServeError } from '../errors/serve-error.js';
import { OpenCalls } from '../models/open-calls.js';
import type {
  Call,
  Embeddings,
  EmbedOptions,
  GeneratedPiece,
  GenerateRequest,
  Generation,
  ModelInfo,
  ModelState,
  Predictions,
  ServedModel,
  TextOrTokens,
  Tokenized,
} from '../models/served-model.js';
import type { Caller, ModelHost } from './model-host.js';
import { ModelProcess, WorkerLost } from './model-process.js';
import { newSignal, type Signal, unlessAborted } from './waiting.js';
import type { WorkerSettings } from './worker-settings.js';

/** What happens to a worker, for logs and metrics. */
export type WorkerEvent =
  | { readonly kind: 'ready'; readonly model: string; readonly pid: number | undefined; readonly seconds: number }
  | { readonly kind: 'lost'; readonly model: string; readonly how: string; readonly restartIn: number };

/** Options of `WorkerModel`. */
export interface WorkerOptions {
  /** Threads that an operator may use. */
  readonly threads: number;
  readonly onEvent?: ((event: WorkerEvent) => void) | undefined;
  /** Milliseconds before the first restart, and at most: they double from one to the next. Default: 250 and 30000. */
  readonly restartDelay?: { readonly first: number; readonly most: number } | undefined;
}

const usualDelay = { first: 250, most: 30_000 };

/** Milliseconds after which a worker that runs is taken to be sound: a restart after that is a first one. */
const soundAfter = 60_000;

/** A call that the worker has. */
interface Pending {
  hasStarted: boolean;
}

/** Serves a model by a worker process. */
export class WorkerModel implements ServedModel {
  readonly ready: Promise<void>;
  private current: ModelState = 'loading';
  private worker: ModelProcess | undefined;
  private nextId = 0;
  private readonly pending = new Map<number, Pending>();
  private readonly open = new OpenCalls();
  private readonly closing = new AbortController();
  /** Resolves when a worker is ready again, or none will be. */
  private again = newSignal();
  private readonly supervised: Promise<void>;

  constructor(
    private readonly settings: WorkerSettings,
    private readonly options: WorkerOptions,
  ) {
    const first = newSignal();
    this.ready = first.given;
    this.ready.catch(() => undefined); // callers that await it handle the error
    this.supervised = this.supervise(first);
  }

  get state(): ModelState {
    return this.current;
  }

  get info(): ModelInfo {
    return this.settings.info;
  }

  /** The number of the worker's process. */
  get pid(): number | undefined {
    return this.worker?.pid;
  }

  predict(
    task: string,
    inputs: readonly unknown[],
    parameters: Readonly<Record<string, unknown>>,
    call: Call,
  ): Promise<Predictions> {
    return this.call(call, (host, caller) => host.predict(caller, task, inputs, parameters));
  }

  embed(inputs: readonly TextOrTokens[], options: EmbedOptions, call: Call): Promise<Embeddings> {
    return this.call(call, (host, caller) => host.embed(caller, inputs, options));
  }

  tokenize(
    texts: readonly string[],
    options: { readonly addSpecialTokens: boolean },
    call: Call,
  ): Promise<Tokenized[]> {
    return this.call(call, (host, caller) => host.tokenize(caller, texts, options));
  }

  detokenize(
    tokenIds: readonly number[],
    options: { readonly skipSpecialTokens: boolean },
    call: Call,
  ): Promise<string> {
    return this.call(call, (host, caller) => host.detokenize(caller, tokenIds, options));
  }

  async generate(request: GenerateRequest, call: Call): Promise<Generation> {
    const begin = () =>
      this.call(call, async (host, caller) => ({
        promptTokens: await host.generate(caller, request),
        host,
        id: caller.id,
      }));
    const end = this.begin();
    // Pieces that nobody begins to read are over when the client goes.
    call.signal.addEventListener('abort', end, { once: true });
    try {
      const begun = await begin();
      return { promptTokens: begun.promptTokens, pieces: this.pieces(begun, { begin, end }, call) };
    } catch (error) {
      end();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.open.drained();
    if (this.current === 'ready') await this.worker?.host.close().catch(() => undefined);
    this.current = 'down';
    await this.worker?.stop();
    await this.supervised;
  }

  /** The pieces of a generation. One whose worker is lost before its first piece begins anew. */
  private async *pieces(
    begun: Begun,
    { begin, end }: { begin(): Promise<Begun>; end(): void },
    { signal }: Call,
  ): AsyncGenerator<GeneratedPiece, void, undefined> {
    let { host, id } = begun;
    let isDone = false;
    let count = 0;
    try {
      while (!isDone) {
        try {
          const fetched = await unlessAborted(host.nextPieces(id), signal);
          isDone = fetched.isDone;
          count += fetched.pieces.length;
          yield* fetched.pieces;
        } catch (error) {
          if (!(error instanceof WorkerLost) || count > 0) throw error;
          await this.untilAgain(signal);
          ({ host, id } = await begin());
          count = Number.POSITIVE_INFINITY; // once is enough
        }
      }
    } finally {
      if (!isDone) host.cancel(id).catch(() => undefined);
      end();
    }
  }

  /** Has the worker compute something; the next one, if the first was lost before it began with it. */
  private async call<Result>(
    call: Call,
    make: (host: Remote<ModelHost>, caller: Caller) => Promise<Result>,
  ): Promise<Result> {
    const end = this.begin();
    try {
      const pending: Pending = { hasStarted: false };
      try {
        return await this.callOnce(call, make, pending);
      } catch (error) {
        if (!(error instanceof WorkerLost) || pending.hasStarted) throw error;
      }
      await this.untilAgain(call.signal);
      return await this.callOnce(call, make, pending);
    } finally {
      end();
    }
  }

  private async callOnce<Result>(
    { signal, client }: Call,
    make: (host: Remote<ModelHost>, caller: Caller) => Promise<Result>,
    pending: Pending,
  ): Promise<Result> {
    signal.throwIfAborted();
    const host = this.worker?.host;
    if (this.current !== 'ready' || !host) throw this.unavailable();
    const id = this.nextId++;
    this.pending.set(id, pending);
    try {
      return await unlessAborted(make(host, { id, client }), signal);
    } catch (error) {
      if (signal.aborted) host.cancel(id).catch(() => undefined);
      throw error;
    } finally {
      this.pending.delete(id);
    }
  }

  private untilAgain(signal: AbortSignal): Promise<void> {
    return unlessAborted(this.again.given, signal);
  }

  private unavailable(): ServeError {
    const { name } = this.info;
    const why = { loading: 'is being loaded', ready: 'is being loaded', down: 'is not available' }[this.current];
    return new ServeError(`the model ${name} ${why}. Try again later`, {
      status: 503,
      code: `model_${this.current}`,
      retryAfter: 1,
    });
  }

  /** Counts something that {@link close} waits for, unless it has been called. Returns what ends it. */
  private begin(): () => void {
    if (this.closing.signal.aborted) {
      throw new ServeError(`the model ${this.info.name} is being closed`, {
        status: 503,
        code: 'model_closing',
        retryAfter: 1,
      });
    }
    return this.open.begin();
  }

  /** Starts workers, one after the other has ended. */
  private async supervise(first: Signal): Promise<void> {
    const { first: delay, most } = this.options.restartDelay ?? usualDelay;
    const { onEvent } = this.options;
    const model = this.info.name;
    for (let failures = 0; !this.closing.signal.aborted; ) {
      const since = performance.now();
      const worker = this.start();
      try {
        await worker.host.ready();
        this.current = 'ready';
        onEvent?.({ kind: 'ready', model, pid: worker.pid, seconds: (performance.now() - since) / 1000 });
        first.give();
        this.again.give();
      } catch (error) {
        await worker.stop(0);
        // What cannot be loaded at all is said. Later, the folder may be in the middle of a change.
        if (this.current === 'loading' && !(error instanceof WorkerLost)) {
          this.current = 'down';
          this.closing.abort();
          first.fail(error);
        }
      }
      const how = await worker.ended;
      if (this.current === 'ready') {
        this.current = 'down';
        this.again = newSignal();
      }
      failures = performance.now() - since > soundAfter ? 1 : failures + 1;
      const restartIn = Math.min(most, delay * 2 ** (failures - 1));
      if (this.closing.signal.aborted) break;
      onEvent?.({ kind: 'lost', model, how, restartIn });
      await setTimeout(restartIn, undefined, { signal: this.closing.signal }).catch(() => undefined);
    }
    this.again.give();
  }

  private start(): ModelProcess {
    const { threads } = this.options;
    const onStarted = (calls: readonly number[]) => {
      for (const id of calls) {
        const pending = this.pending.get(id);
        if (pending) pending.hasStarted = true;
      }
    };
    this.worker = new ModelProcess(this.settings, { threads, onStarted });
    return this.worker;
  }
}

/** A generation that a worker has accepted. */
interface Begun {
  readonly promptTokens: number;
  readonly host: Remote<ModelHost>;
  readonly id: number;
}
