/** @file The family RoBERTa. */
import type { Family } from '../family.js';
import { robertaArchitecture } from './architecture.js';
import {
  RobertaForMaskedLM,
  RobertaForQuestionAnswering,
  RobertaForSequenceClassification,
  RobertaForTokenClassification,
} from './heads.js';
import { RobertaModel } from './roberta.js';

export const roberta: Family = {
  architecture: robertaArchitecture,
  base: RobertaModel,
  heads: {
    MaskedLM: RobertaForMaskedLM,
    SequenceClassification: RobertaForSequenceClassification,
    TokenClassification: RobertaForTokenClassification,
    QuestionAnswering: RobertaForQuestionAnswering,
  },
};
