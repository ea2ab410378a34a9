/** @file Runs that stop and go on. The command line's test kills real processes; here runs stop at chosen moments. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  AutoTokenizer,
  BertConfig,
  BertForSequenceClassification,
  type ClassificationExample,
  type Evaluation,
  TextClassification,
  type TextClassificationOptions,
  Trainer,
  type TrainingEvent,
  type TrainingOptions,
} from '../../index.js';
import { machine } from '../../platform/files/node/machine.js';
import { toyConfig, toyFolder, toyRows } from '../../testing/toy.js';

const labels = ['disliked', 'liked'];
const config = { ...BertConfig.fromJson(toyConfig, 'toy'), id2label: labels };
const examples = toyRows(48).map((row, i): ClassificationExample => ({ ...row, line: i + 1 }));
const settings = { epochs: 3, batchSize: 4, gradientAccumulationSteps: 2, learningRate: 2e-3, warmupRatio: 0.1 };

interface Run extends Partial<TrainingOptions> {
  readonly output: string;
  readonly resume?: boolean;
  readonly overwrite?: boolean;
  readonly train?: readonly ClassificationExample[];
  readonly evaluation?: readonly ClassificationExample[] | undefined;
  readonly task?: Partial<TextClassificationOptions>;
  readonly taskClass?: typeof TextClassification;
  readonly onEvent?: (event: TrainingEvent) => void;
}

const newOutput = () => join(toyFolder(), 'run');

/** Trains a new model with dropout; gives its weights at the end, and what the run told. */
async function run({ task: options, taskClass = TextClassification, onEvent, ...given }: Run) {
  const model = BertForSequenceClassification.fromConfig(config, { seed: 1 });
  const tokenizer = await AutoTokenizer.fromPretrained(toyFolder());
  const task = new taskClass({ tokenizer, labels, ...options });
  const events: TrainingEvent[] = [];
  const trainer = new Trainer({
    model,
    tokenizer,
    task,
    train: examples,
    evaluation: examples.slice(0, 12),
    ...settings,
    ...given,
    onEvent: (event) => {
      events.push(event);
      onEvent?.(event);
    },
  });
  try {
    const result = await trainer.train();
    return { events, result, weights: (await model.weights.read()).data, final: await trainer.evaluate(examples) };
  } finally {
    await model.dispose();
  }
}

/** Stops a run after so many events. */
async function stoppedAfter(count: number, given: Run): Promise<void> {
  let told = 0;
  const onEvent = () => {
    if (++told === count) throw new Error('stopped here');
  };
  await expect(run({ ...given, onEvent })).rejects.toThrow('stopped here');
}

const saved = (output: string) => readFileSync(join(output, 'model.safetensors'));

describe('a run that is stopped and resumed', () => {
  test('ends with the bits of an unbroken one, wherever it stopped', async () => {
    const whole = newOutput();
    const unbroken = await run({ output: whole, saveSteps: 2 });
    expect(unbroken.events.map(({ type }) => type)).toContain('checkpoint');
    for (let stop = 1; stop < unbroken.events.length; stop += 4) {
      const output = newOutput();
      await stoppedAfter(stop, { output, saveSteps: 2 });
      const resumed = await run({ output, saveSteps: 2, resume: true });
      expect(resumed.weights, `stopped after event ${stop}`).toEqual(unbroken.weights);
      expect(saved(output).equals(saved(whole))).toBe(true);
      expect(resumed.result).toMatchObject({ ...unbroken.result, seconds: expect.any(Number) });
      expect(readdirSync(output)).toEqual(readdirSync(whole));
    }
  });

  test('may stop again and again', async () => {
    const [whole, output] = [newOutput(), newOutput()];
    const unbroken = await run({ output: whole, saveSteps: 1 });
    await stoppedAfter(4, { output, saveSteps: 1 });
    for (const stop of [6, 3, 9]) await stoppedAfter(stop, { output, saveSteps: 1, resume: true });
    const { events, weights } = await run({ output, saveSteps: 1, resume: true });
    expect(events[0]).toMatchObject({ type: 'start', resumedAt: expect.any(Number) });
    expect(weights).toEqual(unbroken.weights);
  });

  test('that had no checkpoint yet begins anew', async () => {
    const [whole, output] = [newOutput(), newOutput()];
    const unbroken = await run({ output: whole });
    await stoppedAfter(3, { output });
    const { events, weights } = await run({ output, resume: true });
    expect(events[0]).toMatchObject({ type: 'start', resumedAt: 0 });
    expect(weights).toEqual(unbroken.weights);
  });

  test('takes away what a kill left half written, and nothing else', async () => {
    const output = newOutput();
    await stoppedAfter(5, { output, saveSteps: 2 });
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    const partial = (name: string, pid: number | undefined) => `${name}.partial-${machine}-${pid}-01234567`;
    const users = ['thesis.partial', 'chapter.partial-4711', partial('thesis.tex', gone)];
    const written = partial('model.safetensors', process.pid); // by a run that is alive
    for (const name of [...users, written, partial('model.safetensors', gone)]) writeFileSync(join(output, name), '');
    for (const name of ['data.partial', partial('checkpoint-4', gone)]) mkdirSync(join(output, name));
    await run({ output, saveSteps: 2, resume: true });
    expect(readdirSync(output).filter((name) => /partial|checkpoint/.test(name))).toEqual(
      [...users, written, 'data.partial'].sort(),
    );
  });

  test.each<[string, Partial<Run>, string]>([
    ['a setting', { learningRate: 1e-3 }, 'the run began with learningRate = 0.002, now it is 0.001'],
    ['what is frozen', { freeze: 1 }, 'the run began with freeze = "none", now it is 1'],
    ['the texts', { train: [...examples].reverse() }, 'the run began with other training data'],
    ['the maximum length', { task: { maxLength: 5 } }, 'or another maximum length'],
    ['the evaluation', { evaluation: examples.slice(0, 11) }, 'the run began with other evaluation data'],
    ['no evaluation', { evaluation: undefined }, 'the run began with other evaluation data'],
    ['the loss', { task: { labelSmoothing: 0.1 } }, 'the run began with another model or loss'],
  ])('is refused with other settings: %s', async (_, changes, message) => {
    const output = newOutput();
    await stoppedAfter(5, { output, saveSteps: 2 });
    const before = readdirSync(output);
    await expect(run({ output, saveSteps: 2, resume: true, ...changes })).rejects.toThrow(message);
    expect(readdirSync(output)).toEqual(before);
  });

  test('whose state cannot be read is refused, and the message names the file', async () => {
    const output = newOutput();
    await stoppedAfter(5, { output, saveSteps: 2 });
    const state = join(output, 'checkpoint-2', 'trainer_state.json');
    writeFileSync(state, '{"step": ');
    await expect(run({ output, saveSteps: 2, resume: true })).rejects.toThrow(`${state}:1:10: not valid JSON`);
    writeFileSync(state, '{"step": 2}');
    await expect(run({ output, saveSteps: 2, resume: true })).rejects.toThrow(
      `${state}: does not say where the run was`,
    );
  });
});

