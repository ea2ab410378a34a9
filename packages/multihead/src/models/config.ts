/**
 * @file A model's configuration: Hugging Face's config.json with names in camelCase.
 *
 * Defaults are those of Hugging Face's BertConfig. What is not known here is kept, and written back as it was.
 */
import { joinPath, readText } from '#files';
import { parseJson } from '../data/json.js';
import type { ProblemType } from '../data/label-set.js';
import { UserError } from '../errors.js';

/** The sizes and settings of a BERT. */
export interface BertConfig {
  readonly vocabSize: number;
  readonly hiddenSize: number;
  readonly numHiddenLayers: number;
  readonly numAttentionHeads: number;
  readonly intermediateSize: number;
  readonly hiddenAct: string;
  readonly hiddenDropoutProb: number;
  readonly attentionProbsDropoutProb: number;
  readonly maxPositionEmbeddings: number;
  readonly typeVocabSize: number;
  readonly initializerRange: number;
  readonly layerNormEps: number;
  readonly padTokenId: number;
  /** Dropout before the classifier; hiddenDropoutProb where it is null. */
  readonly classifierDropout: number | null;
  /** Names of the labels, in the order of the model's scores. */
  readonly id2label: readonly string[];
  readonly numLabels: number;
  readonly problemType: ProblemType | null;
  readonly architectures: readonly string[];
  /** Settings that Multihead does not know, under their names in the file. */
  readonly others: Readonly<Record<string, unknown>>;
}

const defaults: BertConfig = {
  vocabSize: 30522,
  hiddenSize: 768,
  numHiddenLayers: 12,
  numAttentionHeads: 12,
  intermediateSize: 3072,
  hiddenAct: 'gelu',
  hiddenDropoutProb: 0.1,
  attentionProbsDropoutProb: 0.1,
  maxPositionEmbeddings: 512,
  typeVocabSize: 2,
  initializerRange: 0.02,
  layerNormEps: 1e-12,
  padTokenId: 0,
  classifierDropout: null,
  id2label: ['LABEL_0', 'LABEL_1'],
  numLabels: 2,
  problemType: null,
  architectures: [],
  others: {},
};

const sizes = {
  vocabSize: 'vocab_size',
  hiddenSize: 'hidden_size',
  numHiddenLayers: 'num_hidden_layers',
  numAttentionHeads: 'num_attention_heads',
  intermediateSize: 'intermediate_size',
  maxPositionEmbeddings: 'max_position_embeddings',
  typeVocabSize: 'type_vocab_size',
} as const;

const rates = {
  hiddenDropoutProb: 'hidden_dropout_prob',
  attentionProbsDropoutProb: 'attention_probs_dropout_prob',
} as const;

const activations = ['gelu', 'gelu_new', 'gelu_pytorch_tanh', 'relu'];
const problemTypes: readonly ProblemType[] = [
  'single_label_classification',
  'multi_label_classification',
  'regression',
];

/** Reads the configuration of a model folder. */
export const readConfig = (folder: string): Promise<BertConfig> => readConfigFile(joinPath(folder, 'config.json'));

/** Reads a configuration file. */
export async function readConfigFile(path: string): Promise<BertConfig> {
  return parseConfig(parseJson(await readText(path), path), path);
}

/**
 * Takes a configuration out of config.json's contents.
 *
 * @param where the file's name, for errors
 * @throws UserError naming the file and the setting that cannot be
 * @example
 * parseConfig({ model_type: 'bert', hidden_size: 384, num_attention_heads: 12 }, 'config.json').hiddenSize // 384
 */
