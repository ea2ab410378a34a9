/** @file One file of texts and labels, read row by row. */
import { UserError } from '../../../platform/errors.js';
import { showValue } from '../../../platform/show-value.js';
import type { LabelKinds } from '../../labels/label-kinds.js';
import { FileLabels } from '../../labels/label-values.js';
import { refuseRow } from '../../streams/bad-rows.js';
import { openTable } from '../../tables/open-table.js';
import type { Row, Table } from '../../tables/table.js';
import type { TableFile } from '../../tables/table-files.js';
import type { ClassificationExample, ClassificationFileOptions } from './classification.js';
import { type ClassificationColumns, type Column, classificationColumns } from './classification-columns.js';

/** An example whose label's kind is not known yet. */
export interface UnreadExample {
  readonly line: number;
  readonly text: string;
  readonly textPair?: string;
  /** What the label's column holds; undefined where there is no label. */
  readonly cell: unknown;
}

/**
 * A file of examples. It is gone through once by `look`, which finds the columns, the kind of the labels and all bad rows;
 * then examples can be read.
 */
export class ClassificationFile {
  /** Number of examples; known when the file was gone through. */
  length = 0;
  private columns: ClassificationColumns | undefined;
  private readonly labels: FileLabels;

  private constructor(
    private readonly table: Table,
    private readonly options: ClassificationFileOptions,
    kinds: LabelKinds | undefined,
  ) {
    if (options.labelSeparator === '') throw new UserError('labelSeparator is empty; give what stands between labels');
    const areValues = table.columns !== undefined || options.labelSeparator !== undefined;
    this.labels = new FileLabels(table, areValues ? 'values' : 'text', kinds);
  }

  /**
   * @param kinds      what is known of the labels of all files that are read together
   * @param isStreamed whether the file is read in pieces, so that it may be larger than memory
   */
  static async open(file: TableFile, options: ClassificationFileOptions, kinds?: LabelKinds, isStreamed = false) {
    return new ClassificationFile(await openTable(file, { ...options, isStreamed }), options, kinds);
  }

  /** The names of the classes, where the file itself gives them: class 0 is the first. */
  get classNames(): readonly string[] | undefined {
    const label = this.columns?.label;
    return label && this.namesOfClasses(label);
  }

  /**
   * Goes through the file for the first time.
   *
   * @throws UserError as readClassificationExamples says
   */
  async *look(): AsyncGenerator<UnreadExample[]> {
    let rows = 0;
    for await (const group of this.groups()) {
      rows += group.length;
      const examples = this.looked(group);
      this.length += examples.length;
      yield examples;
    }
    if (this.length > 0) return;
    const { path } = this.table;
    throw new UserError(
      rows > 0 || this.columns ? `${path}: none of its rows can be used` : `${path}: holds no examples`,
    );
  }

  /** The example of a row that `look` has given, after all files that are read together were scanned. */
  example({ text, textPair, line, cell }: UnreadExample): ClassificationExample {
    // Written out: in a profile of a large CSV, spreading one object into another took as long as parting the row.
    if (cell === undefined) return textPair === undefined ? { text, line } : { text, textPair, line };
    const label = this.labels.read(cell);
    return textPair === undefined ? { text, line, label } : { text, textPair, line, label };
  }

  /** Reads the file again. Invalid rows are reported again. */
  async *again(): AsyncGenerator<ClassificationExample[]> {
    for await (const group of this.groups()) {
      yield this.looked(group).map((row) => this.example(row));
    }
  }

  /** Rows whose labels can be used. Where none is needed, what can be no label is ignored, and its row kept. */
  private looked(rows: readonly UnreadExample[]): UnreadExample[] {
    if (this.options.requireLabels ?? true) return rows.filter(({ line, cell }) => this.labels.look(line, cell));
    return rows.map((row) => {
      if (row.cell === undefined || this.labels.problemOf(row.line, row.cell) === undefined) return row;
      return { ...row, cell: undefined };
    });
  }

  private async *groups(): AsyncGenerator<UnreadExample[]> {
    const { table, options } = this;
    const { columns: wanted = {} } = options;
    // Where the format itself names the columns before any row (Parquet), only those of use are read.
    if (table.columns?.length) this.columns ??= classificationColumns(table, [], wanted, options);
    let header: readonly Row[] = []; // a first row that came alone: what follows tells whether it is a header
    let isFirst = true;
    for await (const rows of table.rows(this.columns && this.namesOf(this.columns))) {
      const all = isFirst ? [...header, ...rows] : rows;
      if (isFirst && all.length < 2) header = all;
      else {
        yield this.unreadOf(all, isFirst);
        isFirst = false;
      }
    }
    if (isFirst && header.length > 0) yield this.unreadOf(header, true);
  }

  private unreadOf(rows: readonly Row[], areFirst: boolean): UnreadExample[] {
    const { columns: wanted = {} } = this.options;
    this.columns ??= classificationColumns(this.table, rows, wanted, this.options);
    const { columns } = this;
    const examples: UnreadExample[] = [];
    for (let i = areFirst && columns.hasHeaderRow ? 1 : 0; i < rows.length; i++) {
      const example = this.unread(rows[i] as Row, columns);
      if (example) examples.push(example);
    }
    return examples;
  }

  private namesOf({ text, textPair, label }: ClassificationColumns): string[] | undefined {
    const { columns } = this.table;
    return columns && [text, textPair, label].flatMap((column) => (column ? (columns[column.index] as string) : []));
  }

  /** A row's texts and label, or undefined for an invalid row. */
  private unread({ line, cells }: Row, { text, textPair, label }: ClassificationColumns): UnreadExample | undefined {
    const first = this.textOf(line, cells, text);
    const second = textPair && first !== undefined ? this.textOf(line, cells, textPair) : undefined;
    if (first === undefined || (textPair && second === undefined)) return undefined;
    const cell = label && this.labelCell(cells[label.index], label);
    if (cell === undefined && (this.options.requireLabels ?? true)) {
      refuseRow(this.table, line, `the label is missing (${label?.name})`);
      return undefined;
    }
    return second === undefined ? { text: first, line, cell } : { text: first, textPair: second, line, cell };
  }

  private textOf(line: number, cells: readonly unknown[], { index, name }: Column): string | undefined {
    const value = cells[index];
    if (typeof value === 'string' && /\S/.test(value)) return value;
    if (value === undefined) refuseRow(this.table, line, `the field ${name} is missing`);
    else if (typeof value === 'string') refuseRow(this.table, line, `the text is empty (${name})`);
    else refuseRow(this.table, line, `${name} must be a text, not ${showValue(value)}`);
    return undefined;
  }

  /** The label as the file has it, its class by its name; undefined where there is none. */
  private labelCell(value: unknown, column: Column): unknown {
    const { labelSeparator } = this.options;
    if (typeof value === 'string' && labelSeparator !== undefined) {
      const names = value.split(labelSeparator).map((name) => name.trim());
      return names.filter((name) => name !== '');
    }
    if (value === undefined || value === null || Number.isNaN(value)) return undefined; // pandas writes NaN for nothing
    if (!Array.isArray(value) && !/\S/.test(String(value))) return undefined;
    const names = this.namesOfClasses(column);
    if (!names) return value;
    if (value === -1) return undefined; // the library datasets' sign for no label
    const named = (one: unknown) => (typeof one === 'number' ? (names[one] ?? one) : one);
    return Array.isArray(value) ? value.map(named) : named(value);
  }

  private namesOfClasses({ index }: Column): readonly string[] | undefined {
    return this.table.classNames.get(this.table.columns?.[index] ?? '');
  }
}
