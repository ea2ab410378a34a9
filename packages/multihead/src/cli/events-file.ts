/** @file A run's events as lines of JSON, events.jsonl in the output folder. A resumed run goes on where it was: nothing comes twice. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { partialPath } from '#files';
import { explain } from '../data/file-errors.js';
import type { TrainingEvent } from '../training/events.js';

/** The file's name. */
export const eventsFileName = 'events.jsonl';

/** An event as a line has it: with the time, and without the numbers of the examples. */
export type RecordedEvent = { readonly time: string } & (
  | Exclude<TrainingEvent, { type: 'step' }>
  | Omit<Extract<TrainingEvent, { type: 'step' }>, 'batches'>
);

/** Writes events as they come. Nothing is there before the first step, which shows that the run can go. */
export class EventsFile {
  private readonly path: string;
  private waiting: string[] = [];
  private isOpen = false;
  private resumedAt = 0;

  constructor(private readonly output: string) {
    this.path = join(output, eventsFileName);
  }

  listen(event: TrainingEvent): void {
    if (event.type === 'start') this.resumedAt = event.resumedAt;
    const { batches: _, ...told } = event as typeof event & { batches?: unknown };
    this.waiting.push(`${JSON.stringify({ time: new Date().toISOString(), ...told })}\n`);
    if (!this.isOpen && event.type !== 'step') return; // a run that had ended before changes nothing
    try {
      if (!this.isOpen) this.open();
      appendFileSync(this.path, this.waiting.join(''));
    } catch (error) {
      explain(this.path, error);
    }
    this.waiting = [];
  }

  /** Takes away what a killed run told behind its last checkpoint, or what an older run did. */
  private open(): void {
    mkdirSync(this.output, { recursive: true });
    const kept = this.resumedAt > 0 ? eventsUntil(readEvents(this.output), this.resumedAt) : [];
    const before = kept.map((event) => `${JSON.stringify(event)}\n`).join('');
    const partial = partialPath(this.path);
    writeFileSync(partial, before, { flag: 'wx' });
    renameSync(partial, this.path);
    this.isOpen = true;
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
  const path = join(output, eventsFileName);
  if (!existsSync(path)) return [];
  return readEventsText(path)
    .split('\n')
    .flatMap((line) => {
      try {
        return line === '' ? [] : [JSON.parse(line) as RecordedEvent];
      } catch {
        return [];
      }
    });
}

function readEventsText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    return explain(path, error);
  }
}
