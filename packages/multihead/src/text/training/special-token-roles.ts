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

/** Roles of tokens around whole texts, which a generator, that continues them, must not have. */
const aroundTexts: readonly string[] = ['cls', 'sep'];

/** Whether texts are to be read whole, as RoBERTa reads them: it has a mask, and generators have none. */
const readsWholeTexts = (specialTokens: readonly string[]): boolean => specialTokens.includes('<mask>');

/** Settings of tokenizer_config.json such as `cls_token`. Later names win: `<s>` over `<|endoftext|>`. */
export function namedSpecialTokens(specialTokens: readonly string[]): Record<string, string> {
  const known = Object.entries(roles).filter(([token]) => specialTokens.includes(token));
  const isAllowed = (kind: string) => readsWholeTexts(specialTokens) || !aroundTexts.includes(kind);
  return Object.fromEntries(
    known.flatMap(([token, kinds]) => kinds.filter(isAllowed).map((kind) => [`${kind}_token`, token])),
  );
}

/**
 * The post-processor that puts tokens around texts: RoBERTa's for `<s>`, `</s>` and `<mask>`, BERT's for `[CLS]` and `[SEP]`; undefined
 * where there are neither.
 *
 * @param specialTokens in the order of their numbers, from 0
 */
export function textEnds(specialTokens: readonly string[]): Readonly<Record<string, unknown>> | undefined {
  const numbered = (token: string) => [token, specialTokens.indexOf(token)];
  const hasBoth = (cls: string, sep: string) => specialTokens.includes(cls) && specialTokens.includes(sep);
  if (hasBoth('<s>', '</s>') && readsWholeTexts(specialTokens)) {
    const [sep, cls] = [numbered('</s>'), numbered('<s>')];
    return { type: 'RobertaProcessing', sep, cls, trim_offsets: true, add_prefix_space: false };
  }
  if (hasBoth('[CLS]', '[SEP]')) return { type: 'BertProcessing', sep: numbered('[SEP]'), cls: numbered('[CLS]') };
  return undefined;
}
