import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bytesOf, byteTokenizer, endOfText } from '../../testing/byte-tokenizer.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';
import { AutoTokenizer } from '../tokenizer/auto-tokenizer.js';

const template =
  '{% for m in messages %}<{{ m.role }}>{{ m.content }}{{ eos_token }}{% endfor %}{% if add_generation_prompt %}>{% endif %}';
const messages = [{ role: 'user', content: 'Hi' }];

/** A folder with a tokenizer, and these files and settings. */
function folderWith(config: object, files: Readonly<Record<string, string>> = {}): string {
  const folder = temporaryFolder();
  const own = byteTokenizer().files();
  const merged = { ...JSON.parse(own['tokenizer_config.json'] as string), ...config };
  for (const [name, text] of Object.entries({ ...own, 'tokenizer_config.json': JSON.stringify(merged), ...files })) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

describe('a chat template', () => {
  test('of tokenizer_config.json writes text, or tokens in which special ones are single', async () => {
    const tokenizer = await AutoTokenizer.fromPretrained(folderWith({ chat_template: template }));
    expect(tokenizer.chatTemplate).toBe(template);
    const text = await tokenizer.applyChatTemplate(messages, { addGenerationPrompt: true, tokenize: false });
    expect(text).toBe(`<user>Hi${endOfText}>`);
    const ids = await tokenizer.applyChatTemplate(messages, { addGenerationPrompt: true });
    expect(ids).toEqual([...bytesOf('<user>Hi'), 0, ...bytesOf('>')]);
  });

  test('of chat_template.jinja wins over tokenizer_config.json’s, and is saved with the tokenizer', async () => {
    const folder = folderWith({ chat_template: 'older' }, { 'chat_template.jinja': template });
    const tokenizer = await AutoTokenizer.fromPretrained(folder);
    expect(tokenizer.chatTemplate).toBe(template);
    const again = await AutoTokenizer.fromPretrained(folderWith({}, tokenizer.files()));
    expect(again.chatTemplate).toBe(template);
  });

  test('may be one of several, in files or as a list', async () => {
    const files = { 'chat_template.jinja': 'a', 'additional_chat_templates/tool_use.jinja': 'b' };
    const list = [
      { name: 'default', template: 'a' },
      { name: 'tool_use', template: 'b' },
    ];
    for (const folder of [folderWith({}, files), folderWith({ chat_template: list })]) {
      const tokenizer = await AutoTokenizer.fromPretrained(folder);
      expect(tokenizer.chatTemplates).toEqual({ default: 'a', tool_use: 'b' });
      expect(JSON.parse(tokenizer.files()['tokenizer_config.json'] as string).chat_template).toEqual(list);
      expect(await tokenizer.applyChatTemplate(messages, { tools: [], tokenize: false })).toBe('b');
    }
  });

  test.each([3, [{ name: 'x' }], { default: 'x' }])('that is %j is refused', async (value) => {
    const loading = AutoTokenizer.fromPretrained(folderWith({ chat_template: value }));
    await expect(loading).rejects.toThrow('chat_template is neither a text nor a list of { name, template }');
  });

  test('is missing: the error says where one belongs', async () => {
    const tokenizer = byteTokenizer();
    expect(tokenizer.chatTemplate).toBeUndefined();
    await expect(tokenizer.applyChatTemplate(messages)).rejects.toThrow(
      'the byte tokenizer: has no chat template (chat_template in tokenizer_config.json, or a file chat_template.jinja)',
    );
  });
});
