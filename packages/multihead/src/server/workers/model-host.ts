/** @file A served model in a process of its own, as the process that serves calls it: methods that promises answer. */
import type {
  Call,
  Embeddings,
  EmbedOptions,
  GeneratedPiece,
  GenerateRequest,
  Generation,
  Predictions,
  ServedModel,
  TextOrTokens,
  Tokenized,
} from '../models/served-model.js';

/** Which call it is, and whose. */
export interface Caller {
  /** The number of the call, by which it can be cancelled. */
  readonly id: number;
  /** As in {@link Call}. */
  readonly client: string | undefined;
}

/** A generation whose pieces are fetched. */
interface Stream {
  pieces: GeneratedPiece[];
  isDone: boolean;
  error?: unknown;
  wake(): void;
}

/** New pieces of a generation since the last fetch. */
export interface FetchedPieces {
  readonly pieces: readonly GeneratedPiece[];
  readonly isDone: boolean;
}

/** Answers calls. */
export class ModelHost {
  private readonly controllers = new Map<number, AbortController>();
  private readonly streams = new Map<number, Stream>();

  /** @param onStarted called with the number of a call when its computation begins */
  constructor(
    private readonly model: ServedModel,
    private readonly onStarted: (id: number) => void,
  ) {}

  /** Resolves when the model answers. */
  async ready(): Promise<void> {
    await this.model.ready;
  }

  predict(
    caller: Caller,
    task: string,
    inputs: readonly unknown[],
    parameters: Readonly<Record<string, unknown>>,
  ): Promise<Predictions> {
    return this.run(caller, (call) => this.model.predict(task, inputs, parameters, call));
  }

  embed(caller: Caller, inputs: readonly TextOrTokens[], options: EmbedOptions): Promise<Embeddings> {
    return this.run(caller, (call) => this.model.embed(inputs, options, call));
  }

  tokenize(
    caller: Caller,
    texts: readonly string[],
    options: { readonly addSpecialTokens: boolean },
  ): Promise<Tokenized[]> {
    return this.run(caller, (call) => this.model.tokenize(texts, options, call));
  }

  detokenize(
    caller: Caller,
    tokenIds: readonly number[],
    options: { readonly skipSpecialTokens: boolean },
  ): Promise<string> {
    return this.run(caller, (call) => this.model.detokenize(tokenIds, options, call));
  }

  /** Begins to generate, and returns the number of the prompt's tokens. {@link nextPieces} gives what comes. */
  async generate({ id, client }: Caller, request: GenerateRequest): Promise<number> {
    const controller = new AbortController();
    this.controllers.set(id, controller);
    try {
      const generation = await this.model.generate(request, { signal: controller.signal, client });
      const stream: Stream = { pieces: [], isDone: false, wake: () => undefined };
      this.streams.set(id, stream);
      void this.collect(generation, stream);
      return generation.promptTokens;
    } catch (error) {
      this.controllers.delete(id);
      throw error;
    }
  }

  /** Resolves with the new pieces of a generation as soon as there are any; a generation that has ended is removed. */
  async nextPieces(id: number): Promise<FetchedPieces> {
    const stream = this.streams.get(id);
    if (!stream) throw new Error('internal: there is no such generation');
    if (stream.pieces.length === 0 && !stream.isDone) {
      await new Promise<void>((resolve) => {
        stream.wake = resolve;
      });
    }
    const { pieces, isDone, error } = stream;
    stream.pieces = [];
    // Before an error is thrown, what came before it is given.
    if (pieces.length > 0 && error !== undefined) return { pieces, isDone: false };
    if (isDone) this.forget(id);
    if (error !== undefined) throw error;
    return { pieces, isDone };
  }

  /** Cancels a call whose client has left. */
  async cancel(id: number): Promise<void> {
    this.controllers.get(id)?.abort(new Error('the client has gone'));
    this.forget(id);
  }

  /** Finishes what was accepted, and frees the model. */
  close(): Promise<void> {
    return this.model.close();
  }

  private async run<Result>({ id, client }: Caller, work: (call: Call) => Promise<Result>): Promise<Result> {
    const controller = new AbortController();
    this.controllers.set(id, controller);
    try {
      return await work({ signal: controller.signal, client, onStart: () => this.onStarted(id) });
    } finally {
      this.controllers.delete(id);
    }
  }

  private async collect({ pieces }: Generation, stream: Stream): Promise<void> {
    try {
      for await (const piece of pieces) {
        stream.pieces.push(piece);
        stream.wake();
      }
    } catch (error) {
      stream.error = error;
    }
    stream.isDone = true;
    stream.wake();
  }

  private forget(id: number): void {
    this.controllers.delete(id);
    this.streams.delete(id);
  }
}
