/** @file The command as a user meets it: the main path and how processes end with the real program, errors without a process each. */
import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { multihead } from '../testing/multihead.js';
import { toyFolder } from '../testing/toy.js';

const bin = fileURLToPath(new URL('../../bin/multihead.js', import.meta.url));
const task = 'text-classification';

const program = (...args: string[]): SpawnSyncReturns<string> =>
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
  test('train --json prints JSON lines, and fills the folder', () => {
    const { stdout } = program(...train(join(folder, 'lines'), '--json'));
    const events = stdout.trim().split('\n');
    const types = events.map((line) => (JSON.parse(line) as { type: string }).type);
    expect(types[0]).toBe('start');
    expect(types.filter((type) => type === 'evaluation')).toHaveLength(6);
    expect(types.at(-1)).toBe('saved');
    expect(readdirSync(trained).sort()).toEqual([
      'config.json',
      'eval_results.json',
      'events.jsonl',
      'model.safetensors',
      'predictions.jsonl',
      'report.html',
      'report.json',
      'special_tokens_map.json',
      'tokenizer.json',
      'tokenizer_config.json',
      'trainer_state.json',
      'vocab.txt',
    ]);
  });

  test('evaluate prints the report, or one JSON object', () => {
    const data = ['--data', join(folder, 'eval.tsv')];
    expect(program('evaluate', task, '--model', trained, ...data).stdout).toContain('weighted avg');
    const { stdout } = program('evaluate', task, '--model', trained, ...data, '--json');
    const saved = JSON.parse(readFileSync(join(trained, 'eval_results.json'), 'utf8')) as { accuracy: number };
    expect(JSON.parse(stdout)).toMatchObject({ accuracy: saved.accuracy });
  });

  test('predict and info', () => {
    const { stdout } = program('predict', task, '--model', trained, 'the film is great', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ text: 'the film is great', labels: [{ label: 'liked' }] });
    expect(JSON.parse(program('info', trained, '--json').stdout)).toMatchObject({
      architecture: 'BertForSequenceClassification',
      layers: 2,
      labels: ['disliked', 'liked'],
    });
  });

  test('info shows scores with four digits, and with all of them by --json', () => {
    const results = join(trained, 'eval_results.json');
    const saved = readFileSync(results, 'utf8');
    writeFileSync(results, JSON.stringify({ loss: 0.12345678901, examples: 123456 }));
    expect(program('info', trained).stdout).toContain('{"loss":0.1235,"examples":123456}');
    expect(program('info', trained, '--json').stdout).toContain('"loss": 0.12345678901');
    writeFileSync(results, saved);
  });

  test('help is there at once, without the engine', () => {
    const atExit = `process.on('exit', () => { const { user, system } = process.cpuUsage(); console.error((user + system) / 1e6); })`;
    const told = ['--import', `data:text/javascript,${encodeURIComponent(atExit)}`, bin, '--help'];
    const { stdout, stderr, status } = spawnSync(process.execPath, told, { encoding: 'utf8' });
    // Seconds of CPU time, which a busy machine hardly changes: 0.14 for help, 0.35 for a command that loads the engine.
    expect(stderr).toMatch(/^\d+\.\d+\n$/);
    expect(Number(stderr)).toBeLessThan(1);
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
    const args = (output: string, ...more: string[]) =>
      train(output, '--save-steps', '2', '--batch-size', '4', '--logging-steps', '1', '--json', ...more);
    const [whole, broken] = [join(folder, 'whole'), join(folder, 'broken')];
    expect(multihead(...args(whole)).status).toBe(0);
    // After how many steps each process is killed, and how many milliseconds later: in a step, in a checkpoint, ...
    const kills = [
      [1, 0],
      [5, 3],
      [24, 12], // the first epoch's end: evaluation, model, checkpoint
      [3, 1],
      [30, 7],
      [0, 40],
    ] as const;
    const resumedAt: number[] = [];
    for (const [i, [steps, milliseconds]] of kills.entries()) {
      const child = spawn(process.execPath, [bin, ...args(broken, ...(i > 0 ? ['--resume'] : []))]);
      let told = '';
      let isDue = false;
      child.stdout.on('data', (text: Buffer) => {
        told += text;
        if (isDue || !told.includes('"type":"start"') || told.split('"type":"step"').length <= steps) return;
        isDue = true;
        setTimeout(() => child.kill('SIGKILL'), milliseconds);
      });
      expect(await new Promise((resolve) => child.on('exit', (_, signal) => resolve(signal)))).toBe('SIGKILL');
      resumedAt.push(Number(/"resumedAt":(\d+)/.exec(told)?.[1]));
    }
    const { status, stdout } = multihead(...args(broken, '--resume'));
    expect(status).toBe(0);
    resumedAt.push(Number(/"resumedAt":(\d+)/.exec(stdout)?.[1]));
    expect([...resumedAt].sort((x, y) => x - y)).toEqual(resumedAt);
    expect(resumedAt.at(-1)).toBeGreaterThan(24);
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
      () => learn(at('train.tsv'), '--epochs', '-1'),
      /option '--epochs <count>' argument '-1' is invalid. It must be a whole number from 0\./,
    ],
    [
      'settings that do not go together, named by their flags',
      () => learn(at('train.tsv'), '--save-strategy', 'steps'),
      /error: --save-strategy is steps; --save-steps must say how many/,
    ],
    [
      'a setting of an optimizer',
      () => learn(at('train.tsv'), '--optim', 'sgd', '--optim-args', 'momentum=2'),
      /error: --optim-args: momentum is 2; it must be a number from 0 to below 1/,
    ],
    ['no number', () => learn(at('train.tsv'), '--epochs', 'many'), /"many" is not a number/],
    ['an unknown option', () => learn(at('train.tsv'), '--epoch', '3'), /unknown option '--epoch'/],
    [
      'a tokenizer that is none',
      () => {
        const model = damaged('t', () => undefined);
        writeFileSync(join(model, 'tokenizer.json'), '{"model": [}');
        return use(model);
      },
      /tokenizer\.json:1:12: not valid JSON/,
    ],
    [
      'a tokenizer of another model',
      () => learn(at('train.tsv'), '--config', write('small.json', '{"vocab_size": 8, "hidden_size": 12}')),
      /token number 1\d, but the model's vocabulary has 8 tokens/,
    ],
    [
      'a longer text than the model reads',
      () => learn(at('train.tsv'), '--max-length', '64'),
      /--max-length is 64, but the model reads no more than 32 tokens/,
    ],
    [
      'a batch of nothing',
      () => [...use(trained), '--batch-size', '0'],
      /--batch-size is 0; it must be a whole number/,
    ],
    [
      'a label that the model does not have',
      () => ['evaluate', task, '--model', trained, '--data', write('l.tsv', 'text\tlabel\ngood\tmixed\nbad\tliked\n')],
      /line 2: the label "mixed" is not among the model's: disliked, liked/,
    ],
    ['going on and starting anew', () => learn(at('train.tsv'), '--resume', '--overwrite'), /exclude each other/],
    [
      'a model folder of which no run is known',
      () => {
        const folder = damaged('r', () => undefined);
        rmSync(join(folder, 'trainer_state.json'));
        return train(folder, '--resume');
      },
      /holds a model, but no run that could be resumed/,
    ],
    ['a file for a folder', () => train(at('train.tsv')), /train\.tsv: is a file; a folder was expected/],
    ['an unknown task', () => ['train', 'translation', '--train', 'x', '--output', at('never')], /Allowed choices are/],
    ['nothing said', () => ['train', task], /required option '--train <file>' not specified/],
    ['a folder that holds a model', () => train(trained), /already holds model\.safetensors.*--overwrite/],
  ])('%s: a clear error, a non-zero exit, nothing half written', (_, args, message) => {
    const { status, stderr } = multihead(...args());
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect(status).toBe(1);
    expect(existsSync(at('never'))).toBe(false);
  });

  test('a reader that has had enough is no error: the run is saved, and ends as SIGPIPE ends programs', async () => {
    const child = spawn(process.execPath, [bin, ...train(at('unread'), '--logging-steps', '1')]);
    let complaint = '';
    child.stderr.on('data', (text: Buffer) => {
      complaint += text;
    });
    child.stdout.once('data', () => child.stdout.destroy());
    const signal = await new Promise((resolve) => child.on('exit', (_, by) => resolve(by)));
    expect(signal).toBe('SIGPIPE');
    expect(complaint).toMatch(
      /interrupted after step \d+ of 72; saved in .*\. Resume with:\n {2}npx multihead train .* --resume\n$/,
    );
  });

  test('--verbose shows where an error came from', () => {
    expect(multihead(...learn(at('nowhere.tsv')), '--verbose').stderr).toMatch(/^ {4}at /m);
  });

  test('what was in the output folder before is still there after a failed run', () => {
    const at = (name: string) => join(folder, name);
    cpSync(trained, at('kept'), { recursive: true });
    writeFileSync(at('kept/notes.txt'), 'mine');
    const contents = () =>
      readdirSync(at('kept')).map((name) => [name, readFileSync(join(at('kept'), name), 'latin1')]);
    const before = contents();
    const output = ['--output', at('kept'), '--overwrite'];
    const failures = [
      ['train', task, ...fromScratch(), '--train', at('nowhere.tsv'), ...output],
      ['train', task, '--model', at('nowhere'), '--train', at('train.tsv'), ...output],
      ['train', task, '--model', at('kept'), '--train', at('train.tsv'), '--epochs', '0', ...output],
    ];
    for (const args of failures) {
      expect(multihead(...args).status).toBe(1);
      expect(contents()).toEqual(before);
    }
  });
});

