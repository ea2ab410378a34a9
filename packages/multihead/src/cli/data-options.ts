/** @file Options that say where examples come from and how they are read. */
import { type Command, Option } from 'commander';
import type { ClassificationFileOptions } from '../data/classification.js';
import type { QuestionAnsweringFileOptions } from '../data/question-answering.js';
import type { Mismatched } from '../data/squad-offsets.js';
import type { Split, TableFormat } from '../data/table-files.js';
import type { BadRows } from './bad-rows.js';
import { sayFound } from './found-files.js';

/** What a source of examples may be, for the help of `--train` and its like. */
export const sources =
  'CSV, TSV, JSON, JSONL or Parquet, perhaps .gz; a folder, a pattern, - for standard input, OWNER/NAME of the hub';

/** The options, as the command line gives them. */
export interface DataArguments {
  readonly text?: string;
  readonly textPair?: string;
  readonly label?: string;
  readonly labelSeparator?: string;
  readonly question?: string;
  readonly context?: string;
  readonly answers?: string;
  readonly format?: TableFormat;
  readonly header?: boolean;
  readonly quotes?: boolean;
  readonly skipBadRows?: boolean;
  readonly mismatched?: Mismatched;
}

const formats: readonly TableFormat[] = ['csv', 'tsv', 'json', 'jsonl', 'parquet'];

const columnHelp = {
  question: 'question answering: column of the question (default: found by its usual names)',
  context: 'question answering: column of the context (default: found by its usual names)',
};

/**
 * Adds them.
 *
 * @param help what --question and --context are, where they are not columns alone
 */
export function addDataOptions(command: Command, help = columnHelp): Command {
  return command
    .option('--text <column>', 'column of the text (default: found by its usual names)')
    .option('--text-pair <column>', 'column of the second text')
    .option('--label <column>', 'column of the label (default: found by its usual names)')
    .option('--label-separator <text>', 'what stands between several labels of one cell, such as "|" in late|damaged')
    .option('--question <column>', help.question)
    .option('--context <column>', help.context)
    .option('--answers <column>', 'question answering: column of the answers (default: found by its usual names)')
    .addOption(new Option('--format <name>', "what the files are (default: by their names' endings)").choices(formats))
    .option('--header', 'the first row of CSV and TSV is a header (default: told by what is in it and below)')
    .option('--no-header', 'the first row of CSV and TSV is an example')
    .option('--quotes', 'cells of TSV may stand in quotes, as in CSV (default: told by what is in the file)')
    .option('--no-quotes', 'quotes in TSV are text')
    .option('--skip-bad-rows', 'pass over rows that cannot be used; train lists them in skipped-rows.jsonl')
    .addOption(
      new Option(
        '--mismatched <what>',
        'question answering: what to do with answers that are not at their answer_start (default: error)',
      ).choices(['error', 'relocate', 'drop', 'keep']),
    );
}

/** The same for readers of texts and labels. */
export function textOptions(
  { text, textPair, label, labelSeparator, format, header, quotes }: DataArguments,
  split: Split,
  { onBadRow }: Pick<BadRows, 'onBadRow'>,
): ClassificationFileOptions {
  return {
    columns: { text, textPair, label },
    labelSeparator,
    format,
    header,
    quotes,
    split,
    onBadRow,
    onFound: sayFound,
  };
}

/** The same for readers of questions. */
export function questionOptions(
  { question, context, answers, format, quotes, mismatched }: DataArguments,
  split: Split,
  { onBadRow }: Pick<BadRows, 'onBadRow'>,
): QuestionAnsweringFileOptions {
  return { columns: { question, context, answers }, format, quotes, split, mismatched, onBadRow, onFound: sayFound };
}
