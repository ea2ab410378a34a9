/** @file events.jsonl survives a power cut up to the last checkpoint: that cannot be tested, but what is flushed, and when, can. */
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import type { TrainingEvent } from '../../training/trainer/events.js';
import { EventsFile, readEvents } from './events-file.js';

const done = vi.hoisted((): string[] => []);
vi.mock('node:fs', async (importOriginal) => {
  const files = await importOriginal<typeof import('node:fs')>();
  return {
    ...files,
    appendFileSync(file: number, piece: string) {
      files.appendFileSync(file, piece);
      if (piece !== '') done.push(`${piece.trim().split('\n').length} written`);
    },
    fsyncSync(file: number) {
      files.fsyncSync(file);
      done.push('flushed');
    },
  };
});

const output = mkdtempSync(join(tmpdir(), 'multihead-'));
afterAll(() => rmSync(output, { recursive: true }));

const start = { type: 'start', features: 1, parameters: 1, trainableParameters: 1, epochs: 1, totalSteps: 2 } as const;
const step = { type: 'step', totalSteps: 2, epoch: 1, loss: 1, learningRate: 1, gradientNorm: 1, tokens: 1 } as const;
const stepOf = (number: number): TrainingEvent => ({ ...step, step: number, milliseconds: 1, batches: [[0]] });
const checkpoint = { type: 'checkpoint', step: 1, path: 'checkpoint-1' } as const;
const tell = (file: EventsFile, ...events: TrainingEvent[]): void => {
  for (const event of events) file.listen(event);
};

test('lines are written as they come, and flushed at each checkpoint and at the end', () => {
  const file = new EventsFile(output);
  tell(file, { ...start, resumedAt: 0 });
  expect(done).toEqual([]); // nothing is there before the first step
  tell(file, stepOf(1));
  expect(done).toEqual(['flushed', 'flushed', '2 written']); // an empty file in its place, and its name
  done.length = 0;
  tell(file, checkpoint, stepOf(2), { type: 'end', steps: 2, seconds: 1, loss: 1 });
  expect(done).toEqual(['1 written', 'flushed', '1 written', '1 written', 'flushed']);
  expect(readEvents(output).map(({ type }) => type)).toEqual(['start', 'step', 'checkpoint', 'step', 'end']);
});

test('a resumed run keeps what was told until its checkpoint, on the disk before anything is added', () => {
  done.length = 0;
  tell(new EventsFile(output), { ...start, resumedAt: 1 }, stepOf(3));
  expect(done).toEqual(['3 written', 'flushed', 'flushed', '2 written']);
  expect(readEvents(output).map(({ type }) => type)).toEqual(['start', 'step', 'checkpoint', 'start', 'step']);
});

test('a link that has come into its place before the first step is not followed, nor what it points to read as ours', () => {
  const folder = mkdtempSync(join(tmpdir(), 'multihead-'));
  const [victim, link] = [join(folder, 'victim'), join(folder, 'events.jsonl')];
  writeFileSync(victim, 'mine\n');
  symlinkSync(victim, link);
  for (const resumedAt of [0, 1]) {
    const refused = 'events.jsonl: is a symbolic link; a file is written there';
    expect(() => tell(new EventsFile(folder), { ...start, resumedAt }, stepOf(1))).toThrow(refused);
  }
  expect([readFileSync(victim, 'utf8'), readlinkSync(link)]).toEqual(['mine\n', victim]);
  expect(readdirSync(folder).sort()).toEqual(['events.jsonl', 'victim']);
  rmSync(folder, { recursive: true });
});
