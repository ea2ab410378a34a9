/** @file When a run evaluates, saves and ends, and which model it keeps. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  AutoTokenizer,
  BertConfig,
  BertForSequenceClassification,
  type ClassificationExample,
  classificationTask,
  type Evaluation,
  type RunControl,
  Trainer,
  type TrainingEvent,
  TrainingInterrupted,
  type TrainingOptions,
} from '../../index.js';
import { toyConfig, toyFolder, toyRows } from '../../testing/toy.js';

const train = toyRows(32).map((row, i): ClassificationExample => ({ ...row, line: i + 1 }));
const config = BertConfig.fromJson({ ...toyConfig, id2label: { 0: 'disliked', 1: 'liked' } }, 'toy');
const settings = { epochs: 4, batchSize: 8, learningRate: 2e-3 }; // 4 steps an epoch

interface Run extends Partial<TrainingOptions> {
  /** The evaluations' values, one after the other, in place of real ones. */
  readonly values?: readonly number[];
  readonly output?: string;
  readonly resume?: boolean;
  readonly onEvent?: (event: TrainingEvent, run: RunControl) => void;
}

const newOutput = () => join(toyFolder(), 'run');

async function run({ values, onEvent, ...options }: Run) {
  const model = BertForSequenceClassification.fromConfig(config, { seed: 1 });
  const tokenizer = await AutoTokenizer.fromPretrained(toyFolder());
  const task = classificationTask(config, { tokenizer });
  const events: TrainingEvent[] = [];
  const trainer = new Trainer({
    model,
    tokenizer,
    task,
    train,
    evaluation: train.slice(0, 8),
    ...settings,
    ...options,
    onEvent: (event, control) => {
      events.push(event);
      onEvent?.(event, control);
    },
  });
  if (values) {
    const left = [...values];
    trainer.evaluate = async (): Promise<Evaluation> => {
      const f1 = left.shift() as number;
      return { metrics: { f1, loss: 1 - f1 }, mainMetric: 'f1', report: '' };
    };
  }
  try {
    const result = await trainer.train();
    return { events, result, weights: (await model.weights.read()).data.slice() };
  } finally {
    await model.dispose();
  }
}

const stepsOf = (events: readonly TrainingEvent[], type: 'evaluation' | 'checkpoint') =>
  events.flatMap((event) => (event.type === type ? [event.step] : []));

describe('evaluation', () => {
  test.each<[string, Partial<TrainingOptions>, number[]]>([
    ['after each epoch', {}, [4, 8, 12, 16]],
    ['by steps, and at the end', { evalSteps: 6 }, [6, 12, 16]],
    ['by steps where both say so', { evalStrategy: 'steps', evalSteps: 8 }, [8, 16]],
    ['never', { evalStrategy: 'no' }, []],
  ])('%s', async (_, options, steps) => {
    const { events } = await run(options);
    expect(stepsOf(events, 'evaluation')).toEqual(steps);
  });

  test('of the metric that was asked for decides which model is kept', async () => {
    const values = [0.9, 0.4, 0.6, 0.5];
    const best = async (options: Partial<TrainingOptions>) => {
      const { events, result } = await run({ values, ...options });
      const last = events.flatMap((event) => (event.type === 'evaluation' && event.best ? [event.step] : [])).at(-1);
      return [last, result.best];
    };
    expect(await best({})).toEqual([4, 0.9]);
    expect(await best({ metricForBestModel: 'eval_loss' })).toEqual([4, expect.closeTo(0.1, 12)]);
    expect(await best({ metricForBestModel: 'loss', greaterIsBetter: true })).toEqual([8, expect.closeTo(0.6, 12)]);
    await expect(run({ values, metricForBestModel: 'bleu' })).rejects.toThrow('metricForBestModel is bleu');
    const steps: TrainingEvent[] = [];
    const onEvent = (event: TrainingEvent) => void (event.type === 'step' && steps.push(event));
    await expect(run({ metricForBestModel: 'bleu', onEvent })).rejects.toThrow(
      'metricForBestModel is bleu; the evaluation',
    );
    expect(steps).toEqual([]); // before any step
  });

  test('keeps the last model where that was asked for, with its scores', async () => {
    const [kept, last, plain] = [newOutput(), newOutput(), newOutput()];
    const values = [0.9, 0.4, 0.6, 0.5];
    const best = await run({ values, output: kept });
    const final = await run({ values, output: last, loadBestModelAtEnd: false });
    const never = await run({ output: plain, evalStrategy: 'no' });
    expect(final.weights).not.toEqual(best.weights);
    expect(never.weights).toEqual(final.weights);
    const scores = (output: string) => JSON.parse(readFileSync(join(output, 'eval_results.json'), 'utf8'));
    expect(scores(kept)).toMatchObject({ f1: 0.9 });
    expect(scores(last)).toMatchObject({ f1: 0.5 });
    expect(readdirSync(plain)).not.toContain('eval_results.json');
  });
});

