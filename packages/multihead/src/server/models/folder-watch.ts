/** @file Watches model folders for changes. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { resolveModel } from '../../models/resolve-model.js';
import type { Logger } from '../http/logger.js';

/** Milliseconds between two looks. A folder has changed when it differs from before, and not from one look to the next. */
const interval = 1000;

/** What is done about a change. */
interface Changes {
  reload(name: string): Promise<void>;
  readonly logger: Logger;
}

/** Reloads models whose folders have changed. Looks at them in intervals: notices of file systems do not come from every mount. */
export class FolderWatch {
  private readonly ending = new AbortController();
  private readonly watching: Promise<unknown>;

  private constructor(
    folders: readonly (readonly [name: string, folder: string])[],
    private readonly changes: Changes,
  ) {
    this.watching = Promise.all(folders.map(([name, folder]) => this.watch(name, folder)));
  }

  /** @param models folders, or ids of the hub, by their names */
  static async begin(models: Readonly<Record<string, string>>, changes: Changes): Promise<FolderWatch> {
    const folders = Object.entries(models).map(
      async ([name, idOrFolder]) => [name, await resolveModel(idOrFolder, {})] as const,
    );
    return new FolderWatch(await Promise.all(folders), changes);
  }

  /** Ends the watch, after a call that runs. */
  async close(): Promise<void> {
    this.ending.abort();
    await this.watching;
  }

  private async watch(name: string, folder: string): Promise<void> {
    let known = await stateOf(folder);
    let before = known;
    while (await this.pause()) {
      const now = await stateOf(folder);
      const isSettled = now === before;
      before = now;
      if (now === known || !isSettled || now === undefined) continue;
      known = now;
      await this.reload(name);
    }
  }

  private async reload(name: string): Promise<void> {
    const { logger } = this.changes;
    try {
      await this.changes.reload(name);
      logger.info({ model: name }, 'a changed model has been loaded');
    } catch (error) {
      // The message names files, and nothing of requests.
      logger.error({ model: name, message: String(error) }, 'a changed model cannot be loaded; the old one stays');
    }
  }

  /** @returns false at the end */
  private async pause(): Promise<boolean> {
    return setTimeout(interval, true, { signal: this.ending.signal, ref: false }).catch(() => false);
  }
}

/** Names, sizes and times of the files in a folder; undefined while it cannot be read. */
async function stateOf(folder: string): Promise<string | undefined> {
  try {
    const names = (await readdir(folder)).sort();
    const states = await Promise.all(
      names.map(async (name) => {
        const { size, mtimeMs, ino } = await stat(join(folder, name));
        return `${name} ${size} ${mtimeMs} ${ino}`;
      }),
    );
    return states.join('\n');
  } catch {
    return undefined;
  }
}
