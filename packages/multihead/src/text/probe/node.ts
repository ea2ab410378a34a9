/**
 * @file Tries an unknown tokenizer.json in a process of its own. The Rust library ends its process where a regular expression
 * backtracks without end or a charsmap is malformed, and loops or fills memory over others; no error can be caught of that.
 * A tokenizer that came through is remembered by its checksum, in the folder that Hugging Face's cache has for other
 * libraries, so that it is tried once. What is refused is tried again by each program. In browsers: `web.ts`.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../platform/errors.js';
import { ownModule } from '../../platform/node/own-module.js';
import type { ProbeTokenizer } from './probe.js';

/** What a verdict depends on beside the file; a change of either makes all files unknown. */
export const triedWith = 'tokenizers 0.23.2, texts 1';

/** What the process answers, if it comes so far. */
export interface Verdict {
  /** Whether it is a tokenizer; if not, loading it says why. */
  readonly isLoaded: boolean;
}

/** What the process may take. */
export interface ProbeLimits {
  /** Of processor time. */
  readonly seconds: number;
  readonly megabytes: number;
}

/** Far beyond what sound files need: 250,000 tokens in 20 MB are loaded and tried in 1.7 s and 750 MB. */
const usualLimits = (length: number): ProbeLimits => ({ seconds: 6 + length / 2e6, megabytes: 700 + length / 2e4 });

/** In seconds that were counted one by one: of a process that does nothing at all. */
const patience = 120;

/** What this program has tried, or is trying, by checksum. */
const known = new Map<string, Promise<void>>();

/** Tries a tokenizer.json, if it was not tried before. */
export const probeTokenizer: ProbeTokenizer = (text, where) => {
  if (process.env.MULTIHEAD_TRUST_TOKENIZERS === '1') return Promise.resolve();
  const checksum = createHash('sha256').update(`${triedWith}\n`).update(text).digest('hex');
  const verdict = known.get(checksum) ?? tryOnce(text, checksum);
  known.set(checksum, verdict);
  return verdict.catch((cause: unknown) => {
    throw new UserError(`${where}: is not loaded: ${(cause as Error).message}`, { cause });
  });
};

async function tryOnce(text: string, checksum: string): Promise<void> {
  const home = process.env.HF_HOME ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'huggingface');
  const folder = join(process.env.HF_ASSETS_CACHE ?? join(home, 'assets'), 'multihead', 'tokenizers');
  const remembered = join(folder, checksum);
  if (await stat(remembered).catch(() => undefined)) return;
  const { isLoaded } = await tryTokenizer(text, usualLimits(text.length));
  if (!isLoaded) return;
  await mkdir(folder, { recursive: true })
    .then(() => writeFile(remembered, ''))
    .catch(() => undefined); // a cache that cannot be written: the next program tries it again
}

/**
 * Tries a tokenizer.json in a process.
 *
 * @throws Error saying what the process did
 */
export function tryTokenizer(text: string, limits: ProbeLimits): Promise<Verdict> {
  return new Promise((resolve, reject) => {
    const child = start(limits);
    let said = '';
    let seconds = 0;
    const timer = setInterval(() => {
      if (++seconds >= patience) fail(`the process that tried it did not answer within ${patience} s. ${advice}`);
    }, 1000);
    const settle = () => {
      clearInterval(timer);
      child.removeAllListeners().on('error', () => undefined);
      child.kill('SIGKILL');
    };
    const fail = (problem: string) => {
      settle();
      reject(new Error(problem));
    };
    child.stderr?.on('data', (piece: Buffer) => {
      if (said.length < longestMessage) said += piece;
    });
    child.on('message', (verdict: Verdict) => {
      settle();
      resolve(verdict);
    });
    // Not at "exit": what it said may still be under way.
    child.on('close', (code, signal) => fail(reasonOf(said, signal ?? code, limits)));
    child.on('error', (error) => fail(`the process that tries a new tokenizer cannot be started: ${error.message}`));
    child.send(text, () => undefined);
  });
}

const longestMessage = 1 << 16;

const start = (limits: ProbeLimits): ChildProcess =>
  fork(ownModule('text/probe/node/child.js'), [JSON.stringify(limits)], {
    execArgv: [], // instead of the program's own flags
    env: { ...process.env, RUST_BACKTRACE: '0' },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });

const advice =
  'Such a file can hang or end a program, by its regular expressions or its charsmap. If it comes from a source that you ' +
  'trust, fetch it again, or save it anew in Python (tokenizer.save_pretrained). MULTIHEAD_TRUST_TOKENIZERS=1 in the ' +
  'environment loads tokenizers without trying them.';

/** Why a process ended, from what it wrote to standard error. */
function reasonOf(said: string, ending: number | string | null, { seconds, megabytes }: ProbeLimits): string {
  const panic = /panicked at [^\n]*:\n([^\n]{1,200})/.exec(said)?.[1];
  if (said.includes('too much time')) {
    return `tried on short texts, it took more than ${Math.round(seconds)} s of processor time. ${advice}`;
  }
  if (said.includes('too much memory') || /memory allocation of \d+ bytes failed/.test(said)) {
    return `tried on short texts, it took more than ${Math.round(megabytes)} MB of memory. ${advice}`;
  }
  if (panic !== undefined || ending === 'SIGABRT' || ending === 'SIGSEGV') {
    return `tried on short texts, it aborted its process (${panic ?? ending}). ${advice}`;
  }
  return `the process that tried it was ended from outside (${ending}). Run it again.`;
}