describe('a folder that holds a model', () => {
  test('can be trained on in place with --overwrite', () => {
    const place = join(folder, 'in-place');
    cpSync(trained, place, { recursive: true });
    const { status, stderr } = multihead(
      ...['train', task, '--model', place, '--train', join(folder, 'train.tsv'), '--output', place, '--overwrite'],
      ...['--epochs', '1', '--learning-rate', '1e-4'],
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(readdirSync(place)).not.toContain('eval_results.json'); // it was of the model before
    expect(multihead('predict', task, '--model', place, 'the film is great').stdout).toContain('liked');
  });

  test('resumed after its run has ended, stays as it is', () => {
    const weights = () => readFileSync(join(trained, 'model.safetensors'));
    const before = weights();
    const { status, stdout } = multihead(...train(trained, '--resume', '--json'));
    expect(status).toBe(0);
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events.map(({ type }) => type)).toEqual(['start', 'end', 'saved']);
    expect(events[0]?.resumedAt).toBe(events[0]?.totalSteps);
    expect(weights().equals(before)).toBe(true);
  });
});

describe('in a terminal', () => {
  // A pipe that says it is a terminal.
  const terminal = `data:text/javascript,${encodeURIComponent('process.stdout.isTTY = true')}`;
  const inTerminal = (...args: string[]) =>
    spawnSync(process.execPath, ['--import', terminal, bin, ...args], { encoding: 'utf8' });

  test('a run tells people what it does, and what to do next', () => {
    const output = join(folder, 'told');
    const { stdout, status } = inTerminal(...train(output, '--epochs', '2'));
    expect(status).toBe(0);
    expect(stdout).toMatch(/96 features, \d\d,\d{3} trainable parameters, /);
    expect(stdout.match(/weighted avg/g)).toHaveLength(1);
    expect(stdout).toContain(`report: ${join(output, 'report.html')}\nsaved in ${output}. Try it:\n`);
    expect(stdout).toContain(`npx multihead predict ${task} --model ${output} "..."`);
    expect(inTerminal(...train(output, '--epochs', '2', '--resume')).stdout).toContain('this run had ended before');
  });
});
