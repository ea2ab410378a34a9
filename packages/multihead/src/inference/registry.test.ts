/** @file What holds of every pipeline in the registry, and that one from outside is one of them. */
import { expect, test } from 'vitest';
import { taskNamed, tasks } from '../tasks/registry.js';
import { toyFolder } from '../testing/toy.js';
import { pipeline } from './pipeline.js';
import { definePipeline, pipelineNamed, pipelines, registerPipeline } from './registry.js';

interface EchoPipeline {
  (text: string): string;
  dispose(): Promise<void>;
}

test('each task has a pipeline, found by its names', () => {
  for (const { name, aliases = [] } of tasks()) {
    for (const each of [name, ...aliases]) expect(pipelineNamed(each).name).toBe(taskNamed(name).name);
  }
});

test('no name is there twice', () => {
  const names = pipelines().flatMap(({ name, aliases = [] }) => [name, ...aliases]);
  expect(new Set(names).size).toBe(names.length);
});

test('a pipeline from outside has its own type and options, and those of another are refused', async () => {
  const row = definePipeline<EchoPipeline>({
    name: 'echo',
    options: ['times'],
    load: async (_, { times = 1 }) =>
      Object.assign((text: string) => text.repeat(times as number), { dispose: async () => undefined }),
  });
  registerPipeline(row);
  const folder = toyFolder();
  // Programs of their own say the type to Pipelines, as the example of registerPipeline does.
  const echo = (await pipeline('echo' as 'fill-mask', folder, { times: 2 } as object)) as unknown as EchoPipeline;
  expect(echo('so').length).toBe(4);
  await expect(pipeline('echo' as 'fill-mask', folder, { stride: 3 } as object)).rejects.toThrow(
    'pipeline(\'echo\'): there is no option "stride"',
  );
  expect(() => registerPipeline(row)).toThrow('there is a pipeline "echo" already');
  expect(() => registerPipeline({ ...row, name: 'ner' })).toThrow('there is a pipeline "ner" already');
  await expect(pipeline('ecko' as 'fill-mask', folder)).rejects.toThrow('Did you mean echo?');
});
