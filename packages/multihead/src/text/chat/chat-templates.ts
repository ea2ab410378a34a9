/** @file A tokenizer's chat templates: one, or several by name, as tokenizer_config.json and chat_template.jinja have them. */
import { UserError } from '../../platform/errors.js';

/** Templates by their names; that of a file with one is called `default`. */
export type ChatTemplates = Readonly<Record<string, string>>;

/**
 * Reads `chat_template` of tokenizer_config.json: a text, or a list of `{ name, template }`.
 *
 * @param where the file, for errors
 * @throws UserError for anything else
 */
export function readChatTemplates(value: unknown, where: string): ChatTemplates {
  if (value === undefined || value === null) return {};
  if (typeof value === 'string') return { default: value };
  const isNamed = (entry: unknown): entry is { name: string; template: string } =>
    typeof (entry as { name?: unknown } | null)?.name === 'string' &&
    typeof (entry as { template?: unknown }).template === 'string';
  if (Array.isArray(value) && value.every(isNamed)) {
    return Object.fromEntries(value.map(({ name, template }) => [name, template]));
  }
  throw new UserError(`${where}: chat_template is neither a text nor a list of { name, template }`);
}

/** Templates as tokenizer_config.json has them; undefined for none. */
export function chatTemplatesToJson(templates: ChatTemplates): unknown {
  const names = Object.keys(templates);
  if (names.length === 0) return undefined;
  if (names.length === 1 && templates.default !== undefined) return templates.default;
  return names.map((name) => ({ name, template: templates[name] }));
}

/**
 * The template of a conversation: the one that is asked for, by its name or as a text; `tool_use` where there are tools and such
 * a template; else `default`.
 *
 * @throws UserError where there is none
 */
export function chooseTemplate(
  templates: ChatTemplates,
  { chatTemplate, hasTools }: { readonly chatTemplate: string | undefined; readonly hasTools: boolean },
  where: string,
): string {
  if (chatTemplate !== undefined)
    return Object.hasOwn(templates, chatTemplate) ? (templates[chatTemplate] as string) : chatTemplate;
  const chosen = (hasTools ? templates.tool_use : undefined) ?? templates.default;
  if (chosen !== undefined) return chosen;
  const names = Object.keys(templates);
  if (names.length > 0) {
    throw new UserError(
      `${where}: has chat templates named ${names.join(', ')} and no default; choose one with chatTemplate`,
    );
  }
  throw new UserError(
    `${where}: has no chat template (chat_template in tokenizer_config.json, or a file chat_template.jinja). Use a model that ` +
      'was trained on conversations, or give a template with chatTemplate.',
  );
}
