/** @file The files that make a classifier's folder one of sentence-transformers' cross-encoders (6.2 writes and reads them). */
import { exists, joinPath, readTextAtMost } from '#files';
import { tokenizerMaxLength } from '../../models/sentences/tokenizer-max-length.js';
import { UserError } from '../../platform/errors.js';
import { parseJson } from '../../platform/json/json.js';

/** What makes a score of a model's output. */
export type CrossEncoderActivation = 'sigmoid' | 'identity';

const classes: Readonly<Record<CrossEncoderActivation, string>> = {
  sigmoid: 'torch.nn.modules.activation.Sigmoid',
  identity: 'torch.nn.modules.linear.Identity',
};

/** The activations, by their names for the option. */
export const crossEncoderActivations = Object.keys(classes) as readonly CrossEncoderActivation[];

const settingsFile = 'config_sentence_transformers.json';

const transformerFile = 'sentence_bert_config.json';

/** What the files say of a cross-encoder. */
export interface CrossEncoderSettings {
  readonly activation: CrossEncoderActivation;
  /** The most tokens of a query and a document together. */
  readonly maxLength: number;
}

/** The files' contents, by name. */
export const crossEncoderFiles = ({ activation, maxLength }: CrossEncoderSettings): Record<string, string> => ({
  'modules.json': json([
    { idx: 0, name: '0', path: '', type: 'sentence_transformers.base.modules.transformer.Transformer' },
  ]),
  [transformerFile]: json({
    max_seq_length: maxLength,
    transformer_task: 'sequence-classification',
    modality_config: { text: { method: 'forward', method_output_name: 'logits' } },
    module_output_name: 'scores',
  }),
  [settingsFile]: json({
    model_type: 'CrossEncoder',
    prompts: {},
    default_prompt_name: null,
    activation_fn: classes[activation],
  }),
});

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/**
 * The activation that a folder names: in sentence-transformers' own file or, as before its version 6, in config.json.
 *
 * @returns undefined where it names none
 * @throws UserError for one that Multihead does not compute
 */
export async function readActivation(folder: string): Promise<CrossEncoderActivation | undefined> {
  const own = await readObject(joinPath(folder, settingsFile));
  const config = await readObject(joinPath(folder, 'config.json'));
  const before = config.sentence_transformers as Readonly<Record<string, unknown>> | undefined;
  const named = own.activation_fn ?? before?.activation_fn ?? config.sbert_ce_default_activation_function;
  if (named == null) return undefined;
  const last = String(named).split('.').at(-1);
  const found = crossEncoderActivations.find((name) => classes[name].endsWith(`.${last}`));
  if (found) return found;
  throw new UserError(`${folder}: its activation_fn is ${named}; Multihead computes Sigmoid and Identity`);
}

/** The most tokens of a query and a document that a folder of a cross-encoder names; undefined where it names none. */
export async function readMaxLength(folder: string): Promise<number | undefined> {
  const { max_seq_length: length } = await readObject(joinPath(folder, transformerFile));
  return typeof length === 'number' && length >= 1 ? length : tokenizerMaxLength(folder);
}

async function readObject(path: string): Promise<Readonly<Record<string, unknown>>> {
  if (!(await exists(path))) return {};
  const value = parseJson(await readTextAtMost(path), path);
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
