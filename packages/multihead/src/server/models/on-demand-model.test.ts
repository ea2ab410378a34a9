/** @file Three models with memory for one or two: all answer, those that were asked longest ago are unloaded. */
import { afterAll, expect, test } from 'vitest';
import { UserError } from '../../platform/errors.js';
import { toyModel } from '../../testing/toy-models.js';
import { openModels } from '../workers/open-models.js';
import type { ReloadableModel } from '../workers/reloadable-model.js';
import { MemoryBudget } from './memory-budget.js';
import { OnDemandModel } from './on-demand-model.js';
import type { ModelInfo, ServedModel } from './served-model.js';

const call = () => ({ signal: new AbortController().signal });
const open: ReloadableModel[] = [];
afterAll(() => Promise.all(open.map((model) => model.close())));

const labelOf = async (model: ServedModel): Promise<string> => {
  const { outputs } = await model.predict('text-classification', ['a good film'], {}, call());
  return (outputs as [[{ label: string }]])[0][0].label;
};

test('more models than there is memory for answer in turn, and at the same time', async () => {
  const folders: Record<string, string> = {};
  for (const name of ['a', 'b', 'c']) folders[name] = await toyModel('text-classification', { labels: [name, name] });
  const size = 4 * 20_000; // a toy model has about as many parameters
  const models = await openModels(folders, { maxMemory: 2 * size });
  open.push(...models);
  await Promise.all(models.map(({ ready }) => ready));
  expect(models.map(({ state }) => state)).toEqual(['ready', 'ready', 'ready']);
  for (const name of ['c', 'a', 'b', 'c']) {
    expect(await labelOf(models.find(({ info }) => info.name === name) as ReloadableModel)).toBe(name);
  }
  const asked = Array.from({ length: 24 }, (_, i) => models[i % 3] as ReloadableModel);
  expect(await Promise.all(asked.map(labelOf))).toEqual(asked.map(({ info }) => info.name));
  await expect(openModels(folders, { maxMemory: 1000 })).rejects.toThrow(UserError);
});

/** A model that notes when it is loaded and closed. */
function noted(name: string, size: number, budget: MemoryBudget, notes: string[]): OnDemandModel {
  const info = { name } as ModelInfo;
  const detokenize = async () => name;
  const begin = () => {
    notes.push(`+${name}`);
    const close = async () => void notes.push(`-${name}`);
    return { info, state: 'ready', ready: Promise.resolve(), detokenize, close } as unknown as ServedModel;
  };
  return new OnDemandModel({ info, size, budget, open: begin });
}

test('the model that was asked longest ago makes room', async () => {
  const notes: string[] = [];
  const budget = new MemoryBudget(2);
  const [a, b, c] = ['a', 'b', 'c'].map((name) => noted(name, 1, budget, notes)) as [
    OnDemandModel,
    OnDemandModel,
    OnDemandModel,
  ];
  const ask = (model: OnDemandModel) => model.detokenize([], { skipSpecialTokens: true }, call());
  expect(notes.splice(0)).toEqual(['+a', '+b']);
  await ask(a);
  expect(await ask(c)).toBe('c');
  expect(notes.splice(0)).toEqual(['-b', '+c']);
  expect(await Promise.all([ask(b), ask(b), ask(c)])).toEqual(['b', 'b', 'c']);
  expect(notes.splice(0)).toEqual(['-a', '+b']);
  await c.close();
  await ask(a);
  expect(notes).toEqual(['-c', '+a']);
});
