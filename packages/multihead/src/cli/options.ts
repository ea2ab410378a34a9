/** @file Options that several commands share, and how their values are read. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { QuestionAnsweringOptions } from '../tasks/question-answering/question-answering.js';
import type { TaskName } from '../tasks/task.js';

/** The tasks that commands know. */
export const taskNames: readonly TaskName[] = ['text-classification', 'question-answering'];

/** Their other names, as the hub and pipelines have them. */
export const otherTaskNames: Readonly<Record<string, TaskName>> = { 'sentiment-analysis': 'text-classification' };

/** Reads a number, or refuses the text. */
export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) throw new InvalidArgumentError(`"${text}" is not a number.`);
  return value;
}

/** `backbone`, or a number of layers. */
export function freeze(text: string): 'none' | 'backbone' | number {
  return text === 'backbone' || text === 'none' ? text : number(text);
}

/** Adds the limits of question answering. */
export function addQuestionAnsweringOptions(command: Command): Command {
  return command
    .option(
      '--stride <tokens>',
      'question answering: tokens by which windows overlap (default: 128, at most a third)',
      number,
    )
    .option('--n-best <count>', 'question answering: spans considered (default: 20)', number)
    .option('--max-answer-length <tokens>', 'question answering: the longest answer (default: 30)', number)
    .option('--version-2-with-negative', 'question answering: questions may have no answer, as in SQuAD v2')
    .option(
      '--null-score-diff-threshold <score>',
      'question answering: no answer where its score is higher by this (default: as evaluation found it, else 0)',
      number,
    )
    .addOption(
      new Option('--language <code>', "question answering: compare answers by SQuAD's rule, or CMRC 2018's").choices([
        'en',
        'zh',
      ]),
    );
}

/** The limits of question answering, as the command line gives them. */
export interface QuestionAnsweringArguments {
  readonly stride?: number;
  readonly nBest?: number;
  readonly maxAnswerLength?: number;
  /** Commander's name of --version-2-with-negative. */
  readonly version2WithNegative?: boolean;
  readonly nullScoreDiffThreshold?: number;
  readonly language?: 'en' | 'zh';
}

/**
 * Those that were given, by the task's names.
 *
 * @param hasImpossible whether there are questions that have no answer
 */
export function questionAnsweringOptions(
  { version2WithNegative: versionTwo, ...options }: QuestionAnsweringArguments,
  hasImpossible = false,
): Omit<Partial<QuestionAnsweringOptions>, 'tokenizer'> {
  if (hasImpossible && !versionTwo) {
    console.error('some questions have no answer: trained and evaluated as SQuAD v2 (--version-2-with-negative)');
  }
  const named = given(options, 'stride', 'nBest', 'maxAnswerLength', 'nullScoreDiffThreshold', 'language');
  return { ...named, ...((versionTwo || hasImpossible) && { versionTwo: true }) };
}

/** Those of some properties that are not undefined. */
export function given<T extends object, Key extends keyof T>(
  object: T,
  ...keys: Key[]
): { [K in Key]?: NonNullable<T[K]> } {
  return Object.fromEntries(keys.flatMap((key) => (object[key] === undefined ? [] : [[key, object[key]]]))) as {
    [K in Key]?: NonNullable<T[K]>;
  };
}

/** `--verbose` may stand behind the command too. */
export const verboseOption = (): Option => new Option('--verbose', 'show stack traces of errors');
