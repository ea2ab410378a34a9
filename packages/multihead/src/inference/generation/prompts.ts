/** @file Prompts of text generation: texts, and conversations that a chat template writes as text. */
import type { DecodingModel } from '../../models/causal/decoding-model.js';
import { UserError } from '../../platform/errors.js';
import { type ChatMessage, isConversation } from '../../text/chat/chat-message.js';
import type { ChatTemplateOptions } from '../../text/chat/render-chat.js';
import type { Tokenizer } from '../../text/tokenizer/tokenizer.js';
import type { GenerationConfig } from './generation-config.js';

/** A beginning of a text, or a conversation whose next message is asked for. */
export type Prompt = string | readonly ChatMessage[];

/** What a chat template is given besides messages: tools, documents, its variables, or another template. */
export type ChatPromptOptions = Pick<ChatTemplateOptions, 'tools' | 'documents' | 'variables' | 'chatTemplate'>;

/** Whether a single prompt was given, not a list of them. */
export const isOnePrompt = (given: Prompt | readonly unknown[]): given is Prompt =>
  typeof given === 'string' || isConversation(given);

/** What prompts are encoded with. */
interface PromptContext {
  readonly model: DecodingModel;
  readonly tokenizer: Tokenizer;
  readonly config: GenerationConfig;
  readonly chat: ChatPromptOptions | undefined;
}

/** The token ids of prompts. */
export async function encodePrompts(
  prompts: readonly Prompt[],
  context: PromptContext,
): Promise<(readonly number[])[]> {
  const texts = prompts.filter((prompt) => typeof prompt === 'string');
  const ofTexts = (await encodeTexts(texts, context))[Symbol.iterator]();
  return Promise.all(
    prompts.map((prompt) =>
      typeof prompt === 'string' ? (ofTexts.next().value as number[]) : encodeConversation(prompt, context),
    ),
  );
}

/** Whether the model continues the last message, as it does with an assistant's, or writes one of its own. */
const continuesLast = (messages: readonly ChatMessage[]): boolean => messages.at(-1)?.role === 'assistant';

function encodeConversation(messages: readonly ChatMessage[], { tokenizer, chat }: PromptContext) {
  const continueFinalMessage = continuesLast(messages);
  const addGenerationPrompt = !continueFinalMessage;
  return tokenizer.applyChatTemplate(messages, { ...chat, continueFinalMessage, addGenerationPrompt });
}

/** A prompt with what was generated behind it: the conversation with the assistant's message. */
export function withGenerated(prompt: Prompt, text: string): Prompt {
  if (typeof prompt === 'string') return `${prompt}${text}`;
  const last = prompt.at(-1);
  if (!continuesLast(prompt) || last === undefined) return [...prompt, { role: 'assistant', content: text }];
  const { content } = last;
  const parts = [content ?? []].flat();
  const continued = typeof content === 'string' ? `${content}${text}` : [...parts, { type: 'text', text }];
  return [...prompt.slice(0, -1), { ...last, content: continued as ChatMessage['content'] & object }];
}

/**
 * Texts as tokens. Special tokens that the tokenizer puts behind a text ([SEP], </s>) are left out, since the text goes
 * on. A prompt of no tokens becomes the token that texts begin with or, where there is none (GPT-2), the one between them.
 */
async function encodeTexts(
  prompts: readonly string[],
  { model, tokenizer, config }: PromptContext,
): Promise<number[][]> {
  const encodings = await tokenizer.encodeBatch(prompts);
  return encodings.map(({ inputIds: ids, specialTokensMask }) => {
    let end = ids.length;
    while (end > 0 && specialTokensMask[end - 1] === 1) end--;
    if (end > 0) return ids.slice(0, end);
    const [eos] = [model.config.eosTokenId ?? []].flat();
    const first = config.bosTokenId ?? model.config.bosTokenId ?? tokenizer.bosId ?? eos ?? tokenizer.eosId;
    if (first !== undefined) return [first];
    throw new UserError(
      'the prompt is empty, and neither model nor tokenizer names a token that texts begin with (bos_token_id, ' +
        'eos_token_id). Give a prompt of one character or more.',
    );
  });
}
