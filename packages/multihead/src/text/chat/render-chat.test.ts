/** @file Conversations against Transformers' apply_chat_template (fixtures/text/chat-templates.json, bench/peers/chat_template_fixtures.py). */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../platform/errors.js';
import type { ChatMessage } from './chat-message.js';
import { type ChatTemplateOptions, renderChat } from './render-chat.js';

interface Case {
  readonly messages: readonly ChatMessage[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly text?: string;
  /** The template's own message, or null where Python could not write it. */
  readonly error?: string | null;
}

interface Fixture {
  readonly name: string;
  readonly template: string;
  readonly cases: readonly Case[];
}

const path = new URL('../../../fixtures/text/chat-templates.json', import.meta.url);
const fixtures = JSON.parse(readFileSync(path, 'utf8')) as Fixture[];
const specialTokens = { bos: '<s>', eos: '</s>' };
const where = 'tokenizer_config.json';
const write = (messages: readonly ChatMessage[], options: ChatTemplateOptions, templates: Record<string, string>) =>
  renderChat(messages, options, { templates, specialTokens, where });

/** apply_chat_template's options as ours. */
function optionsOf(given: Case['options']): ChatTemplateOptions {
  const { add_generation_prompt, continue_final_message, tools, ...variables } = given;
  return {
    addGenerationPrompt: add_generation_prompt === true,
    continueFinalMessage: continue_final_message === true,
    variables,
    ...(tools !== undefined && { tools: tools as object[] }),
  };
}

describe.each(fixtures.map((fixture) => [fixture.name, fixture] as const))('%s', (_, { template, cases }) => {
  test.each(cases.map((one, i) => [i, one] as const))(
    'conversation %i',
    async (__, { messages, options, text, error }) => {
      const written = write(messages, optionsOf(options), { default: template });
      if (text !== undefined) expect(await written).toBe(text);
      else await expect(written).rejects.toThrow(`${where}: the chat template refuses these messages: ${error}`);
    },
  );
});

describe('templates', () => {
  const messages = [{ role: 'user', content: 'Hi' }];
  const templates = { default: 'default', tool_use: 'tools', rag: 'documents' };

  test('by name, by tools, or given as a text', async () => {
    expect(await write(messages, {}, templates)).toBe('default');
    expect(await write(messages, { tools: [] }, templates)).toBe('tools');
    expect(await write(messages, { chatTemplate: 'rag', tools: [] }, templates)).toBe('documents');
    expect(await write(messages, { chatTemplate: '{{ messages[0].content }}!' }, templates)).toBe('Hi!');
  });

  test.each<[string, ChatTemplateOptions, Record<string, string>, string]>([
    ['none', {}, {}, 'tokenizer_config.json: has no chat template'],
    ['no default', {}, { rag: 'x' }, 'has chat templates named rag and no default; choose one with chatTemplate'],
    ['one that is no template', {}, { default: '{% for x %}' }, 'the chat template cannot be read: '],
    [
      'an unknown filter',
      {},
      { default: '{{ messages | nonesuch }}' },
      'the chat template cannot write these messages: ',
    ],
    ['one that counts for ever', {}, { default: '{% for i in range(10**12) %}{% endfor %}' }, 'is longer than 100000'],
    [
      'both ends',
      { addGenerationPrompt: true, continueFinalMessage: true },
      { default: 'x' },
      'addGenerationPrompt begins a new message',
    ],
    ['a lost ending', { continueFinalMessage: true }, { default: 'x' }, 'the template leaves out the last message'],
    [
      'an unknown option',
      { addGenerationPromt: true } as ChatTemplateOptions,
      { default: 'x' },
      'applyChatTemplate: there is no option "addGenerationPromt"',
    ],
  ])('%s: a clear error', async (_, options, given, message) => {
    const error = await write(messages, options, given).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect((error as Error).message).toContain(message);
  });

  test.each<[unknown, string]>([
    [[], 'messages: expected a list of one message or more'],
    ['Hi', 'messages: expected a list of one message or more'],
    [
      [{ role: 'user', content: 'Hi' }, { content: 'x' }],
      'messages[1]: expected { role, content } with a role of text',
    ],
    [['Hi'], 'messages[0]: expected { role, content } with a role of text, found "Hi"'],
  ])('messages %j are refused', async (given, message) => {
    await expect(write(given as ChatMessage[], {}, { default: 'x' })).rejects.toThrow(message);
  });

  test('strip takes the characters away that it names, at the ends that it means', async () => {
    const each = [
      "strip('ab')",
      "lstrip('ab')",
      "rstrip('ab')",
      'strip()',
      "lstrip('x').rstrip('a')",
      "strip('abcd ')",
    ];
    const chatTemplate = each.map((call) => `{{ messages[0].content.${call} }}`).join('|');
    const written = await write([{ role: 'user', content: 'abcd aba' }], { chatTemplate }, {});
    expect(written).toBe('cd |cd aba|abcd |abcd aba|abcd ab|');
  });

  test('the last text of a message of parts is continued', async () => {
    const parts = [{ type: 'image' }, { type: 'text', text: 'A pull' }];
    const template = '{% for part in messages[0].content %}[{{ part.type }}{{ part.text }}]{% endfor %}<end>';
    const options = { continueFinalMessage: true, chatTemplate: template };
    expect(await write([{ role: 'assistant', content: parts }], options, {})).toBe('[image][textA pull');
    const none = write([{ role: 'assistant', content: [{ type: 'image' }] }], options, {});
    await expect(none).rejects.toThrow('continueFinalMessage: the last message has no text to continue');
  });

  test('dates are written in English, wherever the machine stands', async () => {
    const written = await write(messages, { chatTemplate: "{{ strftime_now('%d %b %Y %B %%') }}" }, {});
    const [month, long] = [{ month: 'short' }, { month: 'long' }] as const;
    const now = new Date();
    const english = (options: Intl.DateTimeFormatOptions) => now.toLocaleDateString('en-US', options);
    const day = String(now.getDate()).padStart(2, '0');
    expect(written).toBe(`${day} ${english(month)} ${now.getFullYear()} ${english(long)} %`);
  });
});
