/** @file `multihead search` as a user meets it: the real program, whose trials are processes of their own. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { openStorage } from '../../../search/storage/open-storage.js';
import { multihead } from '../../../testing/multihead.js';
import { toyFolder } from '../../../testing/toy.js';

let folder: string;
const at = (name: string) => join(folder, name);

const space = {
  'learning-rate': { type: 'float', low: 1e-3, high: 1e-2, log: true },
  batch_size: [16, 24],
  'lr-scheduler-type': ['linear', 'constant_with_warmup'],
  warmup_ratio: { type: 'float', low: 0.1, high: 0.5, when: { 'lr-scheduler-type': 'constant_with_warmup' } },
};

beforeAll(() => {
  folder = toyFolder();
  writeFileSync(at('space.json'), JSON.stringify(space));
});

const search = (output: string, ...flags: string[]) =>
  multihead(
    ...['search', 'text-classification', '--from-scratch', '--config', at('config.json'), '--tokenizer', folder],
    ...['--train', at('train.tsv'), '--eval', at('eval.tsv'), '--output', at(output), '--max-steps', '6', ...flags],
  );

describe('a search', () => {
  test('trains, keeps the best model, tells how to train it again, and is resumed', async () => {
    const first = search('found', '--space', at('space.json'), '--trials', '2', '--seed', '3');
    expect(first).toMatchObject({ status: 0, stderr: '' });
    expect(first.stdout).toMatch(
      /^trial 0 {2}accuracy 0\.\d+ {2}best so far {2}learning-rate 0\.\d+ {2}batch_size \d\d {2}lr-/,
    );
    expect(search('found', '--space', at('space.json')).stderr).toContain('holds a search already');
    const more = search('found', '--space', at('space.json'), '--trials', '4', '--seed', '3', '--resume');
    expect(more.status).toBe(0);
    expect(more.stdout).not.toContain('trial 1 ');
    expect(more.stdout).toContain('4 trials: 4 complete');

    const stored = await openStorage(at('found/search.journal')).open('text-classification', ['maximize']);
    const trials = await stored.trials();
    expect(trials).toHaveLength(4);
    const best = trials.toSorted((a, b) => (b.values?.[0] as number) - (a.values?.[0] as number))[0];
    const kept = `trial-${best?.number}`;
    expect(readdirSync(at('found')).sort()).toEqual(expect.arrayContaining(['search.journal', kept]));
    expect(readdirSync(at('found')).filter((name) => name.startsWith('trial-'))).toEqual([kept]);
    expect(readFileSync(at('found/report.html'), 'utf8')).toContain('Parallel coordinates');

    // A storage of one's own has the same safeguards; the trained model is not in this output folder.
    const elsewhere = ['--space', at('space.json'), '--storage', at('found/search.journal')];
    const joined = search('elsewhere', ...elsewhere);
    expect(joined.stderr).toContain('search.journal: the study text-classification has trials already.');
    expect(existsSync(at('elsewhere'))).toBe(false);
    expect(search('elsewhere', ...elsewhere, '--overwrite').stderr).toContain('--overwrite does not go with --storage');
    const resumed = search('elsewhere', ...elsewhere, '--trials', '4', '--resume');
    expect(resumed.stdout).toContain('best: trial');
    expect(resumed.stdout).not.toContain('model:');

    // The command that it tells gives the same model.
    const [told = ''] = /npx multihead train .*/.exec(more.stdout) ?? [];
    expect(told).toContain(`--output ${at('found/best')} --max-steps 6`);
    expect(told).not.toContain('--space');
    expect(multihead(...told.split(' ').slice(2)).status).toBe(0);
    const weights = (of: string) => readFileSync(at(`found/${of}/model.safetensors`));
    expect(weights('best').equals(weights(kept))).toBe(true);
  });

  test('begins with the defaults, and tells of its trials as JSON', () => {
    const { stdout, status } = search(
      'json',
      '--space',
      at('space.json'),
      '--trials',
      '1',
      '--json',
      '--batch-size',
      '24',
    );
    expect(status).toBe(0);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ type, state }) => [type, state])).toEqual([
      ['trial', 'running'],
      ['trial', 'complete'],
      ['search', undefined],
    ]);
    // 3e-4, the usual rate of a small model, is not in the space; the batch size is the one that was given.
    expect(lines[1].params).toMatchObject({ batch_size: 24, 'learning-rate': expect.any(Number) });
    expect(lines[1].metrics).toMatchObject({ accuracy: expect.any(Number), seconds: expect.any(Number) });
    expect(lines[2].best[0].command).toContain('multihead train text-classification');
  });
});

