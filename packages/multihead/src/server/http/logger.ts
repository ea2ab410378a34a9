/** @file What the server logs with. */
import { pino } from 'pino';

/** A logger of lines: pino, or a program's own. */
export interface Logger {
  /** Logs what happens, such as a request. */
  info(line: object, message: string): void;
  /** Logs what may be a mistake, such as a field that has no effect. */
  warn(line: object, message: string): void;
  /** Logs a fault. */
  error(line: object, message: string): void;
}

/** A logger that writes nothing. */
export const silentLogger: Logger = { info: () => {}, warn: () => {}, error: () => {} };

/** A logger that writes lines of JSON to the standard output. */
export const standardLogger = (): Logger =>
  pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (level) => ({ level }) } });