describe('early stopping', () => {
  test('ends the run after so many evaluations without a better model, and keeps the best', async () => {
    const output = newOutput();
    const values = [0.5, 0.7, 0.6, 0.65];
    const { result, events } = await run({ values, output, epochs: 20, earlyStoppingPatience: 2 });
    expect(result).toMatchObject({ steps: 16, best: 0.7 });
    expect(events.at(-1)).toMatchObject({ type: 'end', steps: 16 });
    expect(readdirSync(output).filter((name) => name.startsWith('checkpoint'))).toEqual([]);
    const again = await run({ values: [], output, resume: true, epochs: 20, earlyStoppingPatience: 2 });
    expect(again.events.map(({ type }) => type)).toEqual(['start', 'end']);
  });

  test('in the middle of an epoch evaluates no second time', async () => {
    const values = [0.5, 0.4];
    const { events } = await run({ values, evalSteps: 3, earlyStoppingPatience: 1 });
    expect(stepsOf(events, 'evaluation')).toEqual([3, 6]);
  });

  test('waits as long after a resume as without one', async () => {
    const output = newOutput();
    const options = { epochs: 20, earlyStoppingPatience: 3, output };
    let told = 0;
    const onEvent = (event: TrainingEvent) => {
      if (event.type === 'checkpoint' && ++told === 3) throw new Error('stopped here');
    };
    await expect(run({ ...options, values: [0.5, 0.4, 0.4], onEvent })).rejects.toThrow('stopped here');
    const { result } = await run({ ...options, values: [0.4, 0.9], resume: true });
    expect(result).toMatchObject({ steps: 16, best: 0.5 });
  });
});

