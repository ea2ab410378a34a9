/** @file ONNX Runtime's telemetry, switched off. */
import { Session } from 'node:inspector';
import { isMainThread } from 'node:worker_threads';

/**
 * Switches ONNX Runtime's telemetry off, unless the user has set `ORT_DISABLE_TELEMETRY` (`0` leaves it on). To be called
 * before a thread loads the library: it reads the process's environment once, then opens a database in the home folder
 * and sends from a thread of its own.
 *
 * Only the main thread writes the process's environment; a worker writes a copy of its own, which the library never
 * reads. A program that uses Multihead in its workers alone is therefore asked through the main thread's inspector.
 */
export function disableTelemetry(): void {
  if (process.env.ORT_DISABLE_TELEMETRY !== undefined) return;
  process.env.ORT_DISABLE_TELEMETRY = '1';
  if (isMainThread) return;
  const session = new Session();
  session.connectToMainThread();
  session.post('Runtime.evaluate', { expression: "process.env.ORT_DISABLE_TELEMETRY ??= '1'" }, () =>
    session.disconnect(),
  );
}
