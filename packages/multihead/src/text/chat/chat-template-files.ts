/** @file Chat templates in files of their own, as Transformers saves them since version 4.51. */
import { exists, joinPath, listDirectory, readTextAtMost } from '#files';
import { chatTemplatesToJson } from './chat-templates.js';

/** In bytes. The longest templates that models have take 20 KB. */
const longestTemplate = 1 << 20;
const others = 'additional_chat_templates';

/**
 * The setting `chat_template` with the folder's `chat_template.jinja` and `additional_chat_templates/NAME.jinja`, which win over
 * tokenizer_config.json's; nothing where the folder has neither.
 */
export async function readChatTemplateFiles(folder: string): Promise<{ readonly chat_template?: unknown }> {
  const read = (path: string) => readTextAtMost(path, longestTemplate);
  const templates: Record<string, string> = {};
  const path = joinPath(folder, 'chat_template.jinja');
  if (await exists(path)) templates.default = await read(path);
  const directory = joinPath(folder, others);
  if (await exists(directory)) {
    const files = (await listDirectory(directory)).filter((name) => name.endsWith('.jinja'));
    for (const name of files.sort()) templates[name.slice(0, -'.jinja'.length)] = await read(joinPath(directory, name));
  }
  const json = chatTemplatesToJson(templates);
  return json === undefined ? {} : { chat_template: json };
}
