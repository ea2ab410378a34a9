/** @file A conversation with a model: its messages, and answers that are streamed and may be stopped. */
import type { TextGenerationOptions, TextGenerationPipeline } from '../../../inference/generation/text-generation.js';
import { UserError } from '../../../platform/errors.js';
import type { ChatMessage } from '../../../text/chat/chat-message.js';

/** The most tokens of an answer, unless others are asked for. */
export const answerLimit = 1024;

/** A conversation. */
export class Conversation {
  private messages: ChatMessage[] = [];
  private running: AbortController | undefined;

  /** @throws UserError for a model without a chat template */
  constructor(
    private readonly generator: TextGenerationPipeline,
    private readonly options: TextGenerationOptions,
    private system?: string,
  ) {
    if (Object.keys(generator.tokenizer.chatTemplates).length > 0) return;
    throw new UserError(
      'this model has no chat template, so it was not trained on conversations. `multihead generate` continues texts with it.',
    );
  }

  /** Forgets the messages; the instructions stay. */
  clear(): void {
    this.messages = [];
  }

  /** Begins a conversation with other instructions. */
  instruct(system: string): void {
    this.system = system === '' ? undefined : system;
    this.clear();
  }

  /** Stops the answer that is being written. Returns whether there is one that was not stopped before. */
  stop(): boolean {
    const isRunning = this.running !== undefined && !this.running.signal.aborted;
    this.running?.abort();
    return isRunning;
  }

  /**
   * Streams the answer to a message. A stopped answer counts as far as it was written; a message that cannot be answered is
   * forgotten.
   *
   * @throws UserError where the conversation is longer than the model reads
   */
  async *answer(content: string): AsyncGenerator<string, void, undefined> {
    const before: readonly ChatMessage[] = this.system === undefined ? [] : [{ role: 'system', content: this.system }];
    const asked = [...this.messages, { role: 'user', content }];
    const conversation = [...before, ...asked];
    const controller = new AbortController();
    this.running = controller;
    let text = '';
    try {
      const maxNewTokens = this.options.maxNewTokens ?? (await this.roomBehind(conversation));
      const { signal } = controller;
      for await (const piece of this.generator.stream(conversation, { ...this.options, maxNewTokens, signal })) {
        text += piece;
        yield piece;
      }
    } catch (error) {
      if (!controller.signal.aborted) throw error;
    } finally {
      this.running = undefined;
    }
    if (text !== '') this.messages = [...asked, { role: 'assistant', content: text }];
  }

  private async roomBehind(conversation: readonly ChatMessage[]): Promise<number> {
    const { tokenizer, maxLength } = this.generator;
    const { length } = await tokenizer.applyChatTemplate(conversation, { addGenerationPrompt: true });
    if (length >= maxLength) {
      throw new UserError(
        `the conversation has ${length} tokens, and the model reads ${maxLength}. /clear begins a new one.`,
      );
    }
    return Math.min(answerLimit, maxLength - length);
  }
}
