/** @file `multihead/metrics`: evaluation metrics. */
export { accuracy } from '../metrics/classification/accuracy.js';
export { averagePrecision, averagePrecisionMultiLabel } from '../metrics/classification/average-precision.js';
export {
  expectedCalibrationError,
  type ReliabilityBin,
  reliabilityBins,
} from '../metrics/classification/calibration.js';
export {
  type ClassificationReport,
  type ClassNames,
  type ClassScores,
  classificationReport,
} from '../metrics/classification/classification-report.js';
export { confusionMatrix } from '../metrics/classification/confusion-matrix.js';
export {
  type PrecisionRecallPoint,
  precisionRecallCurve,
  type RocPoint,
  rocCurve,
} from '../metrics/classification/curves.js';
export { formatClassificationReport } from '../metrics/classification/format-classification-report.js';
export { formatThresholds } from '../metrics/classification/format-thresholds.js';
export type { LabelAverage } from '../metrics/classification/label-average.js';
export { matthewsCorrelation } from '../metrics/classification/matthews.js';
export { brierScore, brierScoreMultiClass, logLoss } from '../metrics/classification/probability-scores.js';
export { rocAuc, rocAucMultiLabel, rocAucOneVersusRest } from '../metrics/classification/roc-auc.js';
export { type TunedThreshold, tuneThresholds } from '../metrics/classification/thresholds.js';
export { type CmrcScores, evaluateCmrc } from '../metrics/question-answering/cmrc.js';
export { evaluateSquad, type SquadScores } from '../metrics/question-answering/squad.js';
export {
  type BestThresholds,
  bestThresholds,
  evaluateSquadV2,
  type SquadV2Prediction,
  type SquadV2Reference,
  type SquadV2Scores,
} from '../metrics/question-answering/squad-v2.js';
export { type NdcgOptions, ndcgScore } from '../metrics/ranking/ndcg-score.js';
export {
  type RerankingOptions,
  type RerankingReport,
  rerankingReport,
  type ScoredQuery,
} from '../metrics/ranking/reranking-report.js';
export {
  type RankedQuery,
  type RetrievalMetric,
  type RetrievalReportOptions,
  retrievalMetric,
  retrievalReport,
} from '../metrics/ranking/retrieval-metrics.js';
export { type RegressionReport, regressionReport } from '../metrics/regression/regression.js';
export { type Entity, type EntityOptions, entitiesOf } from '../metrics/sequence-labeling/entities.js';
export {
  type EntityReport,
  type EntityReportOptions,
  entityReport,
} from '../metrics/sequence-labeling/entity-report.js';
export { formatEntityReport } from '../metrics/sequence-labeling/format-entity-report.js';
export type { TaggingScheme } from '../metrics/sequence-labeling/schemes.js';
export { type BinaryPairsReport, binaryPairsReport } from '../metrics/similarity/binary-pairs.js';
export { type PairedRanksMetrics, pairedRanksMetrics } from '../metrics/similarity/paired-ranks.js';
export {
  binaryPairsMetrics,
  type SimilarityMetrics,
  scoredPairsMetrics,
  tripletMetrics,
} from '../metrics/similarity/similarity-report.js';
export {
  type SimilarityName,
  similarityNames,
  type VectorSimilarity,
  vectorSimilarity,
} from '../metrics/similarity/vector-similarity.js';
export { type MeanAndDeviation, meanAndDeviation } from '../metrics/statistics/mean-and-deviation.js';
export {
  type PairedBootstrapOptions,
  type PairedComparison,
  pairedBootstrap,
} from '../metrics/statistics/paired-bootstrap.js';
