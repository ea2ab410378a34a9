/** @file Creates the logits processors of the options, in the order in which Hugging Face applies them. */
import type { LogitsProcessor } from './logits-processor.js';
import type { ResolvedOptions } from './options.js';
import { minLength, minNewTokens } from './processors/min-length.js';
import { minP } from './processors/min-p.js';
import { noRepeatNgram } from './processors/no-repeat-ngram.js';
import { repetitionPenalty } from './processors/repetition-penalty.js';
import { temperature } from './processors/temperature.js';
import { topK } from './processors/top-k.js';
import { topP } from './processors/top-p.js';

/** Creates the processors of the options; those for sampling only if tokens are sampled. */
export function logitsProcessors(options: ResolvedOptions): LogitsProcessor[] {
  const { eosTokenIds, doSample } = options;
  const processors: LogitsProcessor[] = [];
  if (options.repetitionPenalty !== 1) processors.push(repetitionPenalty(options.repetitionPenalty));
  if (options.noRepeatNgramSize > 0) processors.push(noRepeatNgram(options.noRepeatNgramSize));
  if (options.minLength > 0) processors.push(minLength(options.minLength, eosTokenIds));
  if (options.minNewTokens > 0) processors.push(minNewTokens(options.minNewTokens, eosTokenIds));
  if (!doSample) return processors;
  if (options.temperature !== 1) processors.push(temperature(options.temperature));
  if (options.topK > 0) processors.push(topK(options.topK));
  if (options.topP < 1) processors.push(topP(options.topP));
  if (options.minP > 0) processors.push(minP(options.minP));
  return processors;
}
