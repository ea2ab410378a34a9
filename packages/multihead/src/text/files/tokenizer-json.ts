/** @file Checks of a tokenizer.json before a library reads it, so that errors name the file and what is wrong in it. */
import { UserError } from '../../platform/errors.js';
import type { TokenizerJson } from '../backends/backend.js';
import { readTemplate } from '../tokenizer/post-processor.js';

/**
 * Checks the parts of a tokenizer.json without which no text can be encoded.
 *
 * @param where the file's name, for errors
 * @throws UserError where there is no model, no vocabulary, or no token for what the vocabulary lacks
 */
export function checkTokenizerJson(content: unknown, where: string): TokenizerJson {
  if (!isObject(content)) throw new UserError(`${where}: holds no JSON object; a tokenizer was expected`);
  const { model } = content;
  if (!isObject(model)) throw new UserError(`${where}: is no tokenizer: it has no object "model"`);
  const { type, vocab, unk_token } = model;
  const size = Array.isArray(vocab) || isObject(vocab) ? Object.keys(vocab).length : 0;
  if (size === 0)
    throw new UserError(`${where}: model.vocab is empty or missing; tokens with their numbers belong there`);
  if (type === 'WordPiece' && !(isObject(vocab) && typeof unk_token === 'string' && Object.hasOwn(vocab, unk_token))) {
    throw new UserError(
      `${where}: model.unk_token is ${JSON.stringify(unk_token)}, which model.vocab does not have. WordPiece needs a ` +
        'token for what it does not know: add it to the vocabulary.',
    );
  }
  const { added_tokens: added } = content;
  const isToken = (token: unknown) =>
    isObject(token) && Number.isSafeInteger(token.id) && typeof token.content === 'string';
  if (added != null && !(Array.isArray(added) && added.every(isToken))) {
    throw new UserError(`${where}: added_tokens must be a list of tokens, each with an id and its content`);
  }
  const json: TokenizerJson = { ...content, model };
  readTemplate(json.post_processor, where); // a template that cannot be makes the Rust library panic
  return json;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
