/** @file The registry of tasks. A new task is one folder and one row here. */
import { UserError } from '../platform/errors.js';
import { likelyName } from '../platform/option-names.js';
import type { TaskDefinition } from './define-task.js';
import { questionAnswering } from './question-answering/definition.js';
import { sentenceSimilarity } from './sentence-similarity/definition.js';
import { textClassification } from './text-classification/definition.js';
import { textRanking } from './text-ranking/definition.js';
import { tokenClassification } from './token-classification/definition.js';

const registered = new Map<string, TaskDefinition>();

/**
 * Registers a task for training, evaluation, prediction, reports and the command line.
 *
 * @throws UserError if a task with this name exists
 * @example
 * registerTask({ ...taskNamed('text-classification'), name: 'intents', aliases: [], title: 'intents' });
 */
export function registerTask(task: TaskDefinition): void {
  for (const name of [task.name, ...(task.aliases ?? [])]) {
    if (taskNames({ aliases: true }).includes(name))
      throw new UserError(`registerTask: there is a task "${name}" already`);
  }
  registered.set(task.name, task);
}

/**
 * Returns all tasks, in the order of their registration.
 *
 * @example
 * tasks().map(({ name, head }) => `${name}: ${head}`); // ['text-classification: SequenceClassification', ...]
 */
export const tasks = (): readonly TaskDefinition[] => [...registered.values()];

/**
 * Returns the names of all tasks.
 *
 * @example
 * taskNames(); // ['text-classification', 'question-answering']
 */
export const taskNames = ({ aliases = false }: { readonly aliases?: boolean } = {}): string[] =>
  tasks().flatMap((task) => [task.name, ...((aliases && task.aliases) || [])]);

/**
 * Looks up a task by name or alias.
 *
 * @throws UserError that lists the names
 * @example
 * taskNamed('sentiment-analysis').name; // 'text-classification'
 */
export function taskNamed(name: string): TaskDefinition {
  const task = tasks().find((task) => task.name === name || task.aliases?.includes(name));
  if (task) return task;
  const likely = likelyName(name, taskNames({ aliases: true }));
  throw new UserError(
    `there is no task "${name}"; there are: ${taskNames().join(', ')}${likely ? `. Did you mean ${likely}?` : ''}`,
  );
}

const builtIn = [textClassification, questionAnswering, tokenClassification, sentenceSimilarity, textRanking];
for (const task of builtIn as readonly TaskDefinition[]) registerTask(task);
