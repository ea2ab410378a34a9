/** @file What surrounds a run, as a user meets it: the real program in a process of its own. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { multihead } from '../../testing/multihead.js';
import { toyFolder } from '../../testing/toy.js';

const bin = fileURLToPath(new URL('../../../bin/multihead.js', import.meta.url));
const killer = fileURLToPath(new URL('../../testing/kill-at.js', import.meta.url));
const read = (...path: string[]) => readFileSync(join(...path), 'utf8');
const lines = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

let folder: string;
let output: string;

beforeAll(() => {
  folder = toyFolder();
});
beforeEach(() => {
  output = join(mkdtempSync(join(tmpdir(), 'multihead-runs-')), 'run');
});

/** The command for a run of four epochs. */
const train = (...more: string[]): string[] => [
  ...['train', 'text-classification', '--from-scratch', '--config', join(folder, 'config.json'), '--tokenizer', folder],
  ...['--train', join(folder, 'train.tsv'), '--eval', join(folder, 'eval.tsv')],
  ...['--epochs', '4', '--learning-rate', '2e-3', '--output', output, ...more],
];

test('--resume without a checkpoint says so, and starts from the beginning', () => {
  const told = `no checkpoint in ${output}: starts from the beginning\n`;
  expect(multihead(...train('--max-steps', '3', '--resume'))).toMatchObject({ status: 0, stderr: told });
  expect(multihead(...train('--max-steps', '3', '--resume'))).toMatchObject({ status: 0, stderr: '' });
});

