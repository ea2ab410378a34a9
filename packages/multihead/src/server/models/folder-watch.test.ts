/** @file A model folder that changes under load: the new model answers, and no request is refused. */
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { toyModel } from '../../testing/toy-models.js';
import { createServer } from '../create-server.js';
import type { Logger } from '../http/logger.js';

test('a changed model is loaded, a broken one is not, and requests are answered all the while', {
  timeout: 60_000,
}, async () => {
  const folder = await toyModel('text-classification');
  const next = await toyModel('text-classification', { labels: ['bad', 'good'], seed: 2 });
  const messages: string[] = [];
  const log = (_: object, message: string) => void messages.push(message);
  const logger: Logger = { info: log, warn: log, error: log };
  const server = await createServer({ models: { sentiment: folder }, watch: true, logger });
  await server.ready;
  const statuses: number[] = [];
  const ask = async (): Promise<string> => {
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"inputs": "the film is great"}',
    };
    const response = await server(new Request('http://localhost/v1/tasks/text-classification', init));
    statuses.push(response.status);
    const { outputs } = (await response.json()) as { outputs: [[{ label: string }]] };
    return outputs[0][0].label;
  };
  let isOver = false;
  const asking = Array.from({ length: 4 }, async () => {
    while (!isOver) await ask();
  });
  expect(['liked', 'disliked']).toContain(await ask());
  cpSync(next, folder, { recursive: true });
  await expect.poll(ask, { timeout: 15_000 }).toMatch(/^(good|bad)$/);
  writeFileSync(join(folder, 'config.json'), '{"model_type": "bert"');
  await expect
    .poll(() => messages, { timeout: 15_000 })
    .toContain('a changed model cannot be loaded; the old one stays');
  expect(['good', 'bad']).toContain(await ask());
  isOver = true;
  await Promise.all(asking);
  expect(new Set(statuses)).toEqual(new Set([200]));
  await server.close();
});
