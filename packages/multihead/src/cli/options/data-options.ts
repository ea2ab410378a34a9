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
  'CSV, TSV, JSON, JSONL, Parquet or CoNLL, perhaps .gz; a folder, a pattern, - for standard input, OWNER/NAME of the hub';

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
      new Option('--format <name>', "what the files are (default: by their names' endings)").choices(tableFormats),
    )
    .option('--header', 'the first row of CSV and TSV is a header (default: told by what is in it and below)')
    .option('--no-header', 'the first row of CSV and TSV is an example')
    .option('--quotes', 'cells of TSV may stand in quotes, as in CSV (default: told by what is in the file)')
    .option('--no-quotes', 'quotes in TSV are text')
    .option('--skip-bad-rows', 'skip rows that cannot be used; train lists them in skipped-rows.jsonl');
}

/** How a task reads files, by what the command line says. */
export const readingOf = (
  task: TaskDefinition,
  options: DataArguments,
  split: Split,
  { onBadRow }: Pick<BadRows, 'onBadRow'>,
): Reading => ({
  ...{ split, onBadRow, onFound: sayFound },
  ...given(options, 'format', 'header', 'quotes'),
  options: taskOptions(task, ['reading'], options),
});
