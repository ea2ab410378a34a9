/** @file The family DistilBERT. */
import type { Family } from '../family.js';
import { distilBertArchitecture } from './architecture.js';
import { DistilBertModel } from './distilbert.js';
import {
  DistilBertForMaskedLM,
  DistilBertForQuestionAnswering,
  DistilBertForSequenceClassification,
  DistilBertForTokenClassification,
} from './heads.js';

export const distilbert: Family = {
  architecture: distilBertArchitecture,
  base: DistilBertModel,
  heads: {
    MaskedLM: DistilBertForMaskedLM,
    SequenceClassification: DistilBertForSequenceClassification,
    TokenClassification: DistilBertForTokenClassification,
    QuestionAnswering: DistilBertForQuestionAnswering,
  },
};
