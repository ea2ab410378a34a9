/** @file What training a tokenizer shows: text, in a terminal with progress bars; JSON lines where asked for. */
import { convertAdvice } from '../../../platform/bytes/text-encoding.js';
import type { TokenizerTrainingEvent } from '../../../text/training/events.js';
import { colorsFor } from '../../output/colors.js';
import { forStream } from '../../output/print.js';
import { type TerminalBar, terminalBar } from '../../output/terminal-bar.js';

const colors = colorsFor(process.stdout);

/** What was met in files, added up while they are read. */
export interface ReadingReport {
  bytes: number;
  /** How often U+FFFD was put in for bytes that are no UTF-8. */
  invalid: number;
}

/** Shows how training goes. */
export interface TokenizerProgress {
  listen(event: TokenizerTrainingEvent): void;
  /** Says where the tokenizer is, and how many tokens it has of those that were asked for. */
  finished(output: string, vocabSize: number, wanted: number | undefined): void;
}

/** Text or JSON. */
export function tokenizerProgress(
  files: number,
  totalBytes: number,
  report: ReadingReport,
  json = false,
): TokenizerProgress {
  return json ? new JsonLines(files, totalBytes, report) : new Text(files, totalBytes, report);
}

class Text implements TokenizerProgress {
  private bar: TerminalBar | undefined;
  private reading = true;

  constructor(
    files: number,
    private readonly totalBytes: number,
    private readonly report: ReadingReport,
  ) {
    console.log(`${files} ${files === 1 ? 'file' : 'files'}, ${(totalBytes / 1e6).toFixed(1)} MB`);
    this.bar = barOf('reading  {bar} {percentage} %', totalBytes);
  }

  listen(event: TokenizerTrainingEvent): void {
    if (event.type === 'reading') this.bar?.update(this.report.bytes);
    else if (event.type === 'read') {
      this.bar?.update(this.totalBytes);
      this.bar?.stop();
      const { words, tooLong, forgotten } = event;
      console.log(`${words} different words`);
      if (tooLong > 0) console.log(colors.yellow(`not counted: ${tooLong} words of more than 256 characters`));
      if (forgotten > 0) console.log(colors.yellow(`forgotten: ${forgotten} rare words, there being so many`));
    } else {
      if (this.reading) {
        this.reading = false;
        this.bar = barOf('merging  {bar} {value}/{total} tokens', event.vocabSize, event.tokens);
      }
      this.bar?.update(event.tokens);
    }
  }

  finished(output: string, vocabSize: number, wanted: number | undefined): void {
    this.bar?.update(vocabSize);
    this.bar?.stop();
    if (this.report.invalid > 0) console.log(colors.yellow(invalidNote(this.report.invalid)));
    const fewer = wanted !== undefined && vocabSize < wanted ? ` (${wanted} were asked for; the text has no more)` : '';
    console.log(`${vocabSize} tokens${fewer}, saved in ${colors.bold(forStream(output, process.stdout))}`);
  }
}

/** A bar where it can be drawn. */
function barOf(format: string, total: number, value = 0): TerminalBar | undefined {
  if (!process.stderr.isTTY || process.env.TERM === 'dumb') return undefined;
  return terminalBar({ format, total, value });
}

const invalidNote = (count: number) =>
  `${count} sequences of bytes that are not UTF-8 were read as U+FFFD. ${convertAdvice}.`;

class JsonLines implements TokenizerProgress {
  private told = Number.NEGATIVE_INFINITY;

  constructor(
    files: number,
    totalBytes: number,
    private readonly report: ReadingReport,
  ) {
    print({ type: 'start', files, bytes: totalBytes });
  }

  listen(event: TokenizerTrainingEvent): void {
    // Frequent events are shown once a second.
    if (event.type !== 'read' && performance.now() - this.told < 1000) return;
    this.told = performance.now();
    print(event.type === 'merging' ? event : { ...event, bytes: this.report.bytes, invalidUtf8: this.report.invalid });
  }

  finished(output: string, vocabSize: number): void {
    print({ type: 'saved', output, vocabSize, invalidUtf8: this.report.invalid });
  }
}

const print = (object: object): void => console.log(JSON.stringify(object));
