/** @file A worker's side of `node.ts`: answers batches of texts one after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import { UserError } from '../../../../platform/errors.js';
import { AutoTokenizer } from '../../../tokenizer/auto-tokenizer.js';
import { encodeDocuments } from '../../encode-documents.js';
import type { Reply } from '../node.js';
import type { PoolSettings } from '../pool.js';

const { tokenizer, encoder } = workerData as PoolSettings;
const port = parentPort;
if (!port) throw new Error('internal: the tokenizing worker was not started as a worker');

const loading = AutoTokenizer.fromPretrained(tokenizer);
let last: Promise<void> = Promise.resolve();
port.on('message', (texts: readonly string[]) => {
  last = last.then(async () => {
    try {
      const batch = await encodeDocuments(texts, await loading, encoder);
      const buffers = [batch.train.ids.buffer, batch.validation.ids.buffer];
      port.postMessage({ batch } satisfies Reply, buffers);
    } catch (error) {
      const { message, stack = '' } = error as Error;
      port.postMessage({ error: { isOfUser: error instanceof UserError, message, stack } } satisfies Reply);
    }
  });
});
