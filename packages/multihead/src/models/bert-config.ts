/** @file BERT's configuration. Defaults are those of Hugging Face's BertConfig. */
import type { ProblemType } from '../data/label-set.js';
import { UserError } from '../errors.js';
import type { ConfigKeys } from './config-keys.js';
import { activationNames, type ConfigFormat, ConfigReader, isRate, type ModelConfig, renamed } from './model-config.js';

/** The sizes and settings of a BERT. */
export interface BertConfig extends ModelConfig {
  readonly intermediateSize: number;
  readonly hiddenAct: string;
  readonly hiddenDropoutProb: number;
  readonly attentionProbsDropoutProb: number;
  readonly typeVocabSize: number;
  readonly layerNormEps: number;
  /** Dropout before the classifier; hiddenDropoutProb where it is null. */
  readonly classifierDropout: number | null;
  /** Names of the labels, in the order of the model's scores. */
  readonly id2label: readonly string[];
  readonly numLabels: number;
  readonly problemType: ProblemType | null;
}

const defaultSizes = {
  vocabSize: 30522,
  hiddenSize: 768,
  numHiddenLayers: 12,
  numAttentionHeads: 12,
  intermediateSize: 3072,
  maxPositionEmbeddings: 512,
  typeVocabSize: 2,
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

const activations = activationNames.filter((name) => name !== 'silu');
const problemTypes: readonly ProblemType[] = [
  'single_label_classification',
  'multi_label_classification',
  'regression',
];

const keys: ConfigKeys = {
  aliases: {},
  refused: { is_decoder: { unless: [false], lacks: 'causal attention' } },
  harmless: [
    // of Google's own code, which its checkpoints carry
    ...[
      'directionality',
      'pooler_fc_size',
      'pooler_num_attention_heads',
      'pooler_num_fc_layers',
      'pooler_size_per_head',
    ],
    ...['pooler_type', 'attention_window', 'is_training'],
  ],
};

function parse(json: unknown, where: string): BertConfig {
  const reader = new ConfigReader(json, 'bert', where, keys);
  const positions = reader.take('position_embedding_type');
  if (positions !== undefined && positions !== 'absolute') {
    reader.fail('position_embedding_type', positions, '"absolute"');
  }
  const problemType = reader.take('problem_type') ?? null;
  if (problemType !== null && !problemTypes.includes(problemType as ProblemType)) {
    reader.fail('problem_type', problemType, `one of ${problemTypes.join(', ')}`);
  }
  const classifierDropout = reader.take('classifier_dropout') ?? null;
  if (classifierDropout !== null && !(typeof classifierDropout === 'number' && isRate(classifierDropout))) {
    reader.fail('classifier_dropout', classifierDropout, 'a rate from 0 to below 1, or null');
  }
  const id2label = labelNames(reader.take('id2label'), reader.take('num_labels'), where);
  reader.take('label2id'); // follows from id2label
  const sized = reader.sizes(sizes, defaultSizes);
  const { hiddenSize, numAttentionHeads, vocabSize } = sized;
  const config: BertConfig = {
    modelType: 'bert',
    ...sized,
    hiddenAct: reader.oneOf('hidden_act', 'gelu', activations),
    hiddenDropoutProb: reader.rate('hidden_dropout_prob', 0.1),
    attentionProbsDropoutProb: reader.rate('attention_probs_dropout_prob', 0.1),
    problemType: problemType as ProblemType | null,
    classifierDropout: classifierDropout as number | null,
    architectures: reader.architectures(),
    id2label,
    numLabels: id2label.length,
    initializerRange: reader.initializerRange(),
    layerNormEps: reader.epsilon('layer_norm_eps', 1e-12),
    padTokenId: reader.tokenId('pad_token_id', 0, vocabSize),
    tieWordEmbeddings: reader.flag('tie_word_embeddings', true),
    others: reader.others(),
  };
  reader.checkHeads(hiddenSize, numAttentionHeads, ['hidden_size', 'num_attention_heads']);
  return config;
}

/** Each label has a name, which is made or read. */
const mostLabels = 1_000_000;

/** Label names in order, from the object {"0": name, ...}, or as Hugging Face names them where there are only numbers. */
function labelNames(id2label: unknown, count: unknown, where: string): string[] {
  if (id2label === undefined) {
    const labels = typeof count === 'number' && Number.isSafeInteger(count) && count > 0 ? count : 2;
    if (labels > mostLabels) throw new UserError(`${where}: num_labels is ${labels}; expected at most ${mostLabels}`);
    return Array.from({ length: labels }, (_, i) => `LABEL_${i}`);
  }
  const entries = typeof id2label === 'object' && id2label !== null ? Object.entries(id2label) : [];
  const names = entries.map((_, i) => (id2label as Record<string, unknown>)[i]);
  if (entries.length === 0 || names.some((name) => typeof name !== 'string')) {
    throw new UserError(`${where}: id2label must name the labels 0, 1, 2, ...: {"0": "first", "1": "second"}`);
  }
  return names as string[];
}

/** Settings with others in their places; the number of labels is that of their names. */
function replace(config: BertConfig, changes: Partial<BertConfig>): BertConfig {
  const { id2label, numLabels } = changes;
  if (id2label === undefined && numLabels === undefined) return { ...config, ...changes };
  const isKept = id2label === undefined && numLabels === config.id2label.length;
  const names = isKept ? config.id2label : (id2label ?? labelNames(undefined, numLabels, 'config'));
  if (numLabels !== undefined && numLabels !== names.length) {
    throw new UserError(`config: numLabels is ${numLabels}, but id2label names ${names.length} labels`);
  }
  return { ...config, ...changes, id2label: names, numLabels: names.length };
}

function toJson(config: BertConfig): Record<string, unknown> {
  const labels = config.id2label;
  return {
    ...config.others,
    architectures: config.architectures,
    model_type: 'bert',
    ...renamed(sizes, config),
    hidden_act: config.hiddenAct,
    hidden_dropout_prob: config.hiddenDropoutProb,
    attention_probs_dropout_prob: config.attentionProbsDropoutProb,
    classifier_dropout: config.classifierDropout,
    initializer_range: config.initializerRange,
    layer_norm_eps: config.layerNormEps,
    pad_token_id: config.padTokenId,
    tie_word_embeddings: config.tieWordEmbeddings,
    position_embedding_type: 'absolute',
    ...(config.problemType && { problem_type: config.problemType }),
    id2label: Object.fromEntries(labels.map((label, id) => [id, label])),
    label2id: Object.fromEntries(labels.map((label, id) => [label, id])),
  };
}

/**
 * How BERT's configuration is read and written.
 *
 * @example
 * const config = await readConfig('models/minilm', bertConfig);
 */
export const bertConfig: ConfigFormat<BertConfig> = { modelType: 'bert', parse, toJson, replace };
