/** @file What is known of a request, until its answer has been sent. Neither texts nor keys. */
import type { Call } from '../models/served-model.js';
import type { EventStreamHooks } from './event-stream.js';

/** Tokens that were read and written. */
interface Tokens {
  readonly prompt: number;
  readonly completion: number;
}

/** A request on its way. */
export class RequestRecord {
  /** When it came, in milliseconds of `performance.now()`. */
  readonly start = performance.now();
  /** The name of its API key. */
  key: string | undefined;
  /** The name of the model that it was for. */
  model: string | undefined;
  /** Number of its inputs. */
  inputs: number | undefined;
  /** Milliseconds until the first token of a stream. */
  firstToken: number | undefined;
  /** Why it failed. */
  error: unknown;
  /** Set where the client left before the end of a stream. */
  isCut = false;
  /** Called when the answer has been sent. */
  onFinished: (() => void) | undefined;
  private isStream = false;
  private count: () => Tokens = () => ({ prompt: 0, completion: 0 });

  /**
   * @param id     its id, which the answer carries
   * @param client who sent it: the name of the key, or the address; clients take turns
   */
  constructor(
    readonly id: string,
    public client: string,
  ) {}

  get tokens(): Tokens {
    return this.count();
  }

  /** Says which model answers, of how many inputs. */
  begin(model: string, inputs: number): void {
    this.model = model;
    this.inputs = inputs;
  }

  /** Says how many tokens it took, now or when it has ended. */
  uses(count: () => Tokens): void {
    this.count = count;
  }

  /** The answer has been made: it is sent, unless it is a stream. */
  answered(): void {
    if (!this.isStream) this.onFinished?.();
  }

  /** What a stream tells. */
  stream(): EventStreamHooks {
    this.isStream = true;
    return {
      onFirst: () => {
        this.firstToken = performance.now() - this.start;
      },
      onCut: (error) => {
        this.error = error;
        this.isCut = error === undefined;
      },
      onEnd: () => this.onFinished?.(),
    };
  }

  /** What a call of a model says about the request. */
  call(signal: AbortSignal): Call {
    return { signal, client: this.client };
  }
}
