import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { TrainingStep } from '../../exports/training.js';
import {
  AutoTokenizer,
  BertConfig,
  BertForSequenceClassification,
  type ClassificationExample,
  classificationTask,
  type Evaluation,
  TextClassification,
  Trainer,
  type TrainingEvent,
  type TrainingOptions,
} from '../../index.js';
import { writeModel } from '../../onnx/model.js';
import { toyConfig, toyFolder, toyRows } from '../../testing/toy.js';
import { trainableParameters } from '../step/freeze.js';
import { trainingGraph } from '../step/training-graph.js';

const train = toyRows(96).map((row, i): ClassificationExample => ({ ...row, line: i + 1 }));
const evaluation = train.slice(0, 24);
const config = BertConfig.fromJson({ ...toyConfig, id2label: { 0: 'disliked', 1: 'liked' } }, 'toy');

async function parts(seed = 1, changes: Partial<typeof config> = {}) {
  const model = BertForSequenceClassification.fromConfig({ ...config, ...changes }, { seed });
  const tokenizer = await AutoTokenizer.fromPretrained(toyFolder());
  return { model, tokenizer, task: classificationTask(config, { tokenizer, maxLength: 32 }), train };
}

type Parts = Awaited<ReturnType<typeof parts>>;

const settings = { epochs: 2, batchSize: 8, learningRate: 2e-3, warmupRatio: 0.1, weightDecay: 0.01 };

async function weightsAfter(
  given: Parts,
  options: Partial<TrainingOptions> & { output?: string } = {},
): Promise<Float32Array> {
  await new Trainer({ ...given, ...settings, ...options }).train();
  const { data } = await given.model.weights.read();
  await given.model.dispose();
  return data;
}

describe('training', () => {
  test('learns: the loss falls, and unseen order of words is told apart', async () => {
    const given = await parts();
    const losses: number[] = [];
    const onEvent = (event: TrainingEvent) => event.type === 'step' && losses.push(event.loss);
    const trainer = new Trainer({ ...given, ...settings, epochs: 6, evaluation, onEvent });
    await trainer.train();
    expect((await trainer.evaluate()).metrics.accuracy).toBeGreaterThan(0.95);
    expect(losses.at(-1)).toBeLessThan((losses[0] as number) / 3);
    await given.model.dispose();
  });

  test("saves the task's tokenizer with the model, and none where the task has none", async () => {
    const filesAfter = async (change: (task: Parts['task']) => object) => {
      const { model, task } = await parts();
      const output = join(toyFolder(), 'run');
      await new Trainer({ model, task: change(task) as Parts['task'], train, output, maxSteps: 1 }).train();
      await model.dispose();
      return readdirSync(output).filter((name) => /vocab|token/.test(name));
    };
    expect(await filesAfter((task) => task)).toContain('vocab.txt');
    expect(await filesAfter((task) => Object.assign(task, { tokenizer: undefined }))).toEqual([]);
  });

  test('same seed, same bits; another seed, others', async () => {
    const first = await weightsAfter(await parts());
    expect(await weightsAfter(await parts())).toEqual(first);
    expect(await weightsAfter(await parts(), { seed: 43 })).not.toEqual(first);
  });

  test('two batches of half the size, accumulated, make the step of the whole batch', async () => {
    const noDropout = { hiddenDropoutProb: 0, attentionProbsDropoutProb: 0 };
    const options = { lengthBucketing: false, epochs: 1 };
    const whole = await weightsAfter(await parts(1, noDropout), { ...options, batchSize: 16 });
    const halves = await weightsAfter(await parts(1, noDropout), {
      ...options,
      batchSize: 8,
      gradientAccumulationSteps: 2,
    });
    const difference = whole.reduce((most, x, i) => Math.max(most, Math.abs(x - (halves[i] as number))), 0);
    expect(difference).toBeLessThan(1e-4);
  });

  test('a loss that is no number ends the run with advice', async () => {
    const given = await parts();
    given.model.weights.view('classifier.weight').fill(Number.NaN);
    const outcome = new Trainer({ ...given, ...settings }).train();
    await expect(outcome).rejects.toThrow('the loss became NaN at step 1. A smaller learningRate');
    await given.model.dispose();
  });

  test.each([
    [{ epochs: 0 }, 'epochs is 0, and the task fits nothing besides the steps'],
    [{ learningRate: -1 }, 'learningRate is -1; it must be a number above 0'],
    [{ freeze: 1.5 }, 'freeze is 1.5; it must be "backbone"'],
  ])('refuses %o before anything is done', async (options, message) => {
    const given = await parts();
    expect(() => new Trainer({ ...given, ...options })).toThrow(message);
  });
});

