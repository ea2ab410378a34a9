/** @file Runs `multihead` for the benchmarks of searches, and writes the tables that it reads. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { uniform } from './uniform.js';

const program = fileURLToPath(new URL('../bin/multihead.js', import.meta.resolve('multihead')));

/** Runs a command that must succeed. Its lines are shown. */
export async function multihead(...args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error(`multihead ${args.join(' ')} ended with ${status}`);
}

/** Writes examples as JSON lines. */
export function writeExamples(path: string, examples: readonly object[]): string {
  writeFileSync(path, `${examples.map((example) => JSON.stringify(example)).join('\n')}\n`);
  return path;
}

/** The elements in an order that a seed decides. */
export function shuffled<T>(all: readonly T[], seed: number): T[] {
  const random = uniform(seed);
  const keyed = all.map((element) => ({ element, key: random() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ element }) => element);
}
