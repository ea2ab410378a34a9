/** @file The labels of a file: words, numbers, or lists of words; all of one kind. */
import { detached } from '../detached.js';
import { type RowPlaces, refuseRow } from './bad-rows.js';

/** A class's name, a class's number or a regression target, or the names of all classes that apply. */
export type Label = string | number | string[];

/** Different cells whose labels are remembered: classes are few, and a file has millions of cells. */
const mostKnown = 4096;

type Kind = 'word' | 'number' | 'list';

/**
 * The labels of one file. All are looked at before one is read, as they must be of one kind.
 *
 * In JSON and Parquet the kind of a value is plain. In CSV and TSV `1` may be a number or a name: if all cells are numbers
 * they are numbers, but integers that would lose their spelling (`007`) are names.
 *
 * @example
 * const labels = new FileLabels({ path: 'a.tsv', unit: 'line' }, 'text');
 * labels.look(1, '0');
 * labels.look(2, '1');
 * labels.read('0');   // 0
 */
export class FileLabels {
  private first: { readonly line: number; readonly label: Label } | undefined;
  private hasFraction = false;
  private areSpelledPlainly = true;
  /** Labels of cells at which `look` found nothing wrong. */
  private readonly known = new Map<string, Label>();

  /**
   * @param file   its name, for errors, and what becomes of bad rows
   * @param source whether cells are text, or values whose kind is plain
   */
  constructor(
    private readonly file: RowPlaces,
    private readonly source: 'text' | 'values',
  ) {}

  /**
   * Looks at a cell; white space around words is no part of them.
   *
   * @returns whether it is a label; false where the row was told of as a bad one
   * @throws UserError where it can be none, or is of another kind than the first
   */
  look(line: number, cell: unknown): boolean {
    if (typeof cell === 'string' && this.known.has(cell)) return true;
    const label = this.labelOf(cell);
    const problem = label instanceof Refusal ? label.message : this.differenceToFirst(line, label);
    if (problem !== undefined) {
      refuseRow(this.file, line, problem);
      return false;
    }
    if (this.source === 'text' && typeof label === 'number') {
      const text = String(cell).trim();
      this.hasFraction ||= /[.e]/i.test(text);
      this.areSpelledPlainly &&= String(label) === text;
    }
    if (typeof cell === 'string' && this.known.size < mostKnown) this.known.set(detached(cell), label as Label);
    return true;
  }

  /** The label of a cell at which `look` found nothing wrong. */
  read(cell: unknown): Label {
    const isName = this.source === 'text' && !this.hasFraction && !this.areSpelledPlainly;
    if (isName) return String(cell).trim();
    return (typeof cell === 'string' ? this.known.get(cell) : undefined) ?? (this.labelOf(cell) as Label);
  }

  private labelOf(cell: unknown): Label | Refusal {
    return this.source === 'text' ? labelOfText(cell) : labelOfValue(cell);
  }

  private differenceToFirst(line: number, label: Label): string | undefined {
    this.first ??= { line, label };
    const { first, file } = this;
    if (kindOf(label) === kindOf(first.label)) return undefined;
    return (
      `the label is ${inWords(label)}, but ${inWords(first.label)} on ${file.unit} ${first.line}. ` +
      'All labels must be of one kind.'
    );
  }
}

/** Why a value is no label. */
class Refusal {
  constructor(readonly message: string) {}
}

function labelOfText(cell: unknown): Label {
  const text = String(cell).trim();
  return decimal.test(text) ? Number(text) : text;
}

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

function labelOfValue(value: unknown): Label | Refusal {
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'number') return value;
  if (Array.isArray(value)) return namesIn(value);
  return new Refusal(`the label is ${shown(value)}; expected a string, a number or an array of strings`);
}

function namesIn(list: readonly unknown[]): string[] | Refusal {
  const isName = (item: unknown) => (typeof item === 'string' && item.trim() !== '') || Number.isSafeInteger(item);
  const odd = list.findIndex((item) => !isName(item));
  if (odd >= 0) return new Refusal(`a list of labels holds ${shown(list[odd])}; expected names of classes`);
  const names = list.map((item) => String(item).trim());
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated === undefined) return names;
  return new Refusal(
    `a list of labels holds ${JSON.stringify(repeated)} twice. It must name the classes that apply ` +
      `(["toxic", "insult"]), not give a 0 or 1 for each class.`,
  );
}

const inWords = (label: Label): string => `the ${kindOf(label)} ${JSON.stringify(label)}`;

const shown = (value: unknown): string => (typeof value === 'bigint' ? `${value}` : JSON.stringify(value));

const kindOf = (label: Label): Kind =>
  typeof label === 'string' ? 'word' : typeof label === 'number' ? 'number' : 'list';