describe('freezing', () => {
  test.each(['backbone', 1] as const)('%s: what is frozen stays bit for bit, the rest learns', async (freeze) => {
    const given = await parts();
    const frozen = new Set(given.model.weights.parameters.keys());
    for (const { name } of trainableParameters(given.model, freeze)) frozen.delete(name);
    expect(frozen.size).toBeGreaterThan(0);
    const before = (await given.model.weights.read()).data.slice();
    const { places } = given.model.weights;
    const after = await weightsAfter(given, { freeze });
    for (const { name, offset, length } of places) {
      const same = before.slice(offset, offset + length).every((x, i) => x === after[offset + i]);
      expect(same, name).toBe(frozen.has(name));
    }
  });

  test('costs no backward pass: the graph shrinks with what is frozen', async () => {
    const given = await parts();
    const { model, task } = given;
    model.weights; // names the parameters
    const loss = task.loss(model);
    const forward = writeModel({ loss }).bytes.length;
    const backward = (freeze: TrainingOptions['freeze']) =>
      trainingGraph({ result: loss, means: [] }, trainableParameters(model, freeze)).model.bytes.length - forward;
    expect(backward(1)).toBeLessThan(0.7 * backward('none'));
    expect(backward('backbone')).toBeLessThan(0.1 * backward('none'));
  });

  test('more layers than there are is refused', async () => {
    const { model, task } = await parts();
    await expect(TrainingStep.create(model, () => task.loss(model), { freeze: 3 })).rejects.toThrow('only 2 layers');
  });
});

/** A task whose scores are given in advance, to see which model is kept. */
class Scripted extends TextClassification {
  private readonly scores = [0.5, 0.9, 0.7, 0.9];

  override metrics(): Evaluation {
    return { metrics: { accuracy: this.scores.shift() ?? 0 }, mainMetric: 'accuracy', report: '' };
  }
}

describe('the output folder', () => {
  test('keeps the best model, and the model in hand is that one at the end', async () => {
    const output = join(toyFolder(), 'run');
    const given = await parts();
    const task = new Scripted({ tokenizer: given.tokenizer, labels: ['disliked', 'liked'] });
    const kept: string[] = [];
    const trainer = new Trainer({
      ...given,
      task,
      evaluation,
      output,
      ...settings,
      epochs: 3,
      onEvent: (event) => event.type === 'evaluation' && event.best && kept.push(`epoch ${event.epoch}`),
    });
    await trainer.train();
    expect(kept).toEqual(['epoch 1', 'epoch 2']);
    const saved = await BertForSequenceClassification.fromPretrained(output);
    expect((await given.model.weights.read()).data).toEqual((await saved.weights.read()).data);
    expect(readdirSync(output).filter((name) => name.startsWith('checkpoint'))).toEqual([]);
    await given.model.dispose();
  });

  test('a run that has ended is not run again', async () => {
    const output = join(toyFolder(), 'run');
    await weightsAfter(await parts(), { output });
    const before = readFileSync(join(output, 'model.safetensors'));
    const steps: number[] = [];
    const given = await parts();
    const onEvent = (event: TrainingEvent) => event.type === 'step' && steps.push(event.step);
    await new Trainer({ ...given, ...settings, output, resume: true, onEvent }).train();
    await given.model.dispose();
    expect(steps).toEqual([]);
    expect(readFileSync(join(output, 'model.safetensors'))).toEqual(before);
  });

  test('resuming with other settings is refused, and says which', async () => {
    const output = join(toyFolder(), 'run');
    await weightsAfter(await parts(), { output });
    const given = await parts();
    const trainer = new Trainer({ ...given, ...settings, learningRate: 1e-4, output, resume: true });
    await expect(trainer.train()).rejects.toThrow('the run began with learningRate = 0.002, now it is 0.0001');
    await given.model.dispose();
    expect(existsSync(join(output, 'model.safetensors'))).toBe(true);
  });
});

test('a label that only the evaluation examples have is refused before the first step, and nothing is written', async () => {
  const given = await parts();
  const output = join(toyFolder(), 'run');
  const unknown = [...evaluation, { text: 'a film', label: 'hated', line: 25 }];
  const events: string[] = [];
  const onEvent = ({ type }: TrainingEvent) => events.push(type);
  const trainer = new Trainer({ ...given, ...settings, evaluation: unknown, output, onEvent });
  await expect(trainer.train()).rejects.toThrow(
    'line 25: the label "hated" is not among the model\'s: disliked, liked',
  );
  expect(events).toEqual([]);
  expect(existsSync(join(output, 'model.safetensors'))).toBe(false);
  await given.model.dispose();
});
