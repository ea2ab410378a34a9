/** @file The labels of a file: words, booleans, numbers, or lists of words; all of one kind. */
import { flattenString } from '../../platform/flatten-string.js';
import { showValue } from '../../platform/show-value.js';
import { type RowPlaces, refuseRow } from '../streams/bad-rows.js';
import { LabelKinds, type RawLabel } from './label-kinds.js';

/** A class's name, a class's number or a regression target, or the names of all classes that apply. */
export type Label = string | number | string[];

/** Different cells whose labels are remembered: classes are few, and a file has millions of cells. */
const mostKnown = 4096;

/**
 * The labels of one file. All of all files are looked at before one is read, as they must be of one kind.
 *
 * In JSON and Parquet the kind of a value is plain. In CSV and TSV `1` may be a number or a name: if all cells are numbers
 * they are numbers, but integers that would lose their spelling (`007`) are names. So are integers beyond 2^53, anywhere.
 * Booleans of JSON and Parquet are the names `true` and `false`.
 *
 * @example
 * const labels = new FileLabels({ path: 'a.tsv', unit: 'line' }, 'text');
 * labels.look(1, '0');
 * labels.look(2, '1');
 * labels.read('0');   // 0
 */
export class FileLabels {
  /** Labels of cells at which `look` found nothing wrong. */
  private readonly known = new Map<string, RawLabel>();

  /**
   * @param file   its name, for errors, and what becomes of bad rows
   * @param source whether cells are text, or values whose kind is plain
   * @param kinds  what is known of the labels of all files, where there are several
   */
  constructor(
    private readonly file: RowPlaces,
    private readonly source: 'text' | 'values',
    private readonly kinds = new LabelKinds(),
  ) {}

  /**
   * Looks at a cell; white space around words is no part of them.
   *
   * @returns whether it is a label; false if the row was reported as invalid
   * @throws UserError where it can be none, or is of another kind than the first
   */
  look(line: number, cell: unknown): boolean {
    const problem = this.problemOf(line, cell);
    if (problem !== undefined) refuseRow(this.file, line, problem);
    return problem === undefined;
  }

  /** The same, but says what is wrong with the cell, if something is. */
  problemOf(line: number, cell: unknown): string | undefined {
    if (typeof cell === 'string' && this.known.has(cell)) return undefined;
    const label = this.labelOf(cell);
    const problem =
      label instanceof Refusal ? label.message : this.kinds.add(this.file, line, label, this.isPlain(label, cell));
    if (problem !== undefined) return problem;
    if (typeof cell === 'string' && this.known.size < mostKnown) this.known.set(flattenString(cell), label as RawLabel);
    return undefined;
  }

  /** The label of a cell at which `look` found nothing wrong, when the cells of all files were looked at. */
  read(cell: unknown): Label {
    const known = typeof cell === 'string' ? this.known.get(cell) : undefined;
    const label = known ?? (this.labelOf(cell) as RawLabel);
    if (typeof label === 'number') return this.kinds.areCodes ? String(cell).trim() : label;
    if (typeof label === 'bigint') return this.kinds.areCodes ? `${label}` : Number(label);
    return typeof label === 'boolean' ? `${label}` : label;
  }

  /** Whether a number, written out, is what the cell has. */
  private isPlain(label: RawLabel, cell: unknown): boolean {
    if (typeof label !== 'number') return typeof label !== 'bigint';
    const isExact = !Number.isInteger(label) || Number.isSafeInteger(label);
    return isExact && (this.source === 'values' || plainInteger.test(String(cell).trim()));
  }

  private labelOf(cell: unknown): RawLabel | Refusal {
    return this.source === 'text' ? labelOfText(cell) : labelOfValue(cell);
  }
}

/** Why a value is no label. */
class Refusal {
  constructor(readonly message: string) {}
}

function labelOfText(cell: unknown): RawLabel | Refusal {
  const text = String(cell).trim();
  if (/^nan$/i.test(text)) return new Refusal(`the label is ${text}, which stands for a missing number`);
  if (decimal.test(text)) return finite(Number(text), text);
  if (!list.test(text)) return text;
  return new Refusal(
    `the label is ${text}, a list, which a cell of text cannot hold. JSON Lines has lists of labels: ` +
      '{"text": "...", "label": ["toxic", "insult"]}',
  );
}

/** An item of a list as pandas, NumPy and JSON write it into a cell. */
const item = /[-+]?[.\d][-+.\de]*|true|false|'[^']*'|"[^"]*"/.source;

/** A list; other words may stand in brackets. */
const list = new RegExp(`^\\[\\s*(?:(?:${item})(?:[\\s,]+(?:${item}))*[\\s,]*)?\\]$`, 'i');

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** Whole numbers that are written as such, or as pandas writes them beside cells that are missing: `1.0`. */
const plainInteger = /^(?:0|-?[1-9]\d*)(?:\.0*)?$/;

function labelOfValue(value: unknown): RawLabel | Refusal {
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'number') return finite(value, `${value}`);
  if (typeof value === 'bigint' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return namesIn(value);
  return new Refusal(`the label is ${showValue(value)}; expected a string, a number, a boolean or an array of strings`);
}

const finite = (value: number, text: string): number | Refusal =>
  Number.isFinite(value) ? value : new Refusal(`the label is ${text}, which is no finite number`);

function namesIn(list: readonly unknown[]): string[] | Refusal {
  const isName = (item: unknown) =>
    (typeof item === 'string' && item.trim() !== '') || Number.isSafeInteger(item) || typeof item === 'bigint';
  const odd = list.findIndex((item) => !isName(item));
  if (odd >= 0) return new Refusal(`a list of labels holds ${showValue(list[odd])}; expected names of classes`);
  const names = list.map((item) => String(item).trim());
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated === undefined) return names;
  return new Refusal(
    `a list of labels holds ${JSON.stringify(repeated)} twice. It must name the classes that apply ` +
      `(["toxic", "insult"]), not give a 0 or 1 for each class.`,
  );
}