describe('a run that has ended', () => {
  test('says so when it is resumed, and changes nothing', async () => {
    const output = newOutput();
    const { result, weights, final } = await run({ output });
    const files = () => readdirSync(output).map((name) => [name, statSync(join(output, name)).mtimeMs]);
    const before = files();
    const again = await run({ output, resume: true });
    expect(again.events.map(({ type }) => type)).toEqual(['start', 'end']);
    expect(again.events[0]).toMatchObject({ totalSteps: result.steps, resumedAt: result.steps });
    expect(again.result).toEqual(result);
    expect(again.weights).toEqual(weights);
    expect(again.final).toEqual(final);
    expect(files()).toEqual(before);
  });

  test('gives way to a new one in its folder, also where that is stopped before its first checkpoint', async () => {
    const [whole, output] = [newOutput(), newOutput()];
    const unbroken = await run({ output: whole, seed: 7 });
    await run({ output });
    await expect(run({ output, seed: 7 })).rejects.toThrow(/already holds model\.safetensors.*overwrite: true/);
    expect((await run({ output, resume: true })).events.map(({ type }) => type)).toEqual(['start', 'end']);
    await stoppedAfter(3, { output, seed: 7, overwrite: true });
    const { weights } = await run({ output, seed: 7, resume: true });
    expect(weights).toEqual(unbroken.weights);
    expect(saved(output).equals(saved(whole))).toBe(true);
  });

  test('leaves no scores behind for a model that was not evaluated', async () => {
    const output = newOutput();
    await run({ output, epochs: 1 });
    expect(existsSync(join(output, 'eval_results.json'))).toBe(true);
    await run({ output, epochs: 1, evaluation: undefined, overwrite: true });
    expect(existsSync(join(output, 'eval_results.json'))).toBe(false);
  });
});

test('a folder with a model of which no run is known is not touched by resuming', async () => {
  const output = newOutput();
  mkdirSync(output);
  writeFileSync(join(output, 'model.safetensors'), 'precious');
  await expect(run({ output, resume: true })).rejects.toThrow('holds a model, but no run that could be resumed');
  expect(saved(output).toString()).toBe('precious');
  expect(readdirSync(output)).toEqual(['model.safetensors']);
});

