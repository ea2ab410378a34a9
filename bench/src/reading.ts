/**
 * @file `npm run bench -- reading --data FILE.csv --tokenizer DIR [--megabytes N] [--lines N] [--rounds N]`: a large CSV read
 * as training with --streaming reads it, beside the library `datasets`; and lines tokenized, beside `tokenizers`. The file
 * is repeated until there are N megabytes (1000); its texts, until there are N lines (100000).
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readClassificationExamples } from 'multihead';
import { peerScript, python, sideScript } from './peer.js';
import { median } from './synthetic.js';

type Found = Readonly<Record<string, number>>;

/** Runs the measurement. */
export async function run(args: readonly string[]): Promise<void> {
  const text = { type: 'string' as const };
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: text,
      tokenizer: text,
      megabytes: { ...text, default: '1000' },
      lines: { ...text, default: '100000' },
      rounds: { ...text, default: '3' },
    },
  });
  const { data, tokenizer, megabytes, lines, rounds } = values as Record<
    'data' | 'tokenizer' | 'megabytes' | 'lines' | 'rounds',
    string
  >;
  const folder = mkdtempSync(join(tmpdir(), 'multihead-bench-'));
  try {
    const [csv, texts] = [join(folder, 'large.csv'), join(folder, 'lines.txt')];
    repeat(data, csv, Number(megabytes) * 1e6);
    const once = (await readClassificationExamples(data)).map((example) => example.text.replaceAll(/\s+/g, ' '));
    const all = Array.from({ length: Number(lines) }, (_, i) => once[i % once.length]);
    writeFileSync(texts, `${all.join('\n')}\n`);

    const side = sideScript('./reading-side.js');
    const measured = new Map<string, Found[]>();
    const sides: [string, string, string[]][] = [
      ['multihead, streaming', process.execPath, [side, 'csv', csv]],
      ['datasets, streaming', python, [peerScript('reading.py'), 'csv', csv]],
      ['datasets, Arrow on disk', python, [peerScript('reading.py'), 'arrow', csv]],
      ['multihead, tokenizing', process.execPath, [side, 'tokenize', texts, tokenizer]],
      ['tokenizers, tokenizing', python, [peerScript('reading.py'), 'tokenize', texts, tokenizer]],
    ];
    for (let round = 0; round < Number(rounds); round++) {
      for (const [name, command, its] of sides) {
        const found = measure(command, its);
        measured.set(name, [...(measured.get(name) ?? []), found]);
        console.log(`${name}: ${JSON.stringify(found)}`);
      }
    }
    for (const [name, found] of measured) {
      const of = (key: string) => median(found.map((one) => one[key] ?? Number.NaN)).toFixed(1);
      const times = found[0]?.tokenizing === undefined ? ['opening', 'reading'] : ['tokenizing'];
      console.log(
        `median, ${name}: ${times.map((key) => `${key} ${of(key)} s`).join(', ')}, ${of('processor')} s of processor time, ` +
          `at most ${of('megabytes')} MB of memory`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Repeats a file's rows behind one header. */
function repeat(from: string, to: string, size: number): void {
  const [header = '', ...rest] = readFileSync(from, 'utf8').split(/(?<=\n)/);
  const rows = Buffer.from(rest.join(''));
  const file = openSync(to, 'w');
  writeSync(file, header);
  for (let written = 0; written < size; written += rows.length) writeSync(file, rows);
  closeSync(file);
}

function measure(command: string, args: readonly string[]): Found {
  const { status, signal, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${signal ?? ''} ${stderr}`);
  return JSON.parse(stdout.trim().split('\n').at(-1) as string) as Found;
}
