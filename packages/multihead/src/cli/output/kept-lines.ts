/**
 * @file Lines that are kept when their command is interrupted or killed. Until all are there they lie in a folder beside the
 * output, `FILE.partial`, with what they are made of and a lock, as a run of training has them in its folder.
 */
import {
  type AppendedFile,
  appendTo,
  checkReplaceable,
  exists,
  joinPath,
  listDirectory,
  makeDirectory,
  move,
  nameOfPartial,
  readChunks,
  readText,
  remove,
  writeAtomically,
} from '#files';
import { UserError } from '../../platform/errors.js';
import { parseJson } from '../../platform/json/json.js';
import { lockOutput } from '../run/run-lock.js';
import type { LineOutput } from './line-output.js';

/** What lines are made of, by the names that an error gives it: lines of another origin are no beginning of these. */
export type Origin = Readonly<Record<string, string | number | boolean | null>>;

/** How a command was told to deal with what an interrupted one has left. */
export interface KeptLinesOptions {
  readonly resume?: boolean | undefined;
  readonly overwrite?: boolean | undefined;
  /** The flag that says where the output goes, for errors. Default: '--output'. */
  readonly flag?: string | undefined;
}

/** Lines of an output that is not whole. */
export interface KeptLines extends LineOutput {
  /** The lines that an interrupted run has left, in their order, without line feeds. */
  read(): AsyncGenerator<string>;
  /** Removes all lines, which are of no more use. */
  discard(): Promise<void>;
}

const [originFile, linesFile, lockFile] = ['origin.json', 'lines.jsonl', 'run.lock'];

/** The folder of an output that is not whole. */
export const partialFolder = (output: string): string => `${output}.partial`;

/**
 * Opens an output, alone among all processes.
 *
 * @throws UserError for an output that is a device, a pipe or a folder; where an interrupted command has left lines and neither option is given, or with `resume`, where they
 *   were made of something else; and where the folder is no such one
 */
export async function keptLines(output: string, origin: Origin, options: KeptLinesOptions): Promise<KeptLines> {
  await checkReplaceable(output);
  const folder = partialFolder(output);
  await refuseForeign(folder, options.flag ?? '--output');
  const release = lockOutput(folder);
  const lines = joinPath(folder, linesFile);
  const left = (await exists(lines)) ? await wholeLines(lines) : { count: 0, size: 0 };
  if (left.count > 0 && !options.overwrite) {
    if (!options.resume) {
      throw new UserError(
        `${folder}: holds ${left.count} lines that an interrupted command has left. --resume continues after them, ` +
          '--overwrite starts anew.',
      );
    }
    await checkOrigin(folder, origin);
  }
  const kept = options.overwrite ? { count: 0, size: 0 } : left;
  let file: AppendedFile | undefined;
  const opened = async (): Promise<AppendedFile> => {
    if (kept.count === 0) {
      await remove(lines); // never lines of one origin beside another
      await writeAtomically(joinPath(folder, originFile), `${JSON.stringify(origin, null, 2)}\n`);
    }
    return appendTo(lines, kept.size);
  };
  const leave = async (): Promise<void> => {
    await remove(joinPath(folder, originFile));
    release();
    if ((await exists(folder)) && (await listDirectory(folder)).length === 0) await remove(folder);
  };
  return {
    keptLines: kept.count,
    async *read() {
      if (kept.count > 0) for await (const line of linesOf(lines, kept.size)) yield line.toString('utf8');
    },
    async write(more) {
      file ??= await opened();
      await file.append(more.join(''));
    },
    async finish() {
      file ??= await opened();
      await file.close();
      await makeDirectory(folder);
      await move(lines, output);
      await leave();
    },
    async discard() {
      await file?.close();
      await remove(lines);
      await leave();
    },
  };
}

/** What an interrupted command leaves; anything else in the folder is the user's. */
async function refuseForeign(folder: string, flag: string): Promise<void> {
  if (!(await exists(folder))) return;
  const isOurs = (name: string): boolean => {
    const meant = nameOfPartial(name) ?? name;
    return meant === originFile || meant === linesFile || meant.startsWith(lockFile);
  };
  const foreign = (await listDirectory(folder)).find((name) => !isOurs(name));
  if (foreign === undefined) return;
  throw new UserError(
    `${folder}: holds ${foreign}; in a folder of this name, lines lie until all are there. Give another ${flag}.`,
  );
}

async function checkOrigin(folder: string, origin: Origin): Promise<void> {
  const path = joinPath(folder, originFile);
  const before = (await exists(path)) ? (parseJson(await readText(path), path) as Origin) : {};
  const changed = Object.keys({ ...before, ...origin }).filter((name) => before[name] !== origin[name]);
  if (changed.length === 0) return;
  throw new UserError(
    `${folder}: cannot be resumed, since what it was begun with has changed: ${changed.join(', ')}. Resume with what it was ` +
      'begun with, or start anew with --overwrite.',
  );
}

/** The lines of a file up to the first that is not whole: the last one may be cut, and a power cut leaves stranger ones. */
async function wholeLines(path: string): Promise<{ readonly count: number; readonly size: number }> {
  let [count, size] = [0, 0];
  for await (const line of linesOf(path)) {
    if (!isObject(line.toString('utf8'))) break;
    count++;
    size += line.length + 1;
  }
  return { count, size };
}

/** The lines of a file that end with a line feed, among its first so many bytes. */
async function* linesOf(path: string, size = Number.POSITIVE_INFINITY): AsyncGenerator<Buffer> {
  let begun: Uint8Array = new Uint8Array();
  let rest = size;
  for await (const chunk of readChunks(path)) {
    const bytes = Buffer.concat([begun, chunk.subarray(0, rest)]);
    rest -= Math.min(rest, chunk.length);
    let at = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, at)) {
      yield bytes.subarray(at, end);
      at = end + 1;
    }
    begun = bytes.subarray(at);
    if (rest === 0) break;
  }
}

function isObject(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}
