/** @file `multihead/report`: reports of runs. Apart from the library's entry, since it brings charts with it. */
export type { Outcome } from '../tasks/outcome.js';
export { answerOutcomes } from '../tasks/question-answering/outcomes.js';
export { classificationOutcomes } from '../tasks/text-classification/outcomes.js';
export type { StepValue } from './charts.js';
export { reportPage } from './page.js';
export {
  type ClassSummary,
  HistoryListener,
  type ReportInputs,
  type RunEvent,
  type RunHistory,
  type RunReport,
  runReport,
} from './run-report.js';
export { type SearchPageInputs, searchPage } from './search-page.js';
