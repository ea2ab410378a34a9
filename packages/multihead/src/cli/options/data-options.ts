/** @file Options that say where examples come from and how they are read. */
import { type Command, Option } from 'commander';
import { type Split, type TableFormat, tableFormats } from '../../data/tables/table-files.js';
import type { Reading, TaskDefinition } from '../../tasks/define-task.js';
import type { BadRows } from './bad-rows.js';
import { given } from './common-options.js';
import { sayFound } from './found-files.js';
import { taskOptions } from './task-options.js';

/** What a source of examples may be, for the help of `--train` and its like. */
export const sources =
  'CSV, TSV, JSON, JSONL, Parquet or CoNLL file, also .gz; folder; pattern; - for standard input; OWNER/NAME on the hub';

/** The options, as the command line gives them. */
export interface DataArguments {
  readonly format?: TableFormat;
  readonly header?: boolean;
  readonly quotes?: boolean;
  readonly skipBadRows?: boolean;
}

/** Adds them. */
export function addDataOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--format <name>', 'format of the files (default: by file name extension)').choices(tableFormats),
    )
    .option('--header', 'the first row of CSV and TSV is a header (default: detected)')
    .option('--no-header', 'the first row of CSV and TSV is an example')
    .option('--quotes', 'TSV cells may be quoted, as in CSV (default: detected)')
    .option('--no-quotes', 'quotes in TSV are part of the text')
    .option('--skip-bad-rows', 'skip invalid rows; train lists them in skipped-rows.jsonl');
}

/** How a task reads files, by what the command line says. */
export const readingOf = (
  task: TaskDefinition,
  options: DataArguments,
  split: Split,
  { onBadRow }: Pick<BadRows, 'onBadRow'>,
): Reading => ({
  split,
  onBadRow,
  onFound: sayFound,
  ...given(options, 'format', 'header', 'quotes'),
  options: taskOptions(task, ['reading'], options),
});
