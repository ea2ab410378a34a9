/** @file The family ELECTRA: the discriminator with the heads of tasks, the generator as masked language model. */
import type { Family } from '../family.js';
import { electraArchitecture } from './architecture.js';
import { ElectraModel } from './electra.js';
import {
  ElectraForQuestionAnswering,
  ElectraForSequenceClassification,
  ElectraForTokenClassification,
} from './heads.js';
import { ElectraForMaskedLM, ElectraForPreTraining } from './pretraining.js';

export const electra: Family = {
  architecture: electraArchitecture,
  base: ElectraModel,
  heads: {
    MaskedLM: ElectraForMaskedLM,
    SequenceClassification: ElectraForSequenceClassification,
    TokenClassification: ElectraForTokenClassification,
    QuestionAnswering: ElectraForQuestionAnswering,
    PreTraining: ElectraForPreTraining,
  },
};
