/** @file Text that grows token by token, watched for stop strings. */
import type { Tokenizer } from '../../../text/tokenizer/tokenizer.js';
import { IncrementalDetokenizer } from './incremental-detokenizer.js';
import { type Released, StopStrings } from './stop-strings.js';

/** Gives what is sure to be text, and says where a stop string ends it. */
export class WatchedText {
  private readonly text: IncrementalDetokenizer;
  private readonly stops: StopStrings;

  /** @param stopStrings none of them empty */
  constructor(
    tokenizer: Tokenizer,
    promptIds: readonly number[],
    private readonly stopStrings: readonly string[],
  ) {
    this.text = new IncrementalDetokenizer(tokenizer, promptIds);
    this.stops = new StopStrings(stopStrings);
  }

  /** Takes a token in. A stop string is found as soon as it is written, also where its text is not yet given. */
  async push(tokenId: number): Promise<Released> {
    const released = this.stops.push(await this.text.push(tokenId));
    if (released.isFound || this.stopStrings.length === 0) return released;
    return { text: released.text, isFound: this.stops.wouldStop(await this.text.unsettled()) };
  }

  /** The text's end: gives what was held back, up to a stop string. */
  async end(): Promise<string> {
    return this.stops.push(await this.text.end()).text + this.stops.end();
  }
}
