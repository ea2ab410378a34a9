/** @file What holds of every task in the registry, and that a task from outside is one of them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { evaluate } from '../cli/commands/evaluate/evaluate.js';
import { predict } from '../cli/commands/predict/predict.js';
import { train } from '../cli/commands/train/train.js';
import { defineTask, type ExampleStream, pipeline, registerTask, taskNamed, tasks } from '../index.js';
import { toyConfig, toyFolder, toyRows } from '../testing/toy.js';
import { predictExamples } from './predict.js';
import { TextClassification } from './text-classification/text-classification.js';

const folder = mkdtempSync(join(tmpdir(), 'multihead-tasks-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(tasks().map((task) => [task.name, task] as const))('%s', (_, task) => {
  test('says in its options what they are, and declares none twice', () => {
    const { reading, training, settings } = task.options;
    const groups = [reading, training, settings].map(({ shape }) => Object.keys(shape));
    expect(new Set(groups.flat()).size).toBe(groups.flat().length);
    for (const { shape } of [reading, training, settings, task.commands.inputs]) {
      for (const [name, option] of Object.entries(shape)) {
        expect((option as { description?: string }).description, name).toMatch(/^["a-z]/);
        expect((option as { safeParse(value: unknown): { success: boolean } }).safeParse(undefined).success).toBe(true);
      }
    }
  });

  test('is found by its name and by its other names', () => {
    for (const name of [task.name, ...(task.aliases ?? [])]) expect(taskNamed(name)).toBe(task);
    expect(() => registerTask(task)).toThrow(`there is a task "${task.name}" already`);
  });
});

test('an unknown task is refused with the likely one', () => {
  expect(() => taskNamed('text-clasification')).toThrow('Did you mean text-classification?');
});

/** A task of a program of its own: shouting is a label. */
const shouting = defineTask<{ text: string; loud: boolean }, boolean, null, ShoutingTask>({
  name: 'shouting',
  title: 'shouting',
  head: 'SequenceClassification',
  unit: 'cries',
  usualLength: 16,
  options: {
    reading: taskNamed('question-answering').options.training,
    training: taskNamed('question-answering').options.training,
    settings: taskNamed('question-answering').options.training,
  },
  commands: {
    inputs: taskNamed('question-answering').options.training,
    tryIt: '"..."',
    examples: [],
    fromArguments: (texts) => texts.map((text) => ({ text, loud: false })),
    line: ({ text }, loud) => ({ text, loud }),
    text: ({ text }, loud) => [`${loud ? 'loud' : 'quiet'}\t${text}`],
  },
  readTraining: async ({ train: source, eval: evaluation, onRead }) => {
    onRead();
    return { train: cries(source), evaluation: evaluation === undefined ? undefined : cries(evaluation), facts: null };
  },
  openLabelled: async (source) => opened(source),
  open: async (source) => opened(source),
  startingConfig: () => ({ id2label: ['quiet', 'loud'], numLabels: 2 }),
  create: ({ tokenizer, maxLength }) => new ShoutingTask(tokenizer, maxLength),
  outcomes: (_, predictions, examples) =>
    examples.map(({ text, loud }, i) => ({
      id: String(i),
      text,
      reference: String(loud),
      prediction: String(predictions[i]),
      scores: { accuracy: Number(predictions[i] === loud) },
      isMistake: predictions[i] !== loud,
      badness: 1,
    })),
  mistakes: () => ({ order: 'as they come' }),
  pipeline: ({ model, task }) =>
    Object.assign(async (text: string) => (await predictExamples(model, task, [{ text, loud: false }]))[0] as boolean, {
      dispose: () => model.dispose(),
    }),
});

interface Cry {
  readonly text: string;
  readonly loud: boolean;
}

const cries = (path: string): Cry[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Cry);

const opened = (source: string): ExampleStream<Cry> => ({
  length: cries(source).length,
  fingerprint: source,
  sizeOf: ({ text }) => text.length,
  async *examples() {
    yield cries(source);
  },
});

/** Does its work by a classifier of two labels. */
class ShoutingTask {
  readonly name = 'shouting';
  private readonly inner: TextClassification;

  constructor(tokenizer: ConstructorParameters<typeof TextClassification>[0]['tokenizer'], maxLength: number) {
    this.inner = new TextClassification({ tokenizer, maxLength, labels: ['quiet', 'loud'] });
  }

  encode(examples: readonly Cry[]) {
    return this.inner.encode(examples.map(({ text, loud }) => ({ text, label: loud ? 'loud' : 'quiet' })));
  }

  collate(features: Parameters<TextClassification['collate']>[0]) {
    return this.inner.collate(features);
  }

  loss(model: Parameters<TextClassification['loss']>[0]) {
    return this.inner.loss(model);
  }

  decode(outputs: Parameters<TextClassification['decode']>[0], row: number) {
    return this.inner.decode(outputs, row);
  }

  combine(_: Cry, [scores]: readonly (readonly number[])[]): boolean {
    return (scores?.[1] ?? 0) > 0.5;
  }

  metrics(predictions: readonly boolean[], examples: readonly Cry[]) {
    const right = examples.filter(({ loud }, i) => loud === predictions[i]).length;
    const accuracy = right / examples.length;
    return { metrics: { accuracy }, mainMetric: 'accuracy', report: `accuracy ${accuracy}` };
  }
}

test('a task from outside is trained, evaluated, used and reported as the others are', async () => {
  registerTask(shouting as never);
  const file = join(folder, 'cries.jsonl');
  const rows = toyRows(24).map(({ text, label }) => ({ text, loud: label === 'liked' }));
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const output = join(folder, 'run');
  const config = join(folder, 'toy.json');
  writeFileSync(config, JSON.stringify(toyConfig));
  const asked = {
    train: file,
    eval: file,
    fromScratch: true,
    config,
    tokenizer: toyFolder(),
    output,
    epochs: 1,
    seed: 1,
    json: true,
    loggingSteps: 10,
  };
  await train('shouting', asked as never);
  const report = JSON.parse(readFileSync(join(output, 'report.json'), 'utf8')) as Record<string, unknown>;
  expect(report).toMatchObject({ task: 'shouting', examples: 24, mistakeOrder: 'as they come' });
  await evaluate('shouting', { model: output, data: file, report: join(folder, 'report'), json: true });
  const predictions = join(folder, 'predictions.jsonl');
  const isLoud = (await pipeline('shouting' as 'ner', output)) as unknown as {
    (text: string): Promise<boolean>;
    dispose(): Promise<void>;
  };
  expect(typeof (await isLoud('the film is good'))).toBe('boolean');
  await isLoud.dispose();
  await predict('shouting', [], { model: output, data: file, output: predictions });
  const lines = readFileSync(predictions, 'utf8').trimEnd().split('\n');
  expect(lines).toHaveLength(24);
  expect(JSON.parse(lines[0] as string)).toMatchObject({ text: rows[0]?.text });
});