describe('events.jsonl', () => {
  test('has every event with its time, and none twice after a resume', () => {
    expect(multihead(...train('--save-steps', '5')).stderr).toBe('');
    const whole = lines(read(output, 'events.jsonl'));
    const steps = whole.filter(({ type }) => type === 'step');
    expect(steps.map(({ step }) => step)).toEqual(steps.map((_, i) => i + 1));
    expect(whole.at(-1)).toMatchObject({ type: 'end' });
    expect(whole.every(({ time }) => !Number.isNaN(Date.parse(time as string)))).toBe(true);
    expect(steps[0]).not.toHaveProperty('batches');
  });

  test('of a run that was interrupted by Ctrl-C goes on where it was; the run ends with the same weights', async () => {
    const unbroken = join(output, '..', 'unbroken');
    expect(multihead(...train('--output', unbroken)).status).toBe(0);
    const child = spawn(process.execPath, [bin, ...train('--logging-steps', '1', '--json')], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let told = '';
    child.stderr.on('data', (text) => {
      told += text;
    });
    let seen = 0;
    for await (const text of child.stdout) {
      seen += String(text).split('"type":"step"').length - 1;
      if (seen >= 3 && seen < 1000) {
        child.kill('SIGINT');
        seen = 1000;
      }
    }
    if (child.signalCode === null) await new Promise((resolve) => child.once('exit', resolve));
    expect(child.signalCode).toBe('SIGINT'); // a shell gives 130 for it
    expect(told).toMatch(
      /interrupted after step \d+ of \d+; saved in .*\. Resume with:\n {2}npx multihead train .* --resume\n/,
    );
    expect(readdirSync(output).some((name) => name.startsWith('checkpoint-'))).toBe(true);
    expect(existsSync(join(output, 'run.lock'))).toBe(false);
    expect(multihead(...train('--resume')).status).toBe(0);
    expect(
      readFileSync(join(output, 'model.safetensors')).equals(readFileSync(join(unbroken, 'model.safetensors'))),
    ).toBe(true);
    const steps = lines(read(output, 'events.jsonl')).filter(({ type }) => type === 'step');
    const expected = lines(read(unbroken, 'events.jsonl')).filter(({ type }) => type === 'step');
    expect(steps.map(({ step, loss }) => [step, loss])).toEqual(expected.map(({ step, loss }) => [step, loss]));
  });
});

describe('a run that was killed', () => {
  test("behind a checkpoint and its step's evaluation tells neither twice, nor does TensorBoard", async () => {
    const args = train('--save-strategy', 'steps', '--save-steps', '12', '--report-to', 'tensorboard');
    const killed = spawnSync(process.execPath, ['--import', killer, bin, ...args, '--logging-steps', '1', '--json'], {
      env: { ...process.env, KILL_ROOT: output, KILL_AT: '^write checkpoint-24/' },
    });
    expect(killed.signal).toBe('SIGKILL');
    expect(readdirSync(output)).toContain('checkpoint-12');
    const curves = () => readdirSync(join(output, 'tensorboard'));
    const [first] = curves();
    expect(multihead(...args, '--resume').status).toBe(0);
    const events = lines(read(output, 'events.jsonl')).map(({ type, step }) => `${type} ${step}`);
    for (const type of ['step', 'evaluation', 'checkpoint']) {
      const ofType = events.filter((each) => each.startsWith(`${type} `));
      expect(ofType).toEqual([...new Set(ofType)]);
    }
    expect(events.filter((each) => each.startsWith('evaluation'))).toHaveLength(4);
    // Names of files that begin in the same second are in the order of process ids, which is not that of the runs.
    const second = curves().find((name) => name !== first) as string;
    // Event { step = 2: 13, session_log = 7 { status = 1: START } }
    expect(readFileSync(join(output, 'tensorboard', second)).includes(Buffer.from([0x10, 13, 0x3a, 2, 0x08, 1]))).toBe(
      true,
    );
  });
});

describe('an output folder', () => {
  test('takes one run at a time; a crashed one does not hold it', () => {
    mkdirSync(output);
    writeFileSync(join(output, 'run.lock'), JSON.stringify({ pid: process.ppid, host: hostname() }));
    const { status, stderr } = multihead(...train());
    expect(status).toBe(1);
    expect(stderr).toContain(`another run (process ${process.ppid}) is writing into it`);
    expect(readdirSync(output)).toEqual(['run.lock']);
    writeFileSync(join(output, 'run.lock'), JSON.stringify({ pid: 2 ** 22 + 1, host: hostname() }));
    expect(multihead(...train('--epochs', '1')).status).toBe(0);
    expect(existsSync(join(output, 'run.lock'))).toBe(false);
  });

  test('is not left behind by a run that could not begin', () => {
    const { status, stderr } = multihead(...train('--metric-for-best-model', 'beauty'));
    expect(status).toBe(1);
    expect(stderr).toContain('beauty');
    expect(existsSync(output)).toBe(false);
  });
});

describe('--config-file', () => {
  const config = (json: unknown): string => {
    const path = join(output, '..', 'run.json');
    writeFileSync(path, typeof json === 'string' ? json : JSON.stringify(json));
    return path;
  };

  test('gives flags by either name; flags on the command line win, before and behind it', () => {
    const given = {
      train: join(folder, 'train.tsv'),
      eval: join(folder, 'eval.tsv'),
      output,
      epochs: 4,
      'learning-rate': 1e-3,
      fromScratch: true,
      config: join(folder, 'config.json'),
      tokenizer: folder,
      batchSize: 4,
      lengthBucketing: false,
      lrSchedulerType: 'cosine_with_restarts',
      'lr-scheduler-kwargs': { num_cycles: 2 },
      seed: 7,
    };
    const args = ['train', 'text-classification', '--epochs', '1', '--config-file', config(given), '--seed', '9'];
    expect(multihead(...args).stderr).toBe('');
    const { settings } = JSON.parse(read(output, 'trainer_state.json')) as { settings: object };
    expect(settings).toMatchObject({
      epochs: 1,
      learningRate: 1e-3,
      batchSize: 4,
      lengthBucketing: false,
      seed: 9,
      lrSchedulerType: 'cosine_with_restarts',
      lrSchedulerKwargs: { numCycles: 2 },
    });
  });

  test.each<[unknown, string]>([
    [{ epoch: 3 }, 'there is no flag "epoch"; there are: '],
    [{ epochs: 'three' }, '"epochs": "three" is not a number.'],
    [{ resume: 'yes' }, '"resume" is "yes"; true or false was expected'],
    [{ epochs: true }, '"epochs" is true; the flag takes a value'],
    [{ lrSchedulerType: 'steep' }, '"lrSchedulerType" is "steep": Allowed choices are linear'],
    [{ train: null }, '"train" is null; text or a number was expected'],
    [{ train: { file: 'a.csv' } }, '"train" is {"file":"a.csv"}; text or a number was expected'],
    [[1], 'a JSON object with flags was expected'],
    ['{"epochs": ', 'run.json:1:12: not valid JSON'],
  ])('%j is refused by name', (json, message) => {
    const { status, stderr } = multihead('train', 'text-classification', '--config-file', config(json));
    expect(status).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
  });
});

describe('several seeds', () => {
  test('make a folder each, and a summary with mean and deviation', () => {
    const { stdout, stderr } = multihead(...train('--seeds', '1,2', '--epochs', '2', '--json'));
    expect(stderr).toBe('');
    const summary = JSON.parse(read(output, 'summary.json')) as {
      seeds: { seed: number; metrics: { accuracy: number } }[];
      metrics: { accuracy: { mean: number; deviation: number } };
    };
    expect(summary.seeds.map(({ seed }) => seed)).toEqual([1, 2]);
    const [a = 0, b = 0] = summary.seeds.map(({ metrics }) => metrics.accuracy);
    expect(summary.metrics.accuracy.mean).toBeCloseTo((a + b) / 2, 12);
    expect(summary.metrics.accuracy.deviation).toBeCloseTo(Math.abs(a - b) / Math.SQRT2, 12);
    expect(lines(stdout).at(-1)).toMatchObject({ type: 'seeds', seeds: [1, 2] });
    expect(existsSync(join(output, 'seed-2', 'model.safetensors'))).toBe(true);
    expect(multihead(...train('--seeds', '1,1')).stderr).toContain('Different whole numbers');
    const late = multihead(...train('--seeds', '3,2'));
    expect(late.stderr).toContain('seed-2: already holds model.safetensors');
    expect(existsSync(join(output, 'seed-3'))).toBe(false);
  });
});

describe('--dry-run', () => {
  test('counts and estimates, and writes nothing', () => {
    const { stdout, stderr, status } = multihead(...train('--dry-run', '--json'));
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    const report = lines(stdout).at(-1) as Record<string, number>;
    expect(report).toMatchObject({ type: 'dry-run', epochs: 4 });
    expect(report.features).toBe(report.examples);
    expect(report.steps).toBe(4 * Math.ceil((report.features as number) / 8));
    for (const name of ['parameters', 'tokens', 'tokensPerSecond', 'peakMemoryMb'])
      expect(report[name]).toBeGreaterThan(0);
    expect(existsSync(output)).toBe(false);
  });

  test('needs no --output, and knows the metrics of evaluations', () => {
    const withoutOutput = (...flags: string[]) => {
      const args = train('--dry-run', ...flags);
      return multihead(...args.toSpliced(args.indexOf('--output'), 2));
    };
    expect(withoutOutput()).toMatchObject({ status: 0, stdout: expect.stringMatching(/Nothing was written\.\n$/) });
    expect(withoutOutput('--metric-for-best-model', 'acuracy')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('--metric-for-best-model is acuracy; the evaluation has: acc'),
    });
  });

  test('is made once for several seeds, and of runs that go by their evaluations', () => {
    const more = ['--seeds', '1,2', '--early-stopping-patience', '2', '--lr-scheduler-type', 'reduce_lr_on_plateau'];
    const { stdout, status } = multihead(
      ...train('--dry-run', '--json', ...more, '--metric-for-best-model', 'macro_f1'),
    );
    expect(status).toBe(0);
    expect(lines(stdout).filter(({ type }) => type === 'dry-run')).toHaveLength(1);
  });
});

