/** @file The command as a user meets it: the real program in a process of its own. */
import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { toyFolder } from '../testing/toy.js';

const bin = fileURLToPath(new URL('../../bin/multihead.js', import.meta.url));
const task = 'text-classification';

const multihead = (...args: string[]): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [bin, ...args], { encoding: 'utf8' });

let folder: string;
let trained: string;

const fromScratch = () => ['--from-scratch', '--config', join(folder, 'config.json'), '--tokenizer', folder];
const train = (output: string, ...more: string[]): string[] => [
  ...['train', task, ...fromScratch(), '--train', join(folder, 'train.tsv'), '--eval', join(folder, 'eval.tsv')],
  ...['--output', output, '--epochs', '6', '--learning-rate', '2e-3', ...more],
];

beforeAll(() => {
  folder = toyFolder();
  trained = join(folder, 'trained');
  const { status, stderr } = multihead(...train(trained, '--logging-steps', '5'));
  expect(stderr).toBe('');
  expect(status).toBe(0);
});

describe('the main path', () => {
  test('train prints JSON lines where the output is no terminal, and fills the folder', () => {
    const { stdout } = multihead(...train(join(folder, 'lines')));
    const events = stdout.trim().split('\n');
    const types = events.map((line) => (JSON.parse(line) as { type: string }).type);
    expect(types[0]).toBe('start');
    expect(types.filter((type) => type === 'evaluation')).toHaveLength(6);
    expect(types.at(-1)).toBe('saved');
    expect(readdirSync(trained).sort()).toEqual([
      'config.json',
      'eval_results.json',
      'model.safetensors',
      'special_tokens_map.json',
      'tokenizer.json',
      'tokenizer_config.json',
      'trainer_state.json',
    ]);
  });

  test('evaluate prints the report, or one JSON object', () => {
    const data = ['--data', join(folder, 'eval.tsv')];
    expect(multihead('evaluate', task, '--model', trained, ...data).stdout).toContain('weighted avg');
    const { stdout } = multihead('evaluate', task, '--model', trained, ...data, '--json');
    const saved = JSON.parse(readFileSync(join(trained, 'eval_results.json'), 'utf8')) as { accuracy: number };
    expect(JSON.parse(stdout)).toMatchObject({ accuracy: saved.accuracy });
  });

  test('predict and info', () => {
    const { stdout } = multihead('predict', task, '--model', trained, 'the film is great', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ text: 'the film is great', labels: [{ label: 'liked' }] });
    expect(JSON.parse(multihead('info', trained, '--json').stdout)).toMatchObject({
      architecture: 'BertForSequenceClassification',
      layers: 2,
      labels: ['disliked', 'liked'],
    });
  });

  test('help is there at once, without the engine', () => {
    const began = performance.now();
    const { stdout, status } = multihead('--help');
    expect(performance.now() - began).toBeLessThan(2000); // 0.14 s where nothing else runs (docs/results.md)
    expect(status).toBe(0);
    expect(stdout).toContain('train [options] <task>');
    const loaded = spawnSync(process.execPath, ['--cpu-prof', '--cpu-prof-dir', join(folder, 'prof'), bin, '--help']);
    expect(loaded.status).toBe(0);
    const [profile] = readdirSync(join(folder, 'prof'));
    expect(readFileSync(join(folder, 'prof', profile as string), 'utf8')).not.toMatch(/onnxruntime|tokenizers/);
  });
});

describe('killed and resumed', () => {
  test('a run killed with SIGKILL again and again ends with the bits of an unbroken one', async () => {
    const args = (output: string) => train(output, '--save-steps', '2', '--batch-size', '4');
    const [whole, broken] = [join(folder, 'whole'), join(folder, 'broken')];
    expect(multihead(...args(whole)).status).toBe(0);
    const delays = [900, 1300, 1100, 1600, 1000];
    let kills = 0;
    for (let ended = false; !ended; ) {
      const child = spawn(process.execPath, [bin, ...args(broken), ...(kills > 0 ? ['--resume'] : [])], {
        stdio: 'ignore',
      });
      const delay = delays[kills];
      const timer = delay === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), delay);
      const signal = await new Promise((resolve) => child.on('exit', (_, signal) => resolve(signal)));
      clearTimeout(timer);
      ended = signal === null;
      if (!ended) kills += 1;
    }
    expect(kills).toBeGreaterThan(1);
    const weights = (run: string) => readFileSync(join(run, 'model.safetensors'));
    expect(weights(broken).equals(weights(whole))).toBe(true);
    expect(readdirSync(broken).filter((name) => /partial|checkpoint/.test(name))).toEqual([]);
  });
});

