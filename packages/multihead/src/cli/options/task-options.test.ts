import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { taskNamed } from '../../tasks/registry.js';
import { addTaskOptions, refuseOtherTasks, taskOptions } from './task-options.js';

const all = ['reading', 'training', 'settings'] as const;
const parsed = (...flags: string[]): object => {
  const command = addTaskOptions(new Command('train').exitOverride(), all).configureOutput({
    writeErr: () => undefined,
  });
  return command.parse(flags, { from: 'user' }).opts();
};

describe('flags that tasks declare', () => {
  test('come back under the names that the task has for them, with values of their types', () => {
    const given = parsed('--version-2-with-negative', '--stride', '64', '--language', 'zh', '--answers', 'gold');
    const task = taskNamed('question-answering');
    expect(taskOptions(task, all, given)).toEqual({ versionTwo: true, stride: 64, language: 'zh', answers: 'gold' });
    expect(taskOptions(task, ['reading'], given)).toEqual({ answers: 'gold' });
    expect(taskOptions(taskNamed('text-classification'), all, given)).toEqual({});
  });

  test('have the description of each task that shares a flag, once', () => {
    const command = addTaskOptions(new Command('train'), all);
    const help = (flag: string) => command.options.find(({ long }) => long === flag)?.description ?? '';
    const titles = ['text classification', 'sentence similarity', 'text ranking'];
    const named = titles.map((title) => help('--label').split(`${title}: column of the `).length - 1);
    expect(named, help('--label')).toEqual([1, 1, 1]);
    expect(help('--label')).toMatch(
      /^text classification: column of the label .*; sentence similarity: column of the score/,
    );
    expect(help('--label-separator')).toMatch(/^text classification: separator/);
  });

  test('are refused with values that they cannot have', () => {
    expect(() => parsed('--stride', 'many')).toThrow('"many" is not a number');
    expect(() => parsed('--language', 'fr')).toThrow('Allowed choices are en, zh');
    expect(() => parsed('--class-weights', 'a:1')).toThrow('It must be "balanced", or label=weight,label=weight.');
    expect(parsed('--class-weights', 'a=1,b=2.5')).toEqual({ classWeights: { a: 1, b: 2.5 } });
    expect(parsed('--class-weights', '{"a,b": 3}')).toEqual({ classWeights: { 'a,b': 3 } });
  });

  test('of another task are refused by name', () => {
    const given = parsed('--stride', '64');
    expect(() => refuseOtherTasks(taskNamed('question-answering'), all, given)).not.toThrow();
    expect(() => refuseOtherTasks(taskNamed('sentiment-analysis'), all, given)).toThrow(
      '--stride is an option of question answering, token classification, not of text classification',
    );
  });
});
