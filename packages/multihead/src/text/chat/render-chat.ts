/**
 * @file A conversation written as the text that a model was trained on, by its Jinja template: as `apply_chat_template` of
 * Transformers, with trim_blocks and lstrip_blocks.
 */
import { UserError } from '../../platform/errors.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import type { SpecialTokens } from '../tokenizer/special-tokens.js';
import { type ChatMessage, checkConversation } from './chat-message.js';
import { type ChatTemplates, chooseTemplate } from './chat-templates.js';
import { rewriteStrips, stripFunctions } from './strip-calls.js';

/** Options of `tokenizer.applyChatTemplate`. */
export interface ChatTemplateOptions {
  /** Whether to end with the beginning of an assistant's message, which the model then writes. Default: false. */
  readonly addGenerationPrompt?: boolean | undefined;
  /** Whether to leave the last message open, so that the model continues it. Default: false. */
  readonly continueFinalMessage?: boolean | undefined;
  /** Whether to return token ids; otherwise the text. Default: true. */
  readonly tokenize?: boolean | undefined;
  /** Functions that the model may call, as JSON schemas; for templates that know tools. */
  readonly tools?: readonly object[] | undefined;
  /** Documents that the model may use, each `{ title, text }`; for templates that know them. */
  readonly documents?: readonly object[] | undefined;
  /** The name of one of the tokenizer's templates, or a template of one's own. Default: the tokenizer's. */
  readonly chatTemplate?: string | undefined;
  /** Further variables of the template, such as `{ enable_thinking: false }`. */
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
}

const optionNames = namesOf<ChatTemplateOptions>({
  addGenerationPrompt: true,
  continueFinalMessage: true,
  tokenize: true,
  tools: true,
  documents: true,
  chatTemplate: true,
  variables: true,
});

/** What a conversation is written with. */
export interface ChatContext {
  readonly templates: ChatTemplates;
  readonly specialTokens: SpecialTokens;
  /** The tokenizer's file, for errors. */
  readonly where: string;
}

/**
 * Writes a conversation.
 *
 * @throws UserError for messages that are none, a tokenizer without a template, a template that cannot be read, and messages that
 *   the template refuses
 */
export async function renderChat(
  messages: readonly ChatMessage[],
  options: ChatTemplateOptions,
  { templates, specialTokens, where }: ChatContext,
): Promise<string> {
  checkOptionNames(options, optionNames, 'applyChatTemplate');
  const { addGenerationPrompt = false, continueFinalMessage = false, chatTemplate, tools, documents } = options;
  checkConversation(messages);
  if (addGenerationPrompt && continueFinalMessage) {
    throw new UserError(
      'addGenerationPrompt begins a new message, continueFinalMessage continues the last; choose one',
    );
  }
  const source = chooseTemplate(templates, { chatTemplate, hasTools: tools !== undefined }, where);
  const specials = Object.entries(specialTokens).map(([kind, token]) => [`${kind}_token`, token]);
  const variables = {
    ...globals(where),
    ...Object.fromEntries(specials),
    ...options.variables,
    tools: tools ?? null,
    documents: documents ?? null,
    add_generation_prompt: addGenerationPrompt,
  };
  if (!continueFinalMessage) return render(source, { ...variables, messages }, where);
  const { marked, text } = markEnd(messages);
  return cutAtMark(await render(source, { ...variables, messages: marked }, where), text);
}

const mark = 'CONTINUE_FINAL_MESSAGE_TAG ';

/** The conversation with a mark behind its last text. */
function markEnd(messages: readonly ChatMessage[]): { marked: ChatMessage[]; text: string } {
  const last = messages.at(-1) as ChatMessage;
  const { content } = last;
  const open = (marked: ChatMessage['content']) => [...messages.slice(0, -1), { ...last, content: marked ?? null }];
  if (typeof content === 'string') return { marked: open(`${content}${mark}`), text: content };
  const parts = content ?? [];
  const place = parts.findLastIndex(({ text }) => typeof text === 'string');
  const text = parts[place]?.text;
  if (text === undefined) throw new UserError('continueFinalMessage: the last message has no text to continue');
  return { marked: open(parts.with(place, { ...parts[place], type: 'text', text: `${text}${mark}` })), text };
}

/** What was written up to the mark; a template that trims a message's end has trimmed the mark's space, and so the text's. */
function cutAtMark(rendered: string, text: string): string {
  const place = rendered.lastIndexOf(mark.trimEnd());
  if (place < 0 || !rendered.includes(text.trim())) {
    throw new UserError('continueFinalMessage: the template leaves out the last message or a part of it');
  }
  const before = rendered.slice(0, place);
  return rendered.startsWith(mark, place) ? before : before.trimEnd();
}

async function render(source: string, variables: Readonly<Record<string, unknown>>, where: string): Promise<string> {
  const { Environment, Interpreter, parse, tokenize } = await import('@huggingface/jinja');
  const readTemplate = () => {
    try {
      const parsed = parse(tokenize(source, { lstrip_blocks: true, trim_blocks: true }));
      rewriteStrips(parsed);
      return parsed;
    } catch (error) {
      throw new UserError(`${where}: the chat template cannot be read: ${(error as Error).message}`, { cause: error });
    }
  };
  const template = readTemplate();
  try {
    const environment = new Environment();
    for (const [name, value] of Object.entries(variables)) environment.set(name, value);
    return String(new Interpreter(environment).run(template).value);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${where}: the chat template cannot write these messages: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** More than a template counts; a hostile one would take all memory. */
const mostInRange = 100_000;

/** What every template may use. */
const globals = (where: string): Readonly<Record<string, unknown>> => ({
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
  ...stripFunctions,
  raise_exception(message: unknown) {
    throw new UserError(`${where}: the chat template refuses these messages: ${String(message)}`);
  },
  range(first: number, second?: number, step = 1): number[] {
    const [start, stop] = second === undefined ? [0, first] : [first, second];
    const length = Math.max(0, Math.ceil((stop - start) / step));
    if (!(length <= mostInRange)) throw new Error(`range(${start}, ${stop}, ${step}) is longer than ${mostInRange}`);
    return Array.from({ length }, (_, i) => start + i * step);
  },
  strftime_now: (format: string): string => strftime(new Date(), format),
});

/** The date and time by Python's format, in English, as Python writes it wherever it runs. */
function strftime(date: Date, format: string): string {
  const padded = (value: number) => String(value).padStart(2, '0');
  const english = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat('en-US', options).format(date);
  const parts: Readonly<Record<string, () => string>> = {
    Y: () => String(date.getFullYear()),
    y: () => padded(date.getFullYear() % 100),
    m: () => padded(date.getMonth() + 1),
    d: () => padded(date.getDate()),
    b: () => english({ month: 'short' }),
    B: () => english({ month: 'long' }),
    a: () => english({ weekday: 'short' }),
    A: () => english({ weekday: 'long' }),
    H: () => padded(date.getHours()),
    M: () => padded(date.getMinutes()),
    S: () => padded(date.getSeconds()),
    '%': () => '%',
  };
  return format.replace(/%(.)/g, (token, letter: string) => parts[letter]?.() ?? token);
}