describe('bad input', () => {
  const at = (name: string) => join(folder, name);
  const write = (name: string, content: string | Buffer): string => {
    writeFileSync(at(name), content);
    return at(name);
  };
  const damaged = (name: string, damage: (weights: string) => void): string => {
    cpSync(trained, at(name), { recursive: true });
    damage(join(at(name), 'model.safetensors'));
    return at(name);
  };
  const use = (model: string) => ['evaluate', task, '--model', model, '--data', at('eval.tsv')];
  const learn = (data: string, ...more: string[]) => [
    ...['train', task, ...fromScratch(), '--train', data, '--output', at('never')],
    ...more,
  ];

  test.each<[string, () => string[], RegExp]>([
    ['no such file', () => learn(at('nowhere.tsv')), /nowhere\.tsv: no such file or folder/],
    ['an empty file', () => learn(write('empty.tsv', '')), /empty\.tsv: the file is empty/],
    [
      'no label column',
      () => learn(write('n.tsv', 'text\tfoo\na b\tc\n')),
      /no label column found.*"text", "foo".*--label/,
    ],
    ['wrong JSON lines', () => learn(write('w.jsonl', '{"text": "a", "label": 1}\n{"text"\n')), /w\.jsonl:2/],
    [
      'wrong SQuAD JSON',
      () => [
        'train',
        'question-answering',
        ...fromScratch(),
        '--train',
        write('s.json', '{"data": ['),
        '--output',
        at('never'),
      ],
      /s\.json:1:11: not valid JSON/,
    ],
    [
      'wrong config.json',
      () => [
        'train',
        task,
        '--from-scratch',
        '--config',
        write('c.json', '{"hidden_size": "x"}'),
        '--tokenizer',
        folder,
        '--train',
        at('train.tsv'),
        '--output',
        at('never'),
      ],
      /c\.json: hidden_size is "x"; expected a whole number/,
    ],
    [
      'cut-off weights',
      () => use(damaged('cut', (w) => truncateSync(w, 20_000))),
      /model\.safetensors: is cut off: the header tells of \d+ bytes/,
    ],
    ['empty weights', () => use(damaged('none', (w) => truncateSync(w, 0))), /model\.safetensors: is empty/],
    [
      'a header that lies about offsets',
      () =>
        use(
          damaged('lie', (w) => {
            const text = readFileSync(w)
              .toString('latin1')
              .replace(/"data_offsets":\[0,/, '"data_offsets":[8,');
            writeFileSync(w, Buffer.from(text, 'latin1'));
          }),
        ),
      /model\.safetensors: .*(data_offsets|overlap|belong to no tensor)/,
    ],
    [
      'no head for the task',
      () => ['predict', 'question-answering', '--model', trained, '--question', 'a', '--context', 'b'],
      /no trained head for question-answering/,
    ],
    [
      'options that exclude each other',
      () => learn(at('train.tsv'), '--model', trained),
      /--model and --from-scratch exclude each other/,
    ],
    [
      'an impossible setting',
      () => learn(at('train.tsv'), '--epochs', '0'),
      /epochs is 0; it must be a whole number from 1/,
    ],
    ['no number', () => learn(at('train.tsv'), '--epochs', 'many'), /"many" is not a number/],
    ['an unknown option', () => learn(at('train.tsv'), '--epoch', '3'), /unknown option '--epoch'/],
    ['a folder that holds a model', () => train(trained), /already holds model\.safetensors.*--overwrite/],
  ])('%s: a clear error, a non-zero exit, nothing half written', (_, args, message) => {
    const { status, stderr } = multihead(...args());
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect(status).toBe(1);
    expect(existsSync(at('never'))).toBe(false);
  });

  test('--verbose shows where an error came from', () => {
    expect(multihead(...learn(at('nowhere.tsv')), '--verbose').stderr).toMatch(/^ {4}at /m);
  });

  test('what was in the output folder before is still there after a failed run', () => {
    mkdirSync(at('kept'));
    writeFileSync(at('kept/notes.txt'), 'mine');
    multihead('train', task, ...fromScratch(), '--train', at('nowhere.tsv'), '--output', at('kept'), '--overwrite');
    expect(readdirSync(at('kept'))).toEqual(['notes.txt']);
  });
});
