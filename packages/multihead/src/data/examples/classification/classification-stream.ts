/** @file Streams labelled texts from files that may be larger than memory. */

import { UserError } from '../../../platform/errors.js';
import { flattenString } from '../../../platform/flatten-string.js';
import { Hash } from '../../../platform/hash.js';
import { checkOptionNames, namesOf } from '../../../platform/option-names.js';
import { showValue } from '../../../platform/show-value.js';
import { LabelKinds } from '../../labels/label-kinds.js';
import { type LabelSet, labelSet } from '../../labels/label-set.js';
import type { Label } from '../../labels/label-values.js';
import { checkCount, checkParts, drawnByText, type HeldOut } from '../../splits/hash-split.js';
import type { ExampleStream } from '../../streams/example-stream.js';
import { FirstReading, refuseStandardInput } from '../../streams/replayable-stream.js';
import { findTableFiles } from '../../tables/table-files.js';
import {
  type ClassificationExample,
  type ClassificationFileOptions,
  checkColumns,
  classificationFileOptionNames,
} from './classification.js';
import { ClassificationFile, type UnreadExample } from './classification-file.js';

/** A classifier with more labels is a mistake. Numbers of a regression may be more. */
const mostLabels = 100_000;

/** Options of `openClassificationStream`. */
export interface ClassificationStreamOptions extends ClassificationFileOptions {
  /**
   * Part of the examples that is held in memory for evaluation: about `share` of them, selected by a hash of their
   * texts, so that equal texts stay together. The split is not stratified, since the labels are not known yet.
   */
  readonly heldOut?: HeldOut | undefined;
}

const optionNames = [
  ...classificationFileOptionNames,
  ...namesOf<Omit<ClassificationStreamOptions, keyof ClassificationFileOptions>>({ heldOut: true }),
];

/** A stream of examples from files. */
export interface ClassificationStream extends ExampleStream<ClassificationExample> {
  /** The labels of all examples. */
  readonly labels: LabelSet;
  /** Number of examples per label (for lists, per name in them); empty for regression. */
  readonly labelCounts: ReadonlyMap<string, number>;
  /** The held-out examples, if requested. */
  readonly evaluation?: readonly ClassificationExample[];
}

/**
 * Opens files of labelled texts for training in constant memory. They are read once to count the examples and to find
 * the labels and all bad rows, and again in each epoch. What is read, and how, is as in `readClassificationExamples`;
 * but of a file without a header, the columns are found by its first megabyte or so.
 *
 * @throws UserError as readClassificationExamples does; for standard input, which comes only once; and where what is held out
 *   would be none, all, or more than 100,000 examples
 * @example
 * const stream = await openClassificationStream('reviews-*.csv.gz');
 * stream.labels.names   // ['1', '2', '3', '4', '5']
 * for await (const examples of stream.examples()) console.log(examples.length);
 */
export async function openClassificationStream(
  sources: string | readonly string[],
  given: ClassificationStreamOptions = {},
): Promise<ClassificationStream> {
  checkOptionNames(given, optionNames, 'openClassificationStream');
  checkColumns(given, 'openClassificationStream');
  const { heldOut, ...options } = given;
  refuseStandardInput(sources);
  const firstReading = new FirstReading(options.onBadRow);
  const files: ClassificationFile[] = [];
  const isHeldOut = heldOut ? drawnByText(heldOut) : () => false;
  const apart: { readonly opened: ClassificationFile; readonly row: UnreadExample }[] = [];
  const cells: { readonly opened: ClassificationFile; readonly ofFile: CellCounts }[] = [];
  const kinds = new LabelKinds();
  let length = 0;
  const mark = new Hash();
  const counted = new LabelCounts();
  for (const file of await findTableFiles(sources, options)) {
    const opened = await ClassificationFile.open(file, { ...options, onBadRow: firstReading.onBadRow }, kinds, true);
    const ofFile = new CellCounts();
    for await (const group of opened.look()) {
      for (const row of group) {
        const isApart = isHeldOut(row.text, row.textPair ?? '');
        ofFile.add(row, isApart ? 0 : 1);
        if (isApart) {
          apart.push({ opened, row });
          checkCount(heldOut, apart.length);
          continue;
        }
        length++;
        mark.addText(row.text).addText(row.textPair ?? '');
      }
    }
    for (const key of ofFile.keys()) mark.addText(key);
    files.push(opened);
    cells.push({ opened, ofFile });
  }
  if (options.requireLabels ?? true) kinds.end();
  const evaluation = apart.map(({ opened, row }) => opened.example(row));
  for (const { opened, ofFile } of cells) {
    for (const { row, count } of ofFile.values()) counted.add(opened.example(row).label as Label, count);
  }
  firstReading.end();
  checkParts(heldOut, { streamed: length, heldOut: evaluation.length });
  const classNames = files.find((file) => file.classNames)?.classNames;
  return {
    length,
    labels: labelSet(counted.examples(), [sources].flat().join(', '), classNames),
    labelCounts: counted.counts,
    fingerprint: mark.toString(),
    sizeOf: ({ text, textPair = '' }) => text.length + textPair.length,
    async *examples() {
      for (const file of files) {
        for await (const group of file.again()) {
          yield heldOut ? group.filter(({ text, textPair = '' }) => !isHeldOut(text, textPair)) : group;
        }
      }
    },
    ...(heldOut && { evaluation }),
  };
}

/** The different cells of a file's labels: their kind is known when the file has been gone through. */
class CellCounts {
  private readonly cells = new Map<string, { readonly row: UnreadExample; count: number }>();

  /** @param count how often the row counts; its label is known all the same */
  add(row: UnreadExample, count: number): void {
    const key = typeof row.cell === 'string' ? row.cell : showValue(row.cell);
    const known = this.cells.get(key);
    if (known) known.count += count;
    else if (this.cells.size < mostLabels) {
      const cell = typeof row.cell === 'string' ? flattenString(row.cell) : row.cell;
      this.cells.set(flattenString(key), { row: { line: row.line, text: '', cell }, count });
    }
  }

  values() {
    return this.cells.values();
  }

  keys() {
    return this.cells.keys();
  }
}

/** The different labels of all files. */
class LabelCounts {
  readonly counts = new Map<string, number>();
  private readonly different = new Map<string, Label>();

  add(label: Label, count: number): void {
    this.different.set(JSON.stringify(label), label);
    if (count === 0) return; // all of them are held out
    for (const name of [label].flat()) this.counts.set(`${name}`, (this.counts.get(`${name}`) ?? 0) + count);
  }

  /** One example of each. */
  examples(): { readonly label: Label }[] {
    const labels = [...this.different.values()];
    if (labels.length < mostLabels || labels.some((label) => typeof label === 'number' && !Number.isInteger(label))) {
      return labels.map((label) => ({ label }));
    }
    throw new UserError(
      `more than ${mostLabels} different labels. Is another column the label? Name it: \`label: 'NAME'\``,
    );
  }
}
