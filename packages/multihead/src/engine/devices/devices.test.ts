/** @file Every device of the registry: it computes here what the definition says, or refuses with a reason. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { createEngine } from '#engine';
import {
  AutoTokenizer,
  BertConfig,
  BertForSequenceClassification,
  classificationTask,
  GPT2LMHeadModel,
  pipeline,
  Trainer,
  UserError,
} from '../../index.js';
import { writeModel } from '../../onnx/model.js';
import { input } from '../../tensor/factories.js';
import { toyConfig, toyFolder, toyRows } from '../../testing/toy.js';
import { type DeviceName, deviceNamed, deviceNames, devices } from './registry.js';
import { requireDevice } from './require-device.js';

const miniGpt = fileURLToPath(new URL('../../../../../models/mini-gpt', import.meta.url));
const gpt2 = fileURLToPath(new URL('../../../fixtures/causal/gpt2', import.meta.url));

describe.each(deviceNames)('%s', (name) => {
  test('is registered under its own name', () => {
    expect(deviceNamed(name).name).toBe(name);
  });

  test('computes, or an engine and a model refuse it with the same reason: another device is never taken', async () => {
    const x = input('x', 'float32', ['n', 3]);
    const graph = writeModel({ y: x.softmax(-1) }, { target: deviceNamed(name).target });
    const engine = createEngine({ device: name });
    const outcome = await engine.ready().then(
      () => undefined,
      (error: unknown) => error,
    );
    if (outcome === undefined) {
      await engine.load('graph', graph);
      const { y } = await engine.run('graph', {
        x: { dtype: 'float32', shape: [1, 3], data: Float32Array.of(0, Math.log(2), Math.log(5)) },
      });
      expect(Array.from(y?.data as Float32Array)).toEqual([0.125, 0.25, 0.625].map((p) => expect.closeTo(p, 5)));
      await requireDevice(name);
    } else {
      expect(outcome).toBeInstanceOf(UserError);
      const { message } = outcome as UserError;
      expect(message).toMatch(new RegExp(`^device ${name} cannot run on this machine: .+ Use device cpu instead\\.$`));
      await expect(engine.load('graph', graph)).rejects.toThrow(message);
      await expect(GPT2LMHeadModel.fromPretrained(gpt2, { device: name })).rejects.toEqual(outcome);
    }
    await engine.close();
  });
});

/** The losses of two training steps on a device. */
async function losses(device: DeviceName): Promise<number[]> {
  const tokenizer = await AutoTokenizer.fromPretrained(toyFolder());
  const config = { ...BertConfig.fromJson(toyConfig, 'toy'), id2label: ['disliked', 'liked'] };
  const model = BertForSequenceClassification.fromConfig(config, { seed: 1 });
  const task = classificationTask(config, { tokenizer, maxLength: 16 });
  const found: number[] = [];
  const trainer = new Trainer({
    model,
    device,
    task,
    tokenizer,
    train: toyRows(8),
    batchSize: 4,
    maxSteps: 2,
    learningRate: 0.01,
    onEvent: (event) => {
      if (event.type === 'step') found.push(event.loss);
    },
  });
  try {
    await trainer.train();
  } finally {
    await model.dispose();
  }
  return found;
}

test.each(deviceNames)('a Trainer on %s learns what it learns on the processor, or refuses', async (name) => {
  const reason = await requireDevice(name).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (reason) await expect(losses(name)).rejects.toEqual(reason);
  else expect(await losses(name)).toEqual((await losses('cpu')).map((loss) => expect.closeTo(loss, 4)));
});

test('the processor runs everywhere', async () => {
  expect(await requireDevice('cpu')).toBe(devices.cpu);
});

test.each(deviceNames)('two engines on %s compute at the same time, or both refuse', async (name) => {
  const graph = writeModel({ y: input('x', 'float32', ['n', 64]).softmax(-1) }, { target: deviceNamed(name).target });
  const x = { dtype: 'float32', shape: [8, 64], data: new Float32Array(512) } as const;
  const engines = [0, 1].map(() => createEngine({ device: name, threads: 1 }));
  const outcomes = await Promise.all(
    engines.map(async (engine) => {
      try {
        await engine.load('graph', graph);
        for (let i = 0; i < 50; i++) {
          const { y } = await engine.run('graph', { x });
          expect(y?.data).toEqual(new Float32Array(512).fill(1 / 64));
        }
        return 'computed';
      } catch (error) {
        expect(error).toBeInstanceOf(UserError);
        return 'refused';
      } finally {
        await engine.close();
      }
    }),
  );
  expect(new Set(outcomes).size).toBe(1);
});

describe('a device that there is not', () => {
  const message = 'there is no device "gpu"; there are: cpu, webgpu';
  const gpu = 'gpu' as DeviceName;

  test('is refused by whatever takes one', async () => {
    await expect(GPT2LMHeadModel.fromPretrained(gpt2, { device: gpu })).rejects.toThrow(message);
    await expect(pipeline('text-generation', miniGpt, { device: gpu })).rejects.toThrow(message);
    expect(() => createEngine({ device: 'gpu' })).toThrow(message);
    expect(() => deviceNamed('wbgpu')).toThrow('Did you mean webgpu?');
  });

  test('is refused by the command line, before the command begins', () => {
    const main = fileURLToPath(new URL('../../cli/main.js', import.meta.url));
    const { status, stderr } = spawnSync(
      process.execPath,
      [main, 'perplexity', '--model', gpt2, '--device', 'gpu', 'x'],
      {
        encoding: 'utf8',
      },
    );
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining(message) });
  });
});

describe('--device cpu', () => {
  const main = fileURLToPath(new URL('../../cli/main.js', import.meta.url));
  const root = fileURLToPath(new URL('../../../../../', import.meta.url));
  const intents = 'examples/data/support-intents.test.tsv';

  test.each([
    ['generate', '--model', 'models/mini-gpt', '--prompt', 'It was', '--max-new-tokens', '3', '--no-do-sample'],
    ['perplexity', '--model', 'models/mini-gpt', intents],
    ['predict', 'fill-mask', '--model', 'models/mini', 'it was [MASK].'],
    ['embed', '--model', 'models/mini', 'examples/data/bert-tiny.json'],
    ['train', 'text-classification', '--model', 'models/mini', '--train', intents, '--output', 'none', '--dry-run'],
  ])('is what %s does without it', (...command) => {
    const run = (...more: string[]) =>
      spawnSync(process.execPath, [main, ...command, ...more], { encoding: 'utf8', cwd: root });
    const [plain, named] = [run(), run('--device', 'cpu')];
    expect([plain.status, named.status], named.stderr).toEqual([0, 0]);
    // A dry run tells times, which differ.
    if (command[0] !== 'train') expect(named.stdout).toBe(plain.stdout);
  });
});

describe('a model that goes to another device', () => {
  const model = GPT2LMHeadModel.fromPretrained(gpt2);
  afterAll(async () => (await model).dispose());

  test('keeps what it has learned when it comes back, and is as it was where it cannot go', async () => {
    const { weights } = await model;
    const engine = await weights.engine();
    const { data } = await engine.readParameters();
    await engine.writeParameters(data.map((value) => value / 2));
    await expect(weights.to('gpu' as DeviceName)).rejects.toThrow('there is no device "gpu"');
    for (const name of [...deviceNames, 'cpu' as const]) {
      await weights.to(name).catch((error: unknown) => expect(error).toBeInstanceOf(UserError));
      expect((await weights.read()).data.slice(0, 8)).toEqual(data.slice(0, 8).map((value) => value / 2));
    }
    expect(weights.device).toBe(devices.cpu);
  });
});