test('several objectives, seeds and processes: the front is what is left', () => {
  const { status, stdout } = search(
    ...['several', '--space', at('space.json'), '--trials', '4', '--jobs', '2', '--seeds', '1,2', '--json'],
    ...['--objective', 'accuracy', '--objective', 'seconds'],
  );
  expect(status).toBe(0);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const ended = lines.filter(({ state }) => state === 'complete');
  expect(ended.map(({ number }) => number).sort()).toEqual([0, 1, 2, 3]);
  for (const { values, metrics } of ended) expect(values).toEqual([metrics.accuracy, metrics.seconds]);
  const { best } = lines.at(-1);
  expect(readdirSync(at('several')).filter((name) => name.startsWith('trial-'))).toEqual(
    best.map(({ number }: { readonly number: number }) => `trial-${number}`).sort(),
  );
  expect(readdirSync(at(`several/trial-${best[0].number}`))).toEqual(expect.arrayContaining(['seed-1', 'seed-2']));
  expect(readFileSync(at('several/report.html'), 'utf8')).toContain('Objectives');
});

describe('a metric that there is not', () => {
  test.each([
    ['--objective', '--objective is acuracy; the evaluation has: acc'],
    ['--metric-for-best-model', '--metric-for-best-model is acuracy; the evaluation has: acc'],
  ])('%s is refused before anything is trained', (flag, message) => {
    const output = `misspelt${flag}`;
    const { status, stderr } = search(output, '--space', at('space.json'), flag, 'acuracy', '--trials', '3');
    expect(status).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).toContain('. Did you mean accuracy?');
    expect(existsSync(at(output))).toBe(false);
  });

  test('ends a resumed search at its first trial', async () => {
    const run = (...flags: string[]) => search('later', '--space', at('space.json'), ...flags);
    expect(run('--trials', '1').status).toBe(0);
    const { status, stderr } = run('--resume', '--objective', 'acuracy', '--trials', '4');
    expect(status).toBe(1);
    expect(stderr).toMatch(/there is no metric acuracy; the evaluation has: acc.* Did you mean accuracy\?/);
    const stored = await openStorage(at('later/search.journal')).open('text-classification', ['maximize']);
    expect(await stored.trials()).toHaveLength(2);
  });
});

describe('what cannot be searched is refused before anything is trained', () => {
  const refused = (entries: object, ...flags: string[]) => {
    writeFileSync(at('wrong.json'), JSON.stringify(entries));
    const result = search('refused', '--space', at('wrong.json'), ...flags);
    expect(result.status).toBe(1);
    expect(existsSync(at('refused'))).toBe(false);
    return result.stderr;
  };

  test.each([
    [
      { 'learning-rate': { type: 'float', low: 0, high: 1 } },
      'wrong.json: learning-rate: "low" is 0: It must be a number above 0 and below 10',
    ],
    [
      { 'learning-rate': { type: 'float', low: 1, high: 0.1 } },
      'wrong.json: learning-rate: low (1) is above high (0.1)',
    ],
    [{ optim: ['adamw', 'adam'] }, 'wrong.json: optim: "choice" is "adam": '],
    [
      { 'lerning-rate': [1] },
      'wrong.json: there is no option "lerning-rate" of multihead train. Did you mean learning-rate?',
    ],
    [{ seed: [1, 2] }, 'wrong.json: seed has one value in a search; give --seed on the command line'],
    [{ trials: [1, 2] }, 'wrong.json: trials has one value in a search'],
    [{}, 'there is nothing to search'],
  ])('%j', (entries, message) => {
    expect(refused(entries)).toContain(message);
  });

  test('options that a search cannot have', () => {
    const right = { 'learning-rate': [1e-3, 1e-2] };
    expect(refused(right, '--dry-run')).toContain('--dry-run is for multihead train');
    expect(refused(right, '--objective', 'f1', '--objective', 'seconds', '--pruner', 'asha')).toContain(
      'pruner asha: ',
    );
    expect(refused(right, '--objective', 'seconds', '--pruner', 'asha')).toContain(
      '--pruner asha compares evaluations, and the seconds of --objective are known at the end of a run',
    );
    expect(refused(right, '--trials', '0')).toContain('--trials is 0');
    expect(refused(right, '--stride', '3')).toContain('--stride is an option of');
    const without = multihead(
      ...['search', 'text-classification', '--model', folder, '--train', at('train.tsv'), '--output', at('refused')],
    );
    expect(without.stderr).toContain('a search compares trials by evaluations: give --eval FILE, or --eval-split');
  });
});

test('data that no trial can use end the search at its dry run', () => {
  writeFileSync(at('bad.tsv'), 'text\tlabel\n');
  const { status, stderr } = search('bad', '--space', at('space.json'), '--eval', at('bad.tsv'));
  expect(status).toBe(1);
  expect(stderr).toContain('bad.tsv');
});
