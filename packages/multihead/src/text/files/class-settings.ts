/**
 * @file What tokenizer_config.json says beside tokenizer.json, as the classes of Transformers 5 obey it: `tokenizer_class`,
 * `add_prefix_space` and the special tokens that a class puts around texts by itself.
 */
import { UserError } from '../../platform/errors.js';
import type { TokenizerJson } from '../backends/backend.js';
import { specialTokenName } from '../tokenizer/special-tokens.js';

type Config = Readonly<Record<string, unknown>>;

/** Classes that read vocab.txt as BERT does. */
const bertLike = 'Bert DistilBert Electra MobileBert ConvBert LayoutLM Lxmert RetriBert SqueezeBert'.split(' ');
/** Classes that leave everything to tokenizer.json. */
const general = ['PreTrainedTokenizer', 'TokenizersBackend'];

/** Special tokens of RoBERTa's and XLM-RoBERTa's classes, where none are named. */
const robertaTokens = {
  bos_token: '<s>',
  eos_token: '</s>',
  sep_token: '</s>',
  cls_token: '<s>',
  unk_token: '<unk>',
  pad_token: '<pad>',
  mask_token: '<mask>',
};

/** Model types whose tokenizers are BERT's, RoBERTa's and GPT-2's where no class is named (Transformers' TOKENIZER_MAPPING_NAMES). */
const classOfModel = new Map<unknown, string>([
  ...'bert convbert distilbert electra ernie layoutlm megatron-bert mobilebert nezha nomic_bert squeezebert'
    .split(' ')
    .map((type) => [type, 'BertTokenizer'] as const),
  ['roberta', 'RobertaTokenizer'],
  ['xlm-roberta', 'XLMRobertaTokenizer'],
  ...'codegen gpt2 gpt_neo gptj opt phi starcoder2'.split(' ').map((type) => [type, 'GPT2Tokenizer'] as const),
]);

/**
 * A configuration with its class and the special tokens that the class has: tokenizer_config.json's, else config.json's, else that of the type of model, as
 * Transformers 5 looks for it.
 *
 * @param config what tokenizer_config.json says
 * @param model  what config.json says
 */
export function withTokenizerClass(config: Config, model: Config): Config {
  const tokenizer_class = config.tokenizer_class ?? model.tokenizer_class ?? classOfModel.get(model.model_type);
  if (tokenizer_class == null) return config;
  const name = className({ tokenizer_class });
  const usual = name === 'RobertaTokenizer' || name === 'XLMRobertaTokenizer' ? robertaTokens : {};
  return { ...usual, ...config, tokenizer_class };
}

const className = (config: Config): string | undefined =>
  typeof config.tokenizer_class === 'string' ? config.tokenizer_class.replace(/Fast$/, '') : undefined;

const isBertClass = (name: string): boolean => bertLike.some((family) => name === `${family}Tokenizer`);

/**
 * Refuses a vocab.txt that is of no BERT, such as BertJapaneseTokenizer's and PhobertTokenizer's: its words are parted by
 * another rule.
 */
export function checkVocabularyClass(config: Config, where: string): void {
  const name = className(config);
  if (name === undefined || isBertClass(name) || general.includes(name)) return;
  throw new UserError(
    `${where}: tokenizer_class is ${String(config.tokenizer_class)}, which reads vocab.txt by rules of its own. Save the ` +
      'tokenizer in Python as tokenizer.json, if it can be, or use a model with a BERT tokenizer.',
  );
}

/**
 * A tokenizer.json with what its class makes of the configuration.
 *
 * @throws UserError for settings that are not obeyed here
 */
export function applyClassSettings(json: TokenizerJson, config: Config, where: string): TokenizerJson {
  if (config.split_special_tokens === true) {
    throw new UserError(
      `${where}: split_special_tokens is true, which would take special tokens in a text for words. That is not supported.`,
    );
  }
  const { padding_side: side = 'right' } = config;
  if (side !== 'left' && side !== 'right') {
    throw new UserError(`${where}: padding_side is ${JSON.stringify(side)}; expected "left" or "right"`);
  }
  const name = className(config);
  if (name === 'RobertaTokenizer') return withRobertaParts(json, config);
  const spaced = name === 'GPT2Tokenizer' ? withPrefixSpace(json, config.add_prefix_space === true) : json;
  if (name !== undefined && isBertClass(name)) return withBertTemplate(spaced, config);
  return spaced;
}

/** GPT-2's class makes its own pre-tokenizer, whatever tokenizer.json has. */
function withPrefixSpace(json: TokenizerJson, add_prefix_space: boolean): TokenizerJson {
  return { ...json, pre_tokenizer: { type: 'ByteLevel', add_prefix_space, trim_offsets: true, use_regex: true } };
}

/** RoBERTa's class is GPT-2's with an arrangement of its own: <s> A </s> </s> B </s>. */
function withRobertaParts(json: TokenizerJson, config: Config): TokenizerJson {
  const { add_prefix_space = false, trim_offsets = true } = config;
  const [cls, sep] = [numbered(json, specialTokenName(config, 'cls')), numbered(json, specialTokenName(config, 'sep'))];
  const spaced = withPrefixSpace(json, add_prefix_space === true);
  return { ...spaced, post_processor: { type: 'RobertaProcessing', sep, cls, trim_offsets, add_prefix_space } };
}

/** BERT's class makes its own arrangement: [CLS] A [SEP] B [SEP]. */
function withBertTemplate(json: TokenizerJson, config: Config): TokenizerJson {
  const [cls, sep] = [numbered(json, specialTokenName(config, 'cls')), numbered(json, specialTokenName(config, 'sep'))];
  if (!cls || !sep) return json;
  const single = [piece(cls, 0), text('A', 0), piece(sep, 0)];
  return withTemplate(json, { single, pair: [...single, text('B', 1), piece(sep, 1)] }, [cls, sep]);
}

type Numbered = readonly [token: string, id: number];

const piece = ([id]: Numbered, type_id: number) => ({ SpecialToken: { id, type_id } });
const text = (id: 'A' | 'B', type_id: number) => ({ Sequence: { id, type_id } });

function withTemplate(json: TokenizerJson, template: object, tokens: readonly Numbered[]): TokenizerJson {
  const special_tokens = Object.fromEntries(tokens.map(([id, n]) => [id, { id, ids: [n], tokens: [id] }]));
  return { ...json, post_processor: { type: 'TemplateProcessing', ...template, special_tokens } };
}

/** A token with its number, undefined where there is none such. */
function numbered({ added_tokens = [], model: { vocab } }: TokenizerJson, token: string | undefined) {
  if (token === undefined) return undefined;
  const own = Array.isArray(vocab)
    ? vocab.findIndex((entry) => (entry as unknown[])[0] === token)
    : ((vocab as Record<string, number>)[token] ?? -1);
  const id = added_tokens.find(({ content }) => content === token)?.id ?? own;
  return id < 0 ? undefined : ([token, id] as const);
}
