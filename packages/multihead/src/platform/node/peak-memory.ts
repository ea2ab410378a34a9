/** @file The peak of a process's memory. */
import { readFileSync } from 'node:fs';

/**
 * Bytes of resident memory at their highest since the process began. Linux has it as VmHWM; its `maxRSS` begins with the memory of
 * the process that started this one, however large that was.
 */
export function peakMemory(): number {
  const kilobytes = process.platform === 'linux' ? /^VmHWM:\s+(\d+) kB$/m.exec(ownStatus())?.[1] : undefined;
  return 1024 * (kilobytes === undefined ? process.resourceUsage().maxRSS : Number(kilobytes));
}

/** What Linux says of the process; '' where /proc is not mounted. */
function ownStatus(): string {
  try {
    return readFileSync('/proc/self/status', 'utf8');
  } catch {
    return '';
  }
}
