/** @file What `multihead perplexity` does: one model, one text, one number. */
import { readText } from '#files';
import { loadCausal } from '../../../inference/generation/load.js';
import { perplexity as measure } from '../../../inference/generation/perplexity.js';
import type { DtypeName } from '../../../models/dtypes.js';
import { given } from '../../options/common-options.js';

/** The command's options. */
export interface PerplexityArguments {
  readonly model: string;
  readonly maxLength?: number;
  readonly stride?: number;
  readonly dtype?: DtypeName;
  readonly json?: boolean;
}

/** Runs the command. */
export async function perplexity(
  file: string,
  { model: folder, dtype, json, ...options }: PerplexityArguments,
): Promise<void> {
  const { model, tokenizer } = await loadCausal(folder, { dtype });
  const showsProgress = process.stderr.isTTY && !json;
  const onProgress = showsProgress
    ? (read: number, total: number) => process.stderr.write(`\r${read} of ${total} tokens${read < total ? '' : '\n'}`)
    : undefined;
  const result = await measure(model, tokenizer, await readText(file), {
    ...given(options, 'maxLength', 'stride'),
    onProgress,
  });
  if (json) console.log(JSON.stringify(result));
  else console.log(`perplexity ${result.perplexity.toFixed(4)} over ${result.tokens} tokens`);
}
