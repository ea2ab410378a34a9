/** @file A process's side of `node.ts`: answers questions about Parquet files, one after the other. */
import { Worker } from 'node:worker_threads';
import type { Watched } from '../../../platform/processes/node/watch.js';
import { parquetError } from '../connection.js';
import type { Question, Reply } from '../node.js';
import { ParquetReader } from '../parquet-reader.js';

let opened: { readonly connection: number; readonly reader: Promise<ParquetReader> } | undefined;

process.on('message', async ({ connection, path, about }: Question) => {
  const answered = (reply: Reply) => process.send?.(reply);
  try {
    if (opened?.connection !== connection) opened = { connection, reader: ParquetReader.open(path) };
    const reader = await opened.reader;
    answered({ answer: about === 'file' ? reader.about : await reader.readGroup(about.group, about.columns) });
  } catch (cause) {
    answered({ problem: parquetError(path, cause).message });
  }
});

// Ctrl-C is for the parent, which may continue to read.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit());

// This thread may go round and round: another one has to see what it takes, and whether anybody still waits for it.
const watched: Watched = { parent: process.ppid, megabytes: Number(process.argv[2]) };
new Worker(new URL('../../../platform/processes/node/watch.js', import.meta.url), { workerData: watched }).unref();
