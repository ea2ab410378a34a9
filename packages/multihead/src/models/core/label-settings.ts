/** @file The label settings of classifiers: `id2label`, `num_labels`, `problem_type`. */
import type { ProblemType } from '../../data/labels/label-set.js';
import { UserError } from '../../platform/errors.js';
import { checkOptionNames } from '../../platform/option-names.js';
import type { ConfigReader, ModelConfig } from './model-config.js';

/** A configuration with labels. */
export interface LabelledConfig extends ModelConfig {
  /** Names of the labels, in the order of the model's scores. */
  readonly id2label: readonly string[];
  readonly numLabels: number;
  readonly problemType: ProblemType | null;
}

const problemTypes: readonly ProblemType[] = [
  'single_label_classification',
  'multi_label_classification',
  'regression',
];

/** The labels that config.json names. */
export function readLabels(reader: ConfigReader): Pick<LabelledConfig, 'id2label' | 'numLabels' | 'problemType'> {
  const problemType = reader.take('problem_type') ?? null;
  if (problemType !== null && !problemTypes.includes(problemType as ProblemType)) {
    reader.fail('problem_type', problemType, `one of ${problemTypes.join(', ')}`);
  }
  const id2label = readNames(reader);
  reader.take('label2id'); // follows from id2label
  return { id2label, numLabels: id2label.length, problemType: problemType as ProblemType | null };
}

/** The labels as config.json names them. */
export const labelsToJson = ({ problemType, id2label }: LabelledConfig): Record<string, unknown> => ({
  ...(problemType && { problem_type: problemType }),
  id2label: Object.fromEntries(id2label.map((label, id) => [id, label])),
  label2id: Object.fromEntries(id2label.map((label, id) => [label, id])),
});

/** Settings with others in their places; the number of labels is that of their names. */
export function replaceLabels<C extends LabelledConfig>(config: C, changes: Partial<C>): C {
  checkOptionNames(changes, Object.keys(config), 'config');
  const { id2label, numLabels } = changes;
  if (id2label === undefined && numLabels === undefined) return { ...config, ...changes };
  const isKept = id2label === undefined && numLabels === config.id2label.length;
  const names = isKept ? config.id2label : (id2label ?? numberedNames(numLabels as number));
  if (numLabels !== undefined && numLabels !== names.length) {
    throw new UserError(`config: numLabels is ${numLabels}, but id2label names ${names.length} labels`);
  }
  return { ...config, ...changes, id2label: names, numLabels: names.length };
}

/** Each label has a name, which is made or read. */
const mostLabels = 1_000_000;

/** Label names in order, from the object {"0": name, ...}, or as Hugging Face names them where there are only numbers. */
function readNames(reader: ConfigReader): readonly string[] {
  const id2label = reader.take('id2label');
  const count = reader.take('num_labels') ?? 2;
  if (id2label === undefined) {
    const isCount = typeof count === 'number' && Number.isSafeInteger(count) && count > 0 && count <= mostLabels;
    return isCount ? numberedNames(count) : reader.fail('num_labels', count, `a whole number from 1 to ${mostLabels}`);
  }
  const entries = typeof id2label === 'object' && id2label !== null ? Object.entries(id2label) : [];
  const names = entries.map((_, i) => (id2label as Record<string, unknown>)[i]);
  if (entries.length === 0 || names.some((name) => typeof name !== 'string')) {
    reader.refuse(
      ['id2label'],
      ([id2label]) => `${id2label} must name the labels 0, 1, 2, ...: {"0": "first", "1": "second"}`,
    );
  }
  return names as string[];
}

/** Names as Hugging Face gives them. */
const numberedNames = (count: number): string[] => Array.from({ length: count }, (_, i) => `LABEL_${i}`);
