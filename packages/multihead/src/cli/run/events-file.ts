/** @file A run's events as lines of JSON, events.jsonl in the output folder. A resumed run appends; no event is written twice. */
import { join } from 'node:path';
import { type Log, readBytesNow, replaceLog } from '#files';
import type { TrainingEvent } from '../../training/trainer/events.js';

/** The file's name. */
export const eventsFileName = 'events.jsonl';

/** An event as a line has it: with the time, and without the numbers of the examples. */
export type RecordedEvent = { readonly time: string } & (
  | Exclude<TrainingEvent, { type: 'step' }>
  | Omit<Extract<TrainingEvent, { type: 'step' }>, 'batches'>
);

/** Writes events as they come. Nothing is there before the first step, which shows that the run can go. */
export class EventsFile {
  private waiting: string[] = [];
  private log: Log | undefined;
  private resumedAt = 0;

  constructor(private readonly output: string) {}

  listen(event: TrainingEvent): void {
    if (event.type === 'start') this.resumedAt = event.resumedAt;
    const { batches: _, ...told } = event as typeof event & { batches?: unknown };
    this.waiting.push(`${JSON.stringify({ time: new Date().toISOString(), ...told })}\n`);
    if (!this.log && event.type !== 'step') return; // a run that had ended before changes nothing
    this.log ??= this.open();
    this.log.write(this.waiting.join(''));
    this.waiting = [];
    if (event.type === 'checkpoint')
      this.log.flush(); // a resumed run starts from an event that is on the disk
    else if (event.type === 'end') this.log.close();
  }

  /** Takes away what a killed run told behind its last checkpoint, or what an older run did. */
  private open(): Log {
    const kept = this.resumedAt > 0 ? eventsUntil(readEvents(this.output), this.resumedAt) : [];
    return replaceLog(join(this.output, eventsFileName), kept.map((event) => `${JSON.stringify(event)}\n`).join(''));
  }
}

/**
 * What a run told until it wrote the checkpoint of a step. Behind it there may be an evaluation of that same step, which
 * the resumed run makes again. Of a run that was killed before it could tell of the checkpoint, nothing is behind it.
 */
export function eventsUntil(events: readonly RecordedEvent[], step: number): RecordedEvent[] {
  const checkpoint = events.findIndex((event) => event.type === 'checkpoint' && event.step === step);
  const until = checkpoint < 0 ? events : events.slice(0, checkpoint + 1);
  return until.filter((event) => !('step' in event) || event.step <= step);
}

/** The events of a folder; a last line that was cut off is none. */
export function readEvents(output: string): RecordedEvent[] {
  const bytes = readBytesNow(join(output, eventsFileName));
  return new TextDecoder()
    .decode(bytes)
    .split('\n')
    .flatMap((line) => {
      try {
        return line === '' ? [] : [JSON.parse(line) as RecordedEvent];
      } catch {
        return [];
      }
    });
}
