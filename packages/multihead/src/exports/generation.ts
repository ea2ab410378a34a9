/** @file `multihead/generation`: text generation below the pipeline. */
import '../engine/evaluate.js';

export { generate } from '../inference/generation/generate.js';
export type { FinishReason, GeneratedTokens } from '../inference/generation/generated.js';
export type { GenerationConfig } from '../inference/generation/generation-config.js';
export { generationSchema } from '../inference/generation/generation-schema.js';
export type { GenerationOptions } from '../inference/generation/options.js';
export { type Perplexity, type PerplexityOptions, perplexity } from '../inference/generation/perplexity.js';
export type { ScoredToken, TokenScores } from '../inference/generation/search/token-scores.js';
export type { TextPiece, TextStream } from '../inference/generation/streaming/stream-texts.js';
export {
  type GeneratedText,
  type TextGenerationOptions,
  type TextGenerationPipeline,
  textGenerationPipeline,
} from '../inference/generation/text-generation.js';
