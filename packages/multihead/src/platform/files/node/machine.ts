/** @file Who a process is, as others see it that share a disk with it. */
import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Eight hexadecimal digits for the set of processes whose numbers mean something here: host and, on Linux, PID namespace.
 * Two containers on one disk have equal process numbers, and neither sees the other's.
 */
export const machine: string = createHash('sha256')
  .update(`${hostname()} ${processNamespace()}`)
  .digest('hex')
  .slice(0, 8);

function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return ''; // not Linux, or no /proc
  }
}

/** Whether a process of this machine runs. One of another user does, too. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/**
 * When a process began, which distinguishes it from a later one with its number; '' where the system does not say. One that
 * has ended, and whose parent has not asked for its exit code yet, began at no time.
 */
export function startOf(pid: number): string {
  try {
    // "4711 (its name) S ...": behind the name, the first is the state, the twentieth the start in the machine's ticks.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return fields[0] === 'Z' ? 'ended' : (fields[19] ?? '');
  } catch {
    return ''; // not Linux, or no such process
  }
}
