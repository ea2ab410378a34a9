/** @file API keys: only their hashes are kept. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { UserError } from '../../platform/errors.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import type { Logger } from './logger.js';

/** The least characters of a key: a short one can be guessed. */
const leastLength = 16;

/** Milliseconds for which a file of keys is not looked at again. */
const freshFor = 1000;

/** Where keys come from. */
export interface ApiKeyOptions {
  /** The keys themselves, by the names that logs show. */
  readonly keys?: Readonly<Record<string, string>> | undefined;
  /**
   * A file of lines `NAME SHA-256`, the hash in hexadecimal digits; empty lines and those that begin with # have no effect. A
   * changed file counts within a second: a key is revoked by the removal of its line.
   */
  readonly file?: string | undefined;
}

const optionNames = namesOf<ApiKeyOptions>({ keys: true, file: true });

/** Hash of a key as the file holds it. */
export const hashOfKey = (key: string): string => createHash('sha256').update(key).digest('hex');

/** Tells whose key a request carries. */
export class ApiKeys {
  private readonly own: ReadonlyMap<string, string>;
  private ofFile: ReadonlyMap<string, string> = new Map();
  private readonly file: string | undefined;
  private version = '';
  private readUntil = 0;

  /** @throws UserError for short keys, and for a file that cannot be read */
  constructor(
    options: ApiKeyOptions,
    private readonly logger: Logger,
  ) {
    checkOptionNames(options, optionNames, 'createServer: apiKeys');
    const { keys = {}, file } = options;
    this.file = file;
    for (const [name, key] of Object.entries(keys)) checkKey(name, key);
    this.own = new Map(Object.entries(keys).map(([name, key]) => [hashOfKey(key), name]));
    this.refresh();
  }

  /** The name of a key; undefined for one that is not known. */
  nameOf(key: string): string | undefined {
    if (performance.now() > this.readUntil) this.tryRefresh();
    const hash = hashOfKey(key);
    return this.own.get(hash) ?? this.ofFile.get(hash);
  }

  /** A file that cannot be read leaves its keys as they were. */
  private tryRefresh(): void {
    try {
      this.refresh();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.logger.error({ message: error.message }, 'the file of API keys cannot be read; the keys stay as they were');
    }
  }

  private refresh(): void {
    const path = this.file;
    if (path === undefined) return;
    this.readUntil = performance.now() + freshFor;
    const state = stateOf(path);
    if (state === this.version) return;
    this.ofFile = readKeys(path);
    this.version = state;
  }
}

/** Fingerprint of a key file, which changes when the file does. */
function stateOf(path: string): string {
  const { mtimeMs, size, ino } = reading(path, () => statSync(path));
  return `${mtimeMs} ${size} ${ino}`;
}

function reading<Result>(path: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw new UserError(`${path}: the file of API keys cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

function readKeys(path: string): Map<string, string> {
  const text = reading(path, () => readFileSync(path, 'utf8'));
  const found = new Map<string, string>();
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [name, hash = '', ...more] = line.trim().split(/\s+/);
    if (!/^[0-9a-f]{64}$/i.test(hash) || more.length > 0) {
      throw new UserError(`${path}:${i + 1}: expected NAME and the SHA-256 of the key in 64 hexadecimal digits`);
    }
    found.set(hash.toLowerCase(), name as string);
  }
  return found;
}

function checkKey(name: string, key: string): void {
  if (key.length >= leastLength) return;
  throw new UserError(
    `the API key ${name} has ${key.length} characters; expected at least ${leastLength}, such as \`openssl rand -hex 24\` prints`,
  );
}
