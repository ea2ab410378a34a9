/** @file `multihead/report`: reports of runs. Apart from the library's entry, since it brings charts with it. */
export { answerOutcomes, classificationOutcomes, type Outcome } from '../tasks/outcome.js';
export { reportPage } from './page.js';
export {
  type ClassSummary,
  HistoryListener,
  type ReportInputs,
  type RunHistory,
  type RunReport,
  runReport,
} from './run-report.js';