describe('the best model', () => {
  test('is the one in hand and in the folder where later epochs are worse', async () => {
    // Judged by the opposite of what it learns, the model gets worse and worse.
    const opposite = examples.map((row) => ({ ...row, label: row.label === 'liked' ? 'disliked' : 'liked' }));
    const output = newOutput();
    const { events, result } = await run({ output, evaluation: opposite, learningRate: 2e-3, epochs: 4 });
    const evaluations = events.filter((event) => event.type === 'evaluation');
    const scores = evaluations.map(({ metrics }) => metrics.accuracy as number);
    const best = Math.max(...scores);
    expect(scores.at(-1)).toBeLessThan(best);
    expect(result.best).toBe(best);
    const model = await BertForSequenceClassification.fromPretrained(output);
    const tokenizer = await AutoTokenizer.fromPretrained(output);
    const task = new TextClassification({ tokenizer, labels });
    const evaluated = await new Trainer({ model, task, tokenizer, train: examples }).evaluate(opposite);
    expect(evaluated.metrics.accuracy).toBe(best);
    const kept = await run({ output, evaluation: opposite, learningRate: 2e-3, epochs: 4, resume: true });
    expect(kept.weights).toEqual((await model.weights.read()).data);
    await model.dispose();
  });

  test('is found among scores that are not all numbers', async () => {
    const scores = [Number.NaN, 0.2, Number.NaN, 0.1];
    class Scripted extends TextClassification {
      override metrics(): Evaluation {
        return { metrics: { pearson: scores.shift() ?? 0 }, mainMetric: 'pearson', report: '' };
      }
    }
    const { events, result } = await run({ output: newOutput(), taskClass: Scripted, epochs: 4 });
    const best = events.flatMap((event) => (event.type === 'evaluation' ? [event.best] : []));
    expect(best).toEqual([true, true, false, false]);
    expect(result.best).toBe(0.2);
  });
});

describe('a run that is resumed with more epochs', () => {
  const steady = { learningRate: 1e-3, warmupRatio: 0, lrSchedulerType: 'constant' } as const;

  test('after its end, from the checkpoint that was kept: the bits of a run that had them from the beginning', async () => {
    const [whole, output] = [newOutput(), newOutput()];
    const unbroken = await run({ output: whole, ...steady, epochs: 4, saveTotalLimit: 1, loadBestModelAtEnd: false });
    await run({ output, ...steady, epochs: 2, saveTotalLimit: 1, loadBestModelAtEnd: false });
    const longer = { output, ...steady, epochs: 4, saveTotalLimit: 1, loadBestModelAtEnd: false, resume: true };
    const { events, weights } = await run(longer);
    expect(events[0]).toMatchObject({
      resumedAt: 12,
      previousTotalSteps: 12,
      totalSteps: 24,
      hasFreshOptimizer: false,
    });
    expect(weights).toEqual(unbroken.weights);
  });

  test('after maxSteps ended it in the middle of an epoch', async () => {
    const [whole, output] = [newOutput(), newOutput()];
    const kept = { ...steady, saveTotalLimit: 1, loadBestModelAtEnd: false };
    const unbroken = await run({ output: whole, ...kept, maxSteps: 14 });
    await run({ output, ...kept, maxSteps: 8 });
    const { result, weights } = await run({ output, ...kept, maxSteps: 14, resume: true });
    expect(weights).toEqual(unbroken.weights);
    expect(result.loss).toBeCloseTo(unbroken.result.loss, 12);
  });

  test('after an interruption, too', async () => {
    const [whole, output] = [newOutput(), newOutput()];
    const unbroken = await run({ output: whole, ...steady, epochs: 4 });
    await stoppedAfter(9, { output, ...steady, epochs: 2, saveSteps: 2 });
    const { events, weights } = await run({ output, ...steady, epochs: 4, saveSteps: 2, resume: true });
    expect(events[0]).toMatchObject({ previousTotalSteps: 12, totalSteps: 24, hasFreshOptimizer: false });
    expect(weights).toEqual(unbroken.weights);
  });

  test('after its end without a checkpoint: continues from the saved model with a fresh optimizer, and says so', async () => {
    const output = newOutput();
    const first = await run({ output, epochs: 2 });
    const { events, result } = await run({ output, epochs: 3, resume: true });
    expect(events[0]).toMatchObject({ resumedAt: 12, previousTotalSteps: 12, hasFreshOptimizer: true });
    expect(result.steps).toBe(18);
    expect(result.best).toBeGreaterThanOrEqual(first.result.best ?? 0);
    const stopped = await run({ output, epochs: 3, resume: true });
    expect(stopped.events[0]).toMatchObject({ resumedAt: 18, totalSteps: 18 });
  });

  test('killed while it is extended, it resumes to the same bits', async () => {
    const [whole, output] = [newOutput(), newOutput()];
    const kept = { ...steady, saveTotalLimit: 1, loadBestModelAtEnd: false };
    const unbroken = await run({ output: whole, ...kept, epochs: 4 });
    await run({ output, ...kept, epochs: 2 });
    await stoppedAfter(8, { output, ...kept, epochs: 4, resume: true });
    const { weights } = await run({ output, ...kept, epochs: 4, resume: true });
    expect(weights).toEqual(unbroken.weights);
  });

  test('with fewer is refused', async () => {
    const output = newOutput();
    await stoppedAfter(5, { output, saveSteps: 2 });
    await expect(run({ output, saveSteps: 2, resume: true, epochs: 2 })).rejects.toThrow('epochs = 3, now it is 2');
  });
});
