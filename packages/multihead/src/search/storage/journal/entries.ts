/** @file The lines of Optuna's journal: what each operation holds. Names and numbers are Optuna's (JournalOperation, TrialState). */
import { UserError } from '../../../platform/errors.js';
import type { TrialState } from '../../trial-record.js';

/** The operations, as their numbers. */
export const operations = {
  createStudy: 0,
  deleteStudy: 1,
  setStudyUserAttribute: 2,
  setStudySystemAttribute: 3,
  createTrial: 4,
  setParam: 5,
  setState: 6,
  setIntermediateValue: 7,
  setUserAttribute: 8,
  setSystemAttribute: 9,
  discardTrials: 10,
} as const;

/** The states of a trial, by their numbers. */
export const states: readonly TrialState[] = ['running', 'complete', 'pruned', 'failed', 'waiting'];

/** A line. */
export interface JournalEntry {
  readonly op_code: number;
  readonly worker_id: string;
  readonly [field: string]: unknown;
}

/** The time now, as Python's `datetime.isoformat` writes it. */
export const timestamp = (now = new Date()): string => now.toISOString().replace('Z', '000+00:00');

/** An entry as a line. Numbers that JSON does not have are written as Python writes them: NaN, Infinity. */
export function writeEntry(entry: JournalEntry): string {
  return `${write(entry)}\n`;
}

function write(value: unknown): string {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${write(field)}`).join(',')}}`;
}

/**
 * Reads a line.
 *
 * @param place file and line, for the message
 * @throws UserError for what is not a journal entry
 */
export function readEntry(line: string, place: string): JournalEntry {
  let entry: unknown;
  try {
    entry = JSON.parse(line.includes('N') || line.includes('I') ? quoteNumbers(line) : line, reviveNumber);
  } catch (error) {
    throw new UserError(
      `${place}: is not a journal entry (${(error as Error).message}). If a crash left it, remove the line; ` +
        'Optuna reads no further than it, either.',
      { cause: error },
    );
  }
  const { op_code: operation, worker_id: worker } = (entry ?? {}) as Partial<JournalEntry>;
  if (typeof operation !== 'number' || typeof worker !== 'string') {
    throw new UserError(`${place}: has no op_code and worker_id; a line of Optuna's journal was expected`);
  }
  return entry as JournalEntry;
}

const mark = '\u0000number:';

/** Puts Python's NaN and Infinity, where they stand for numbers, into marked texts. */
const quoteNumbers = (line: string): string =>
  line.replaceAll(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (token) =>
    token.startsWith('"') ? token : JSON.stringify(`${mark}${token}`),
  );

const reviveNumber = (_: string, value: unknown): unknown =>
  typeof value === 'string' && value.startsWith(mark) ? Number(value.slice(mark.length)) : value;
