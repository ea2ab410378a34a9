/** @file `multihead/vectors`: search over vectors, quantized or not, in memory or in files. It loads the engine, but no models. */
import '../engine/evaluate.js';

export { type CommunityDetectionOptions, communityDetection } from '../vectors/community-detection.js';
export {
  type HardNegativeOptions,
  type MinedPair,
  mineHardNegatives,
  type PositivePair,
} from '../vectors/mine-hard-negatives.js';
export { type OpenVectorsOptions, openVectors } from '../vectors/open-vectors.js';
export { type ParaphraseMiningOptions, type ParaphrasePair, paraphraseMining } from '../vectors/paraphrase-mining.js';
export { type Precision, type QuantizeEmbeddingsOptions, quantizeEmbeddings } from '../vectors/quantize-embeddings.js';
export { type ReciprocalRankFusionOptions, reciprocalRankFusion } from '../vectors/reciprocal-rank-fusion.js';
export type { ScoreFunctionName } from '../vectors/score-functions.js';
export { type SearchHit, type SemanticSearchOptions, semanticSearch } from '../vectors/semantic-search.js';
export type { AnyVectors, BinaryVectors, Int8Vectors, VectorRows, VectorSource, Vectors } from '../vectors/vectors.js';
