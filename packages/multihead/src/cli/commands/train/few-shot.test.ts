/** @file Few-shot training and linear probes on the command line, from a folder of sentence vectors. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { AutoModel, AutoTokenizer, BertConfig, BertModel } from '../../../index.js';
import { sentenceFiles } from '../../../models/sentences/sentence-files.js';
import { multihead } from '../../../testing/multihead.js';
import { temporaryFolder } from '../../../testing/temporary-folder.js';
import { toyConfig, toyFolder } from '../../../testing/toy.js';

/** A folder of sentence-transformers with the toy vocabulary, and the toy files beside it. */
async function sentenceFolder(pooling: 'mean' | 'cls'): Promise<string> {
  const folder = temporaryFolder();
  const model = BertModel.fromConfig(BertConfig.fromJson(toyConfig, 'toy'), { seed: 2 });
  await model.savePretrained(folder);
  await model.dispose();
  const settings = {
    pooling,
    normalize: true,
    maxSeqLength: 16,
    comparison: 'cosine',
    doLowerCase: false,
    prompts: {},
    prompt: '',
  } as const;
  const files = { ...sentenceFiles(settings, 32), ...(await AutoTokenizer.fromPretrained(toy)).files() };
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), content as string);
  }
  return folder;
}

const toy = toyFolder();
const data = ['--train', join(toy, 'train.tsv'), '--eval', join(toy, 'eval.tsv')];
const configOf = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as Record<string, unknown>;
let means: string;
beforeAll(async () => {
  means = await sentenceFolder('mean');
});

const train = (...args: string[]) => {
  const output = join(temporaryFolder(), 'run');
  return { output, ...multihead('train', 'text-classification', ...data, '--output', output, ...args) };
};

describe('from a model of mean-pooled sentence vectors', () => {
  test('--few-shot trains a classifier of means by its own usual settings, and says so', async () => {
    const { status, stderr, output } = train('--model', means, '--few-shot');
    expect(status).toBe(0);
    expect(stderr).toContain(
      'usual for few-shot training: --learning-rate 2e-5 --epochs 1 --batch-size 32 --warmup-ratio 0.1 --no-length-bucketing',
    );
    expect(configOf(output).classifier_pooling).toBe('mean');
    const { status: found, stdout } = multihead(
      'predict',
      'text-classification',
      '--model',
      output,
      'the film is good',
      '--json',
    );
    expect(found).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ labels: [{ label: expect.stringMatching(/^(dis)?liked$/) }] });
  });

  test('--linear-probe --epochs 0 leaves the encoder as it was', async () => {
    const { status, output } = train('--model', means, '--linear-probe', '--epochs', '0');
    expect(status).toBe(0);
    const [before, after] = await Promise.all([means, output].map((folder) => AutoModel.fromPretrained(folder)));
    const valuesOf = async (model = after) => {
      const { data, places } = await (model as BertModel).weights.read();
      return Object.fromEntries(
        places.flatMap(({ name, offset, length }) =>
          name.startsWith('pooler.') ? [] : [[name, data.subarray(offset, offset + length)]],
        ),
      );
    };
    expect(await valuesOf(after)).toEqual(await valuesOf(before));
  });

  test('without flags, training begins with a probe, which is evaluated and kept if nothing is better', () => {
    const { status, stdout, stderr } = train('--model', means, '--epochs', '1', '--json');
    expect(status).toBe(0);
    expect(stderr).toContain(
      'usual for training from a linear probe: --batch-size 32 --warmup-ratio 0.1 --label-smoothing 0.1',
    );
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type?: string; epoch?: number; best?: boolean });
    const evaluations = events.filter(({ type }) => type === 'evaluation');
    expect(evaluations).toMatchObject([{ epoch: 0, best: true }, { epoch: 1 }]);
    const random = train('--model', means, '--no-linear-probe', '--epochs', '1', '--json');
    expect(random.status).toBe(0);
    expect(random.stderr).not.toContain('usual for');
    expect(random.stdout).not.toContain('"epoch":0,');
  });

  test('--classifier-pooling cls makes the classifier of Transformers', () => {
    const { status, output } = train(
      '--model',
      means,
      '--linear-probe',
      '--epochs',
      '0',
      '--classifier-pooling',
      'cls',
    );
    expect(status).toBe(0);
    expect(configOf(output)).not.toHaveProperty('classifier_pooling');
  });
});

test('the first trial of a search has the usual settings of few-shot training', () => {
  const space = join(temporaryFolder(), 'space.json');
  writeFileSync(space, '{"learning-rate": {"type": "float", "low": 1e-6, "high": 1e-2}, "batch-size": [16, 32]}');
  const output = join(temporaryFolder(), 'search');
  const { status, stdout } = multihead(
    ...['search', 'text-classification', '--model', means, '--few-shot', ...data, '--output', output],
    ...['--space', space, '--trials', '1', '--json'],
  );
  expect(status).toBe(0);
  const { best } = JSON.parse(stdout.trim().split('\n').at(-1) as string);
  expect(best).toMatchObject([{ number: 0, params: { 'learning-rate': 2e-5, 'batch-size': 32 } }]);
});

test('a model that takes the first token as its vector becomes a classifier of the first token', async () => {
  const { status, output } = train('--model', await sentenceFolder('cls'), '--linear-probe', '--epochs', '0');
  expect(status).toBe(0);
  expect(configOf(output)).not.toHaveProperty('classifier_pooling');
});

test.each([
  [['--few-shot', '--label-smoothing', '0.1'], '--few-shot and --label-smoothing exclude each other'],
  [['--pairs-per-text', '3'], '--pairs-per-text goes with --few-shot'],
  [['--few-shot', '--streaming'], 'without --streaming'],
  [['--no-linear-probe', '--epochs', '0'], '--epochs is 0'],
])('%j is refused', (flags, message) => {
  const { status, stderr } = train('--model', means, ...flags);
  expect(status).toBe(1);
  expect(stderr).toContain(message);
});
