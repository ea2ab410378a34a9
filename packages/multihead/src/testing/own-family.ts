/**
 * @file A family of models of a user's own, made of public exports alone: layers whose attention has no parameters. Importing it
 * registers it, so that `node --import ./own-family.js .../multihead.js train ...` trains it on the command line.
 */
import {
  type Architecture,
  type BertLikeConfig,
  bertLikeConfig,
  bertSizes,
  type ConfigClass,
  type EncoderLayer,
  EncoderModel,
  EncoderStack,
  MaskedLanguageModel,
  type ModelInputs,
  SequenceClassificationModel,
  type TiedWeights,
} from '../exports/models.js';
import {
  Dropout,
  Embedding,
  FeedForward,
  LayerNorm,
  Linear,
  Module,
  type Padding,
  scaledDotProductAttention,
  VocabularyProjection,
} from '../exports/nn.js';
import type { Tensor } from '../exports/tensor.js';
import { registerFamily } from '../index.js';

export interface OwnConfig extends BertLikeConfig {
  /** Share of the attended that is added to each token. */
  readonly mixing: number;
}

export const OwnConfig: ConfigClass<OwnConfig> = bertLikeConfig<Pick<OwnConfig, 'mixing'>>({
  name: 'OwnConfig',
  modelType: 'own-family',
  defaults: { sizes: bertSizes, padTokenId: 0, layerNormEps: 1e-12 },
  keys: { aliases: {}, refused: {}, harmless: [] },
  extra: {
    read: (reader) => ({ mixing: reader.number('mixing', 1, (value) => value > 0, 'a number above 0') }),
    toJson: ({ mixing }) => ({ mixing }),
  },
});

const architecture: Architecture<OwnConfig> = {
  modelType: 'own-family',
  config: OwnConfig,
  basePrefix: 'own',
  inputs: ['input_ids', 'attention_mask'],
  parameterGroups: { embeddings: ['words', 'norm'], layers: 'stack.blocks', top: [] },
};

class OwnLayer extends Module implements EncoderLayer {
  readonly feedForward: FeedForward;
  readonly norm: LayerNorm;
  private readonly mixing: number;

  constructor({ hiddenSize, intermediateSize, hiddenAct, layerNormEps, mixing }: OwnConfig) {
    super();
    this.feedForward = new FeedForward(hiddenSize, intermediateSize, hiddenAct);
    this.norm = new LayerNorm(hiddenSize, layerNormEps);
    this.mixing = mixing;
  }

  attend(hidden: Tensor, padding: Padding, reading: Tensor) {
    const [query, memory] = [padding.pad(reading).unsqueeze(1), padding.pad(hidden).unsqueeze(1)]; // one head
    const { output, weights } = scaledDotProductAttention(query, memory, memory, { mask: padding.mask });
    return { output: output.squeeze(1), weights };
  }

  complete(context: Tensor, input: Tensor): Tensor {
    return this.norm.forward(this.feedForward.forward(context.mul(this.mixing).add(input)).add(input));
  }
}

class OwnStack extends EncoderStack {
  readonly blocks: readonly OwnLayer[];

  constructor(config: OwnConfig) {
    super();
    this.blocks = Array.from({ length: config.numHiddenLayers }, () => new OwnLayer(config));
  }

  protected get layers(): readonly OwnLayer[] {
    return this.blocks;
  }
}

export class OwnModel extends EncoderModel {
  static readonly architecture = architecture;
  readonly words: Embedding;
  readonly norm: LayerNorm;
  readonly stack: OwnStack;
  readonly pooler = undefined;

  constructor(readonly config: OwnConfig) {
    super();
    this.words = new Embedding(config.vocabSize, config.hiddenSize, { deviation: config.initializerRange });
    this.norm = new LayerNorm(config.hiddenSize, config.layerNormEps);
    this.stack = new OwnStack(config);
  }

  protected embed({ inputIds }: ModelInputs): Tensor {
    return this.norm.forward(this.words.forward(inputIds));
  }
}

export class OwnForSequenceClassification extends SequenceClassificationModel {
  static readonly architecture = architecture;
  readonly own: OwnModel;
  readonly classifier: Linear;
  protected readonly lastDropout: Dropout;

  constructor(readonly config: OwnConfig) {
    super();
    this.own = new OwnModel(config);
    this.classifier = new Linear(config.hiddenSize, config.numLabels, config.initializerRange);
    this.lastDropout = new Dropout(config.hiddenDropoutProb);
  }

  get encoder(): OwnModel {
    return this.own;
  }

  get lastLayer(): Linear {
    return this.classifier;
  }

  protected poolFirst(first: Tensor): Tensor {
    return first.squeeze(1);
  }
}

export class OwnForMaskedLM extends MaskedLanguageModel {
  static readonly architecture = architecture;
  readonly own: OwnModel;
  readonly head: VocabularyProjection;

  constructor(readonly config: OwnConfig) {
    super();
    this.own = new OwnModel(config);
    this.head = new VocabularyProjection(this.own.words, { tied: config.tieWordEmbeddings });
  }

  get encoder(): OwnModel {
    return this.own;
  }

  override get tiedWeights(): TiedWeights | undefined {
    return this.config.tieWordEmbeddings ? { embedding: 'own.words.weight', head: 'head.weight' } : undefined;
  }

  scoreTokens(hidden: Tensor): Tensor {
    return this.head.forward(hidden);
  }
}

registerFamily({
  architecture,
  base: OwnModel,
  heads: { SequenceClassification: OwnForSequenceClassification, MaskedLM: OwnForMaskedLM },
});
