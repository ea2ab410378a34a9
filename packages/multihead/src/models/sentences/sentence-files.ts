/**
 * @file The files that make a model's folder one of sentence-transformers'. They are written as its versions before 6 wrote them,
 *   which all versions read.
 */
import { type SentencePooling, sentencePoolings } from './sentence-poolings.js';
import { poolingFlags, type SentenceSettings } from './sentence-settings.js';

const names = {
  modules: 'modules.json',
  pooling: '1_Pooling/config.json',
  normalize: '2_Normalize/config.json',
  transformer: 'sentence_bert_config.json',
  shared: 'config_sentence_transformers.json',
};

/** The names of all files that {@link sentenceFiles} may write. */
export const sentenceFileNames: readonly string[] = Object.values(names);

/**
 * The files' contents, by their paths in the folder.
 *
 * @param hiddenSize elements of a vector
 */
export function sentenceFiles(
  { pooling, normalize, comparison, maxSeqLength, doLowerCase, prompts, prompt }: Omit<SentenceSettings, 'modelFolder'>,
  hiddenSize: number,
): Record<string, string> {
  const kinds = ['Transformer', 'Pooling', ...(normalize ? ['Normalize'] : [])];
  const modules = kinds.map((kind, idx) => ({
    idx,
    name: String(idx),
    path: idx === 0 ? '' : `${idx}_${kind}`,
    type: `sentence_transformers.models.${kind}`,
  }));
  const flag = (mode: SentencePooling) => [`pooling_mode_${poolingFlags[mode]}`, mode === pooling];
  // A default prompt is one of the named ones.
  const name = Object.keys(prompts).find((each) => prompt !== '' && prompts[each] === prompt);
  const unnamed = prompt !== '' && name === undefined;
  return {
    [names.modules]: json(modules),
    [names.pooling]: json({
      word_embedding_dimension: hiddenSize,
      ...Object.fromEntries(sentencePoolings.map(flag)),
      include_prompt: true,
    }),
    ...(normalize && { [names.normalize]: json({}) }),
    [names.transformer]: json({ max_seq_length: maxSeqLength ?? null, do_lower_case: doLowerCase }),
    [names.shared]: json({
      prompts: unnamed ? { ...prompts, default: prompt } : prompts,
      default_prompt_name: unnamed ? 'default' : (name ?? null),
      similarity_fn_name: comparison,
    }),
  };
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