export function parseConfig(json: unknown, where: string): BertConfig {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new UserError(`${where}: holds no JSON object; a model's config.json was expected`);
  }
  const left: Record<string, unknown> = { ...json };
  const take = (name: string): unknown => {
    const value = left[name];
    delete left[name];
    return value ?? undefined;
  };
  const fail = (name: string, value: unknown, expected: string): never => {
    throw new UserError(`${where}: ${name} is ${JSON.stringify(value)}; expected ${expected}`);
  };
  const number = (name: string, fallback: number, holds: (value: number) => boolean, expected: string): number => {
    const value = take(name) ?? fallback;
    return typeof value === 'number' && holds(value) ? value : fail(name, value, expected);
  };
  const modelType = take('model_type');
  if (modelType !== undefined && modelType !== 'bert') {
    throw new UserError(`${where}: model_type is ${JSON.stringify(modelType)}; Multihead trains "bert" so far`);
  }
  const positions = take('position_embedding_type');
  if (positions !== undefined && positions !== 'absolute') fail('position_embedding_type', positions, '"absolute"');

  const whole = (value: number) => Number.isSafeInteger(value) && value > 0;
  const readAll = <Key extends string>(
    names: Record<Key, string>,
    holds: (value: number) => boolean,
    expected: string,
  ) =>
    Object.fromEntries(
      Object.entries<string>(names).map(([key, name]) => [
        key,
        number(name, defaults[key as keyof BertConfig] as number, holds, expected),
      ]),
    ) as Record<Key, number>;
  const hiddenAct = take('hidden_act') ?? defaults.hiddenAct;
  if (typeof hiddenAct !== 'string' || !activations.includes(hiddenAct)) {
    fail('hidden_act', hiddenAct, `one of ${activations.join(', ')}`);
  }
  const problemType = take('problem_type') ?? null;
  if (problemType !== null && !problemTypes.includes(problemType as ProblemType)) {
    fail('problem_type', problemType, `one of ${problemTypes.join(', ')}`);
  }
  const classifierDropout = take('classifier_dropout') ?? null;
  if (classifierDropout !== null && !(typeof classifierDropout === 'number' && isRate(classifierDropout))) {
    fail('classifier_dropout', classifierDropout, 'a rate from 0 to below 1, or null');
  }
  const architectures = take('architectures') ?? [];
  if (!Array.isArray(architectures)) fail('architectures', architectures, 'a list of names');
  const id2label = labelNames(take('id2label'), take('num_labels'), where);
  take('label2id'); // follows from id2label
  const config: BertConfig = {
    ...readAll(sizes, whole, 'a whole number above 0'),
    ...readAll(rates, isRate, 'a rate from 0 to below 1'),
    hiddenAct: hiddenAct as string,
    problemType: problemType as ProblemType | null,
    classifierDropout: classifierDropout as number | null,
    architectures: architectures as string[],
    id2label,
    numLabels: id2label.length,
    initializerRange: number('initializer_range', 0.02, (v) => v >= 0, 'a number from 0'),
    layerNormEps: number('layer_norm_eps', 1e-12, (v) => v > 0, 'a small number above 0'),
    padTokenId: number('pad_token_id', 0, (v) => Number.isSafeInteger(v) && v >= 0, 'a token number'),
    others: left,
  };
  const { hiddenSize, numAttentionHeads, padTokenId, vocabSize } = config;
  if (hiddenSize % numAttentionHeads !== 0) {
    throw new UserError(
      `${where}: hidden_size ${hiddenSize} cannot be split into num_attention_heads ${numAttentionHeads} equal heads`,
    );
  }
  if (padTokenId >= vocabSize) fail('pad_token_id', padTokenId, `a token number below vocab_size ${vocabSize}`);
  return config;
}

const isRate = (value: number): boolean => value >= 0 && value < 1;

/** Label names in order, from the object {"0": name, ...}, or as Hugging Face names them where there are only numbers. */
function labelNames(id2label: unknown, count: unknown, where: string): string[] {
  if (id2label === undefined) {
    const labels = typeof count === 'number' && Number.isSafeInteger(count) && count > 0 ? count : 2;
    return Array.from({ length: labels }, (_, i) => `LABEL_${i}`);
  }
  const entries = typeof id2label === 'object' && id2label !== null ? Object.entries(id2label) : [];
  const names = entries.map((_, i) => (id2label as Record<string, unknown>)[i]);
  if (entries.length === 0 || names.some((name) => typeof name !== 'string')) {
    throw new UserError(`${where}: id2label must name the labels 0, 1, 2, ...: {"0": "first", "1": "second"}`);
  }
  return names as string[];
}

/** The contents of config.json for a configuration, as Hugging Face Transformers reads it. */
export function configToJson(config: BertConfig): Record<string, unknown> {
  const named = (names: Record<string, string>) =>
    Object.fromEntries(Object.entries(names).map(([key, name]) => [name, config[key as keyof BertConfig]]));
  const labels = config.id2label;
  return {
    ...config.others,
    architectures: config.architectures,
    model_type: 'bert',
    ...named(sizes),
    hidden_act: config.hiddenAct,
    ...named(rates),
    classifier_dropout: config.classifierDropout,
    initializer_range: config.initializerRange,
    layer_norm_eps: config.layerNormEps,
    pad_token_id: config.padTokenId,
    position_embedding_type: 'absolute',
    ...(config.problemType && { problem_type: config.problemType }),
    id2label: Object.fromEntries(labels.map((label, id) => [id, label])),
    label2id: Object.fromEntries(labels.map((label, id) => [label, id])),
  };
}
