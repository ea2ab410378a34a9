/** @file Where a journal's lines are: in a file, or in memory. */
import type { JournalEntry } from './entries.js';

/** A worker, as others on the same storage see it. */
export interface WorkerIdentity {
  readonly machine: string;
  readonly pid: number;
  /** When its process began, where the system says it. */
  readonly start: string;
}

/** The lines of a journal. */
export interface Journal {
  readonly place: string;
  /** This process; undefined where no other can see the journal. */
  readonly worker: WorkerIdentity | undefined;
  /** Whether a worker is known to be gone: its process is no more, on this machine. */
  isGone(worker: WorkerIdentity): boolean;
  /** Returns the entries since the last call. */
  read(): readonly JournalEntry[];
  /**
   * Runs an action while nobody else adds to the journal; what it returns is added, and on the disk afterwards. If others have added
   * entries since the action read them, it is run again.
   */
  exclusively(action: () => readonly JournalEntry[]): Promise<void>;
}

/** A journal of this process alone. */
export function memoryJournal(): Journal {
  let added: JournalEntry[] = [];
  return {
    place: 'memory',
    worker: undefined,
    isGone: () => false,
    read() {
      const read = added;
      added = [];
      return read;
    },
    async exclusively(action) {
      const entries = action(); // it reads what was added before
      added.push(...entries);
    },
  };
}
