/** @file The caller's thread stays free while the engine works, and errors come back over the thread's border. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEngine } from '#engine';
import { input, tensor } from '../exports/tensor.js';
import { TrainingStep } from '../exports/training.js';
import { BertConfig, BertForSequenceClassification } from '../index.js';
import { writeModel } from '../onnx/model.js';
import { collateTokens, int64 } from '../tasks/collate.js';
import { TextClassification } from '../tasks/text-classification/text-classification.js';
import { toyFolder } from '../testing/toy.js';
import { AutoTokenizer } from '../text/tokenizer/auto-tokenizer.js';

describe('while a training step runs', () => {
  const [rows, width] = [16, 128];
  const config = BertConfig.fromJson(
    { vocab_size: 1000, hidden_size: 256, num_hidden_layers: 4, num_attention_heads: 4, intermediate_size: 1024 },
    'the config of this test',
  );
  let model: BertForSequenceClassification;
  let training: TrainingStep;
  const features = Array.from({ length: rows }, (_, row) => ({
    inputIds: Array.from({ length: width }, (_, i) => (row * 31 + i * 7) % 1000),
    tokenTypeIds: new Array<number>(width).fill(0),
  }));
  const labels = int64(
    features.map((_, row) => row % 2),
    [rows],
  );
  const batch = { ...collateTokens(features, 0), labels };

  beforeAll(async () => {
    model = BertForSequenceClassification.fromConfig(config);
    const tokenizer = await AutoTokenizer.fromPretrained(toyFolder());
    const task = new TextClassification({ tokenizer, labels: ['no', 'yes'] });
    training = await TrainingStep.create(model, () => task.loss(model));
    await training.step([batch], {}, 0);
  });

  afterAll(() => model.dispose());

  test('a timer in the calling thread keeps firing', async () => {
    const ticks = [performance.now()];
    const timer = setInterval(() => ticks.push(performance.now()), 5);
    const before = performance.eventLoopUtilization();
    await training.step([batch], {}, 1);
    const { utilization } = performance.eventLoopUtilization(before);
    clearInterval(timer);
    ticks.push(performance.now());
    const took = (ticks.at(-1) as number) - (ticks[0] as number);
    const gaps = ticks.slice(1).map((tick, i) => tick - (ticks[i] as number));
    expect(took).toBeGreaterThan(200);
    // A blocked thread is busy for the whole of the call, and shows a single gap as long as it. How soon a tick comes that
    // is due is the machine's matter, whose cores are all at work; `npm run bench -- responsive` measures that.
    expect(utilization).toBeLessThan(0.5);
    expect(Math.max(...gaps)).toBeLessThan(took / 2);
  });
});

describe('the worker', () => {
  const doubled = writeModel({ y: input('x', 'float32', ['n']).mul(2) });
  const three = { x: { dtype: 'float32', shape: [3], data: Float32Array.of(1, 2, 3) } } as const;

  test('rejects a call that fails, with the reason, and goes on working', async () => {
    const engine = createEngine({ threads: 1 });
    await expect(engine.run('nothing', {})).rejects.toThrow('no graph named nothing is loaded');
    await engine.load('double', doubled);
    await expect(engine.run('double', {})).rejects.toThrow("the graph's input x was not given");
    await expect(engine.load('broken', { ...doubled, bytes: Uint8Array.of(1, 2, 3) })).rejects.toThrow(/protobuf/i);
    const two = { ...three.x, shape: [2] };
    await expect(engine.run('double', { x: two })).rejects.toThrow(/size|shape|dims/i);
    expect((await engine.run('double', three)).y?.data).toEqual(Float32Array.of(2, 4, 6));
    await engine.close();
  });

  test('answers calls in the order in which they came', async () => {
    const engine = createEngine({ threads: 1 });
    const order: string[] = [];
    const note = (name: string) => () => order.push(name);
    await Promise.all([
      engine.load('double', doubled).then(note('load')),
      engine.run('double', three).then(note('run')),
      engine.unload('double').then(note('unload')),
      engine.run('double', three).catch(note('run without graph')),
    ]);
    expect(order).toEqual(['load', 'run', 'unload', 'run without graph']);
    await engine.close();
  });

  test('that is closed rejects what it was asked before', async () => {
    const engine = createEngine({ threads: 1 });
    const outcome = expect(engine.load('double', doubled)).rejects.toThrow('the engine was closed before it answered');
    await engine.close();
    await outcome;
    await expect(engine.load('double', doubled)).rejects.toThrow('the engine is closed');
  });

  test.each([
    ['an open one with nothing to do', ''],
    ['a closed one', 'await engine.close();'],
  ])('%s does not keep the process alive', (_, last) => {
    const { href } = new URL('../engine/node/engine.js', import.meta.url);
    const program = `
      import { createEngine } from ${JSON.stringify(href)};
      const engine = createEngine({ threads: 1 });
      await engine.adoptParameters({ data: new Float32Array(4), places: [] });
      const { data } = await engine.readParameters();
      console.log(data.length);
      ${last}`;
    const file = join(mkdtempSync(join(tmpdir(), 'multihead-')), 'program.mjs');
    writeFileSync(file, program);
    const { stdout, stderr, status, signal } = spawnSync(process.execPath, [file], {
      encoding: 'utf8',
      timeout: 120_000,
    });
    expect({ stdout, stderr, status, signal }).toEqual({ stdout: '4\n', stderr: '', status: 0, signal: null });
  });

  test("runs under flags that are the program's own", () => {
    const { href } = new URL('../exports/tensor.js', import.meta.url);
    const program = `
      import { tensor } from ${JSON.stringify(href)};
      console.log(String(await tensor([1, 2]).mul(3).data()));`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' });
    expect(stdout).toBe('3,6\n');
  });

  test('computes a lazy tensor without being asked for an engine', async () => {
    expect(await tensor([1, 2]).mul(3).data()).toEqual(Float32Array.of(3, 6));
  });
});
