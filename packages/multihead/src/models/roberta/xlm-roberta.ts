/** @file XLM-RoBERTa (Conneau et al. 2020): RoBERTa's architecture, trained on texts of a hundred languages. */
import type { Architecture, Family } from '../family.js';
import { robertaArchitecture } from './architecture.js';
import { XLMRobertaConfig } from './config.js';
import {
  RobertaForMaskedLM,
  RobertaForQuestionAnswering,
  RobertaForSequenceClassification,
  RobertaForTokenClassification,
} from './heads.js';
import { RobertaModel } from './roberta.js';

const architecture: Architecture<XLMRobertaConfig> = {
  ...robertaArchitecture,
  modelType: 'xlm-roberta',
  config: XLMRobertaConfig,
};

/**
 * XLM-RoBERTa without a head.
 *
 * @example
 * const model = await XLMRobertaModel.fromPretrained('models/xlm-roberta-base');
 * const { lastHiddenState } = await model.predict(batch);
 */
export class XLMRobertaModel extends RobertaModel {
  static override readonly architecture = architecture;
}

/**
 * XLM-RoBERTa for masked language modeling: vocabulary scores at each position, `logits`, [batch, sequence,
 * vocabulary].
 *
 * @example
 * const model = await XLMRobertaForMaskedLM.fromPretrained('models/xlm-roberta-base');
 */
export class XLMRobertaForMaskedLM extends RobertaForMaskedLM {
  static override readonly architecture = architecture;
}

/**
 * XLM-RoBERTa for sequence classification: a score for each label, `logits`, [batch, labels].
 *
 * @example
 * const model = await XLMRobertaForSequenceClassification.fromPretrained('models/xlm-roberta-sentiment');
 */
export class XLMRobertaForSequenceClassification extends RobertaForSequenceClassification {
  static override readonly architecture = architecture;
}

/**
 * XLM-RoBERTa for token classification: a score for each token and label, `logits`, [batch, sequence, labels].
 *
 * @example
 * const model = await XLMRobertaForTokenClassification.fromPretrained('models/xlm-roberta-ner');
 */
export class XLMRobertaForTokenClassification extends RobertaForTokenClassification {
  static override readonly architecture = architecture;
}

/**
 * XLM-RoBERTa for extractive question answering: scores each token as the start and end of the answer, `startLogits`
 * and `endLogits`, [batch, sequence].
 *
 * @example
 * const model = await XLMRobertaForQuestionAnswering.fromPretrained('models/xlm-roberta-squad2');
 */
export class XLMRobertaForQuestionAnswering extends RobertaForQuestionAnswering {
  static override readonly architecture = architecture;
}

export const xlmRoberta: Family = {
  architecture,
  base: XLMRobertaModel,
  heads: {
    MaskedLM: XLMRobertaForMaskedLM,
    SequenceClassification: XLMRobertaForSequenceClassification,
    TokenClassification: XLMRobertaForTokenClassification,
    QuestionAnswering: XLMRobertaForQuestionAnswering,
  },
};
