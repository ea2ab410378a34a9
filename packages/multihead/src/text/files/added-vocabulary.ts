/**
 * @file Tokens beside the vocabulary, as Transformers 5 gathers them: of tokenizer_config.json's `added_tokens_decoder` or,
 * without it, of added_tokens.json; then special tokens that are named and not yet there.
 */
import { UserError } from '../../platform/errors.js';
import type { AddedToken, TokenizerJson } from '../backends/backend.js';

/** The files that name tokens. */
export interface AddedTokenFiles {
  /** tokenizer_config.json and special_tokens_map.json together. */
  readonly config: Readonly<Record<string, unknown>>;
  /** added_tokens.json: numbers by token. */
  readonly added: Readonly<Record<string, unknown>>;
  /** For errors: the folder. */
  readonly where: string;
}

type NewToken = Omit<AddedToken, 'id'>;

const named = ['bos', 'eos', 'unk', 'sep', 'pad', 'cls', 'mask'].map((kind) => `${kind}_token`);

/**
 * Adds the tokens that the files name to a tokenizer.json. A token of the vocabulary keeps its number; new ones get the next
 * numbers in their order, as the library gives them.
 *
 * @throws UserError for a list that holds something else than tokens
 */
export function withAddedTokens(json: TokenizerJson, files: AddedTokenFiles): TokenizerJson {
  const tokens = [...(json.added_tokens ?? [])];
  const vocabulary = vocabularyOf(json);
  let next = Math.max(vocabulary.size, ...tokens.map(({ id }) => id + 1));
  const add = (token: NewToken) => {
    if (token.content === '') return;
    const at = tokens.findIndex(({ content }) => content === token.content);
    const id = tokens[at]?.id ?? vocabulary.get(token.content) ?? next;
    if (id === next) next++;
    tokens.splice(at < 0 ? tokens.length : at, at < 0 ? 0 : 1, { ...token, id });
  };
  for (const token of listed(files)) add(token);
  for (const token of specials(files)) if (!tokens.some(({ content }) => content === token.content)) add(token);
  return { ...json, added_tokens: tokens.sort((a, b) => a.id - b.id) };
}

/** The tokens that are listed with their numbers, by these. */
function listed({ config, added, where }: AddedTokenFiles): NewToken[] {
  const byNumber = (entries: [number, NewToken][]) => entries.sort(([a], [b]) => a - b).map(([, token]) => token);
  const decoder = config.added_tokens_decoder;
  if (decoder !== undefined && decoder !== null) {
    const entries = Object.entries(decoder as object);
    return byNumber(
      entries.map(([id, token]) => [Number(id), tokenOf(token, false, `${where}: added_tokens_decoder.${id}`)]),
    );
  }
  const special = new Set(specials({ config, added, where }).map(({ content }) => content));
  return byNumber(
    Object.entries(added).map(([content, id]) => {
      if (!Number.isSafeInteger(id)) {
        throw new UserError(`${where}: added_tokens.json gives ${content} the number ${JSON.stringify(id)}`);
      }
      return [id as number, plainToken(content, special.has(content))];
    }),
  );
}

/** Special tokens that the configuration names: those with a meaning of their own, then others. */
function specials({ config, where }: AddedTokenFiles): NewToken[] {
  const extra = config.extra_special_tokens ?? config.additional_special_tokens ?? [];
  if (typeof extra !== 'object') {
    throw new UserError(`${where}: additional_special_tokens is ${JSON.stringify(extra)}; expected a list of tokens`);
  }
  const others = Object.entries(config).filter(
    ([key, value]) => key.endsWith('_token') && !named.includes(key) && typeof value === 'string',
  );
  const given = [...named.map((key) => [key, config[key]] as const), ...others, ...Object.entries(extra as object)];
  return given
    .filter(([, token]) => token !== undefined && token !== null && typeof token !== 'boolean')
    .map(([key, token]) => tokenOf(token, true, `${where}: ${key}`));
}

const plainToken = (content: string, special: boolean): NewToken => {
  return { content, single_word: false, lstrip: false, rstrip: false, normalized: !special, special };
};

/** A token that is a string, or an object with its settings. */
function tokenOf(token: unknown, special: boolean, where: string): NewToken {
  if (typeof token === 'string') return plainToken(token, special);
  const { content, ...settings } = (typeof token === 'object' && token !== null ? token : {}) as Partial<NewToken>;
  if (typeof content !== 'string') {
    throw new UserError(`${where} is ${JSON.stringify(token)}; expected a token, or an object with its "content"`);
  }
  const isSpecial = special || settings.special === true;
  const { single_word = false, lstrip = false, rstrip = false, normalized = !isSpecial } = settings;
  return { content, single_word, lstrip, rstrip, normalized, special: isSpecial };
}

/** Numbers of the model's own tokens. */
function vocabularyOf({ model: { vocab } }: TokenizerJson): Map<string, number> {
  if (Array.isArray(vocab)) return new Map(vocab.map((entry, id) => [String((entry as unknown[])[0]), id]));
  return new Map(Object.entries(vocab as Record<string, number>));
}
