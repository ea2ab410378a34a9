/** @file Ends a download in which nothing comes any more. */
import { UserError } from '../../platform/errors.js';

/** Nothing came for as long as the limit allows. */
export class Stalled extends UserError {}

/** Milliseconds without a byte, after which a connection is given up. */
const limit = (): number => Number(process.env.HF_HUB_DOWNLOAD_TIMEOUT || 30) * 1000;

/** The fraction of the limit after which a silence is reported. */
const notable = 1 / 3;

/** Watches one connection: its signal aborts it where neither the answer nor a piece of it comes within the limit. */
export class StallTimer {
  private readonly controller = new AbortController();
  private readonly milliseconds = limit();
  private timer = this.start();

  /** @param onSilence called with a message, once for each silence: what is waited for, and for how long */
  constructor(private readonly onSilence?: (note: string) => void) {}

  /** For `fetch`. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Waits for an answer, at most as long as the limit allows. */
  async watch<Value>(answer: Promise<Value>): Promise<Value> {
    try {
      return await answer;
    } catch (error) {
      throw this.reason(error);
    } finally {
      this.restart();
    }
  }

  /** The pieces of an answer. */
  async *pieces(response: Response): AsyncGenerator<Uint8Array> {
    try {
      for await (const piece of response.body ?? []) {
        this.restart();
        yield piece;
        this.restart();
      }
    } catch (error) {
      throw this.reason(error);
    }
  }

  /** Ends the watch, and the connection where it is still open. */
  stop(): void {
    clearTimeout(this.timer);
    this.controller.abort();
  }

  private start(): NodeJS.Timeout {
    return setTimeout(() => {
      this.onSilence?.(
        `the server has sent nothing for ${shown(this.milliseconds * notable)} s; the connection is given up after ` +
          `${shown(this.milliseconds)} s (HF_HUB_DOWNLOAD_TIMEOUT).`,
      );
      this.timer = setTimeout(() => this.controller.abort(), this.milliseconds * (1 - notable));
    }, this.milliseconds * notable);
  }

  private restart(): void {
    clearTimeout(this.timer);
    this.timer = this.start();
  }

  private reason(error: unknown): unknown {
    if (!this.signal.aborted) return error;
    return new Stalled(`the server sent nothing for ${shown(this.milliseconds)} s (HF_HUB_DOWNLOAD_TIMEOUT)`);
  }
}

/** In seconds, with as many digits as matter. */
const shown = (milliseconds: number): number => Number((milliseconds / 1000).toPrecision(2));
