/**
 * @file What special tokens are for, by the names that RoBERTa's and GPT-2's have; BERT's are known without. A tokenizer that is
 * trained with them says so in tokenizer_config.json, and puts them around texts.
 */
import { endOfText } from './options.js';

const roles: Readonly<Record<string, readonly string[]>> = {
  [endOfText]: ['bos', 'eos'],
  '<s>': ['bos', 'cls'],
  '</s>': ['eos', 'sep'],
  '<pad>': ['pad'],
  '<unk>': ['unk'],
  '<mask>': ['mask'],
};

/** Settings of tokenizer_config.json such as `cls_token`. Later names win: `<s>` over `<|endoftext|>`. */
export function namedSpecialTokens(specialTokens: readonly string[]): Record<string, string> {
  const known = Object.entries(roles).filter(([token]) => specialTokens.includes(token));
  return Object.fromEntries(known.flatMap(([token, kinds]) => kinds.map((kind) => [`${kind}_token`, token])));
}

/**
 * The post-processor that puts tokens around texts: RoBERTa's for `<s>` and `</s>`, BERT's for `[CLS]` and `[SEP]`; undefined
 * where there are neither.
 *
 * @param specialTokens in the order of their numbers, from 0
 */
export function textEnds(specialTokens: readonly string[]): Readonly<Record<string, unknown>> | undefined {
  const numbered = (token: string) => [token, specialTokens.indexOf(token)];
  const hasBoth = (cls: string, sep: string) => specialTokens.includes(cls) && specialTokens.includes(sep);
  if (hasBoth('<s>', '</s>')) {
    const [sep, cls] = [numbered('</s>'), numbered('<s>')];
    return { type: 'RobertaProcessing', sep, cls, trim_offsets: true, add_prefix_space: false };
  }
  if (hasBoth('[CLS]', '[SEP]')) return { type: 'BertProcessing', sep: numbered('[SEP]'), cls: numbered('[CLS]') };
  return undefined;
}