describe('checkpoints', () => {
  test.each<[string, Partial<TrainingOptions>, number[]]>([
    ['after each epoch but the last', {}, [4, 8, 12]],
    ['every so many steps besides', { saveSteps: 3 }, [3, 4, 6, 8, 9, 12, 15]],
    ['by steps alone', { saveStrategy: 'steps', saveSteps: 5 }, [5, 10, 15]],
    ['never', { saveStrategy: 'no' }, []],
  ])('%s', async (_, options, steps) => {
    const { events } = await run({ ...options, output: newOutput() });
    expect([...new Set(stepsOf(events, 'checkpoint'))]).toEqual(steps);
  });

  test('are kept up to the limit, the newest', async () => {
    const output = newOutput();
    const kept: string[][] = [];
    const onEvent = ({ type }: TrainingEvent) => {
      if (type === 'checkpoint')
        kept.push(
          readdirSync(output)
            .filter((name) => name.startsWith('checkpoint'))
            .sort(),
        );
    };
    const last = ['checkpoint-12', 'checkpoint-16'];
    await run({ output, saveStrategy: 'steps', saveSteps: 4, saveTotalLimit: 2, onEvent });
    expect(kept).toEqual([
      ...[['checkpoint-4'], ['checkpoint-4', 'checkpoint-8']],
      ...[['checkpoint-12', 'checkpoint-8'], last],
    ]);
    expect(readdirSync(output).filter((name) => name.startsWith('checkpoint'))).toEqual(last);
  });

  test('go when the run has ended, unless a limit says how many stay', async () => {
    const output = newOutput();
    await run({ output });
    expect(readdirSync(output).filter((name) => name.startsWith('checkpoint'))).toEqual([]);
  });

  test('that stay are no reason to go on with a run that has ended: its model is the best, not the last', async () => {
    const output = newOutput();
    const settings = { output, saveTotalLimit: 2, values: [0.5, 0.9, 0.7, 0.6] };
    await run(settings);
    const best = readFileSync(join(output, 'model.safetensors'));
    expect(readFileSync(join(output, 'checkpoint-16', 'model.safetensors')).equals(best)).toBe(false);
    const again = await run({ ...settings, values: [], resume: true });
    expect(again.result).toMatchObject({ steps: 16, best: 0.9 });
    expect(stepsOf(again.events, 'evaluation')).toEqual([]);
    expect(readFileSync(join(output, 'model.safetensors')).equals(best)).toBe(true);
    expect(readdirSync(output)).toContain('checkpoint-16');
  });

  test('that were written before the end was noted: a resumed run notes it, and makes no step', async () => {
    const output = newOutput();
    const settings = { output, saveTotalLimit: 1, values: [0.5, 0.9, 0.7, 0.6] };
    let begun = '';
    await run({
      ...settings,
      onEvent: ({ type }) => {
        if (type === 'checkpoint' && begun === '') begun = readFileSync(join(output, 'trainer_state.json'), 'utf8');
      },
    });
    const ended = readFileSync(join(output, 'trainer_state.json'), 'utf8');
    writeFileSync(join(output, 'trainer_state.json'), begun);
    const { events, result } = await run({ ...settings, values: [], resume: true });
    expect(events.filter(({ type }) => type === 'step')).toEqual([]);
    expect(result.steps).toBe(16);
    expect(JSON.parse(readFileSync(join(output, 'trainer_state.json'), 'utf8'))).toEqual(JSON.parse(ended));
  });
});

describe('a listener', () => {
  const at = (step: number, what: keyof RunControl) => (event: TrainingEvent, control: RunControl) => {
    if (event.type === 'step' && event.step === step) control[what]();
  };

  test('may end the run, ask for an evaluation, or for a checkpoint', async () => {
    const stopped = await run({ onEvent: at(6, 'stop') });
    expect(stopped.result.steps).toBe(6);
    expect(stepsOf(stopped.events, 'evaluation')).toEqual([4, 6]);
    const evaluated = await run({ onEvent: at(6, 'evaluate'), epochs: 2 });
    expect(stepsOf(evaluated.events, 'evaluation')).toEqual([4, 6, 8]);
    const saved = await run({ onEvent: at(6, 'save'), output: newOutput(), epochs: 2 });
    expect(stepsOf(saved.events, 'checkpoint')).toEqual([4, 6]);
  });

  test('may interrupt it: a checkpoint is there, and the run goes on to the same bits', async () => {
    const unbroken = await run({});
    for (const step of [1, 4, 7]) {
      const output = newOutput();
      const interrupted = run({ output, onEvent: at(step, 'interrupt') });
      await expect(interrupted).rejects.toThrow(TrainingInterrupted);
      await expect(interrupted).rejects.toThrow(`interrupted after step ${step} of 16`);
      expect(readdirSync(output)).toContain(`checkpoint-${step}`);
      expect((await run({ output, resume: true })).weights).toEqual(unbroken.weights);
    }
  });
});

test('layers that learn slower or later are resumed to the same bits', async () => {
  const options = { layerwiseLrDecay: 0.8, gradualUnfreezingSteps: 3 };
  const unbroken = await run(options);
  const output = newOutput();
  const onEvent = (event: TrainingEvent, control: RunControl) => {
    if (event.type === 'step' && event.step === 5) control.interrupt();
  };
  await expect(run({ ...options, output, onEvent })).rejects.toThrow(TrainingInterrupted);
  expect((await run({ ...options, output, resume: true })).weights).toEqual(unbroken.weights);
  expect((await run({})).weights).not.toEqual(unbroken.weights);
});
