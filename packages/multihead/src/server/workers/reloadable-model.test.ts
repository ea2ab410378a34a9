import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { UserError } from '../../platform/errors.js';
import { toyModel } from '../../testing/toy-models.js';
import { openModels } from './open-models.js';
import type { ReloadableModel } from './reloadable-model.js';

const call = () => ({ signal: new AbortController().signal });
const models: ReloadableModel[] = [];
afterAll(() => Promise.all(models.map((model) => model.close())));

const labelOf = async (model: ReloadableModel): Promise<string> => {
  const { outputs } = await model.predict('text-classification', ['a good film'], {}, call());
  return (outputs as [[{ label: string }]])[0][0].label;
};

test.each([true, false])('a changed folder is served without a refused request (workers: %s)', async (workers) => {
  const [folder, other] = [
    await toyModel('text-classification', { labels: ['before', 'before too'] }),
    await toyModel('text-classification', { labels: ['after', 'after too'], seed: 2 }),
  ];
  const [model] = (await openModels({ toy: folder }, { workers, threads: 1 })) as [ReloadableModel];
  models.push(model);
  await model.ready;
  expect(await labelOf(model)).toMatch('before');

  cpSync(other, folder, { recursive: true });
  let isDone = false;
  const reloaded = model.reload().finally(() => {
    isDone = true;
  });
  const seen: string[] = [];
  while (!isDone) seen.push(await labelOf(model));
  await reloaded;
  expect(seen.length).toBeGreaterThan(0);
  expect(await labelOf(model)).toMatch('after');
  expect(model.info.labels).toEqual(['after', 'after too']);

  rmSync(join(folder, 'model.safetensors'));
  await expect(model.reload()).rejects.toThrow(UserError);
  expect(model.state).toBe('ready');
  expect(await labelOf(model)).toMatch('after');
});
