/** @file What is known of all labels of a source, of however many files: their kind, and whether numbers are codes. */
import { UserError } from '../../platform/errors.js';
import { showValue } from '../../platform/show-value.js';
import { placeOf, type RowPlaces } from '../streams/bad-rows.js';

/** What a cell is read as, before all of them are known. */
export type RawLabel = string | number | bigint | boolean | string[];

type Kind = 'word' | 'number' | 'boolean' | 'list';

function kindOf(label: RawLabel): Kind {
  if (Array.isArray(label)) return 'list';
  if (typeof label === 'string') return 'word';
  return typeof label === 'boolean' ? 'boolean' : 'number';
}

/** All labels of a source must be of one kind, and numbers are either values or, all of them, names of classes. */
export class LabelKinds {
  private first: { readonly file: RowPlaces; readonly line: number; readonly label: RawLabel } | undefined;
  private hasFraction = false;
  private losesSpelling = false;
  /** Where a list stands that is no vector of a 0 and a 1. */
  private hasNames = false;

  /**
   * Whether numbers are codes, each spelled as it stands in its file: they are all whole, and some would be another code
   * as a number (`007`, integers beyond 2^53).
   */
  get areCodes(): boolean {
    return this.losesSpelling && !this.hasFraction;
  }

  /**
   * Takes a label in.
   *
   * @param isPlain whether a number, written out, is what stands in the file
   * @returns what is wrong with it, if something is
   */
  add(file: RowPlaces, line: number, label: RawLabel, isPlain: boolean): string | undefined {
    this.first ??= { file, line, label };
    const { first } = this;
    if (kindOf(label) !== kindOf(first.label)) {
      const place =
        first.file.path === file.path ? `on ${file.unit} ${first.line}` : `at ${placeOf(first.file, first.line)}`;
      return `the label is ${inWords(label)}, but ${inWords(first.label)} ${place}. All labels must be of one kind.`;
    }
    if (typeof label === 'number' || typeof label === 'bigint') {
      this.hasFraction ||= typeof label === 'number' && !Number.isInteger(label);
      this.losesSpelling ||= !isPlain;
    } else if (Array.isArray(label)) this.hasNames ||= !isVectorOfTwo(label);
    return undefined;
  }

  /**
   * To be called when all labels were taken in.
   *
   * @throws UserError where each is a list of a 0 and a 1, so that it seems to be a vector, not a list of names
   */
  end(): void {
    const { first } = this;
    if (!first || !Array.isArray(first.label) || this.hasNames) return;
    throw new UserError(
      `${placeOf(first.file, first.line)}: the label is ${showValue(first.label)}, and so are those of all rows, or [1,0]. A list must name the ` +
        'classes that apply (["toxic", "insult"]), not give a 0 or 1 for each class.',
    );
  }
}

const isVectorOfTwo = (names: readonly string[]) => names.length === 2 && names.includes('0') && names.includes('1');

const inWords = (label: RawLabel): string => `the ${kindOf(label)} ${showValue(label)}`;
