/**
 * @file Kills its own process with SIGKILL in the middle of a file operation, its work half done:
 * `KILL_ROOT=run KILL_AT='^rename config' node --import kill-at.js ...`. KILL_TRACE names a file that lists the operations, as
 * `write checkpoint-2/model.safetensors`, paths below the root, without what is added to a file in the making. What is renamed
 * to go away is listed as `take checkpoint-2`.
 */
import { appendFileSync, constants, existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import files from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';

const { KILL_AT, KILL_ROOT = '.', KILL_TRACE } = process.env;
const isDue = KILL_AT === undefined ? () => false : (what: string) => new RegExp(KILL_AT).test(what);

/** Does half of an operation that is due, and ends the process; others are done as ever. */
async function operation<Result>(of: string, whole: () => Promise<Result>, half: () => unknown): Promise<Result> {
  const what = of.replaceAll(`${KILL_ROOT}/`, '').replaceAll(/\.partial-[0-9a-f]{8}-\d+-[0-9a-f]{8}/g, '');
  if (KILL_TRACE) appendFileSync(KILL_TRACE, `${what}\n`);
  if (!isDue(what)) return whole();
  await half();
  process.kill(process.pid, 'SIGKILL');
  return new Promise<never>(() => undefined);
}

const { open, rename, rm } = files;
const nothing = () => undefined;

function watched(path: string, file: FileHandle): FileHandle {
  const { writeFile } = file;
  file.writeFile = (data, options) =>
    operation(
      `write ${path}`,
      () => writeFile.call(file, data, options),
      () => writeFile.call(file, (data as string | Uint8Array).slice(0, (data as string).length / 2)),
    );
  return file;
}

Object.assign(files, {
  async open(path: string, flags?: string | number) {
    const file = await open(path, flags);
    return typeof flags === 'number' && flags & constants.O_CREAT ? watched(path, file) : file;
  },
  rename: (from: string, to: string) =>
    operation(
      to.startsWith(`${from}.partial-`) ? `take ${from}` : `rename ${from} ${to}`,
      () => rename(from, to),
      nothing,
    ),
  rm(path: string, options: object) {
    if (!existsSync(path)) return rm(path, options);
    const removeFirst = () => {
      const [first] = statSync(path).isDirectory() ? readdirSync(path) : [];
      if (first) rmSync(join(path, first), { recursive: true });
    };
    return operation(`remove ${path}`, () => rm(path, options), removeFirst);
  },
});
syncBuiltinESMExports();