describe('--logging-strategy', () => {
  test.each<[string, number[]]>([
    ['no', []],
    ['epoch', [12, 24, 36, 48]],
    ['steps', [10, 20, 30, 40, 48]],
  ])('%s', (strategy, expected) => {
    const { stdout } = multihead(...train('--logging-strategy', strategy, '--json'));
    expect(lines(stdout).flatMap(({ type, step }) => (type === 'step' ? [step] : []))).toEqual(expected);
  });
});

describe('--class-weights', () => {
  test('balanced or by label; labels that are none are refused', () => {
    expect(multihead(...train('--class-weights', 'balanced', '--epochs', '1')).stderr).toBe('');
    const refused = multihead(...train('--class-weights', 'nobody=2', '--overwrite'));
    expect(refused.stderr).toContain('class weights: "nobody" is no label; there are: ');
    expect(multihead(...train('--class-weights', 'much')).stderr).toContain('label=weight');
    expect(multihead(...train('--class-weights', '{"liked":')).stderr).toContain('It is not valid JSON');
  });
});

describe('TensorBoard', () => {
  test('files have records with right checksums: the version, then the curves', () => {
    expect(multihead(...train('--report-to', 'tensorboard', '--epochs', '1')).stderr).toBe('');
    const [name = ''] = readdirSync(join(output, 'tensorboard'));
    expect(name).toMatch(/^events\.out\.tfevents\.\d+\./);
    const bytes = readFileSync(join(output, 'tensorboard', name));
    const messages: Buffer[] = [];
    for (let offset = 0; offset < bytes.length; ) {
      const length = Number(bytes.readBigUInt64LE(offset));
      messages.push(bytes.subarray(offset + 12, offset + 12 + length));
      offset += 16 + length;
    }
    expect(messages[0]?.toString('latin1')).toContain('brain.Event:2');
    const tags = new Set(messages.slice(1).map((m) => /(?:train|eval)\/[a-z_0-9]+/.exec(m.toString('latin1'))?.[0]));
    for (const tag of ['train/loss', 'train/learning_rate', 'train/grad_norm', 'eval/accuracy'])
      expect(tags).toContain(tag);
  });
});
