/**
 * @file `npm run bench -- corpus --tokenizer DIR [--megabytes N] FILES`: how fast text becomes token files, with one worker
 * and with two, alternating. The files are repeated until there are N megabytes (50).
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { tokenizeCorpus } from 'multihead';
import { median } from './synthetic.js';

const rounds = 3;

/** Runs the measurement. */
export async function run(args: readonly string[]): Promise<void> {
  const text = { type: 'string' as const };
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { tokenizer: text, megabytes: { ...text, default: '50' } },
    allowPositionals: true,
  });
  const { tokenizer, megabytes } = values as Record<'tokenizer' | 'megabytes', string>;
  const folder = mkdtempSync(join(tmpdir(), 'multihead-bench-'));
  try {
    const once = Buffer.concat(positionals.map((path) => readFileSync(path)));
    const copies = Math.ceil((Number(megabytes) * 1e6) / once.length);
    const sources = join(folder, 'corpus.txt');
    writeFileSync(sources, Buffer.concat(Array.from({ length: copies }, () => once)));
    const size = (copies * once.length) / 1e6;
    const speeds = new Map<number, number[]>([
      [1, []],
      [2, []],
    ]);
    for (let round = 0; round < rounds; round++) {
      for (const [workers, all] of speeds) {
        const began = performance.now();
        const cpu = process.cpuUsage();
        const output = join(folder, `${round}-${workers}`);
        const { summary } = await tokenizeCorpus({ sources, tokenizer, output, workers, documents: 'line' });
        const seconds = (performance.now() - began) / 1000;
        const { user, system } = process.cpuUsage(cpu);
        all.push(size / seconds);
        const tokens = summary.train.tokens + summary.validation.tokens;
        console.log(
          `${workers} workers: ${(size / seconds).toFixed(2)} MB/s, ${(tokens / seconds / 1e6).toFixed(2)} million ` +
            `tokens/s, ${(size / ((user + system) / 1e6)).toFixed(2)} MB a second of processor time`,
        );
      }
    }
    for (const [workers, all] of speeds) console.log(`median, ${workers} workers: ${median(all).toFixed(2)} MB/s`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
