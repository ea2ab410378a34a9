/** @file Questions without an answer, as a user meets them: train, evaluate and predict with the real program. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { multihead } from '../../../testing/multihead.js';
import { toyFolder } from '../../../testing/toy.js';

const json = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Record<string, never>;

let folder: string;
let [data, output] = ['', ''];

beforeAll(() => {
  folder = toyFolder();
  [data, output] = [join(folder, 'squad.json'), join(folder, 'run')];
  // "film" is answered by what the film is; of the book nothing is said where the question is about it.
  const qas = Array.from({ length: 24 }, (_, i) => {
    const word = ['good', 'bad', 'great', 'poor'][i % 4] as string;
    const isImpossible = i % 3 === 0;
    const context = `the film is very ${word}`;
    const answers = isImpossible ? [] : [{ text: word, answer_start: context.indexOf(word) }];
    const question = isImpossible ? 'the book is' : 'the film is';
    return { context, qas: [{ id: `q${i}`, question, answers, is_impossible: isImpossible }] };
  });
  writeFileSync(data, JSON.stringify({ version: 'v2.0', data: [{ title: 'toys', paragraphs: qas }] }));
});

describe('SQuAD v2', () => {
  test('is trained, reported and evaluated as such; the files are those of run_qa', () => {
    const { status, stderr, stdout } = multihead(
      ...[
        'train',
        'question-answering',
        '--from-scratch',
        '--config',
        join(folder, 'config.json'),
        '--tokenizer',
        folder,
      ],
      ...['--train', data, '--eval', data, '--output', output, '--epochs', '30', '--learning-rate', '3e-3', '--json'],
    );
    expect(status).toBe(0);
    expect(stderr).toBe(
      'some questions have no answer: trained and evaluated as SQuAD v2 (--version-2-with-negative)\n',
    );
    expect(stdout).toContain('"HasAns_f1"');
    const results = json(join(output, 'eval_results.json'));
    expect(results).toMatchObject({ HasAns_total: 16, NoAns_total: 8, main_metric: 'f1' });
    expect(results.best_f1).toBeGreaterThan(90);
    const [odds, answers, nBest] = ['null_odds', 'predictions', 'nbest_predictions'].map((name) =>
      json(join(output, `eval_${name}.json`)),
    );
    for (const found of [odds, answers, nBest]) expect(Object.keys(found ?? {})).toHaveLength(24);
  });

  test('the threshold that evaluation found is used to predict, unless another is given', () => {
    const ask = (question: string, ...more: string[]) => {
      const texts = ['--question', question, '--context', 'the film is very bad'];
      return multihead('predict', 'question-answering', '--model', output, ...texts, '--json', ...more);
    };
    expect(JSON.parse(ask('the film is').stdout)).toMatchObject({ answer: 'bad', start: 17 });
    expect(JSON.parse(ask('the book is').stdout)).toMatchObject({ answer: '' });
    expect(JSON.parse(ask('the book is', '--null-score-diff-threshold', '100').stdout).answer).not.toBe('');
    const args = ['predict', 'question-answering', '--model', output, '--question', 'the book is'];
    expect(multihead(...args, '--context', 'the film is very bad').stdout).toContain('(no answer)');
  });

  test('an evaluation writes its report, with the rule of another language if that is asked for', () => {
    const report = join(folder, 'report');
    const args = ['evaluate', 'question-answering', '--model', output, '--data', data];
    expect(multihead(...args, '--report', report, '--json').status).toBe(0);
    expect(existsSync(join(report, 'eval_null_odds.json'))).toBe(true);
    expect(readFileSync(join(report, 'report.html'), 'utf8')).toContain('F1 of single examples');
    expect(multihead(...args, '--language', 'fr').stderr).toContain('Allowed choices are en, zh');
  });
});
