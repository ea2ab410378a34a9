/** @file Fields that a request has and the server does not know: they have no effect, which is logged once. */
import type { Logger } from './logger.js';

/** Names that are remembered; more are not logged. */
const mostNames = 500;

/** Logs each unknown field of each route once. */
export class UnknownFields {
  private readonly seen = new Set<string>();

  constructor(private readonly logger: Logger) {}

  /**
   * Compares a body with what the route's schema took of it.
   *
   * @param path of the route
   */
  note(path: string, body: unknown, taken: unknown): void {
    for (const name of Object.keys(Object(body) as object)) {
      if (Object.hasOwn(Object(taken) as object, name)) continue;
      const key = `${path} ${name}`;
      // Whatever is no name could be anything that a user wrote.
      if (!/^[A-Za-z_][\w-]{0,40}$/.test(name) || this.seen.has(key) || this.seen.size >= mostNames) continue;
      this.seen.add(key);
      this.logger.warn(
        { route: path, field: name },
        'requests have a field that this route does not know, which has no effect',
      );
    }
  }
}
