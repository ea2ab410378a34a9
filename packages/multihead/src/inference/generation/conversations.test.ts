/** @file Text generation with conversations: what it generates is what it generates from the text that the template writes. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { byteTokenizer } from '../../testing/byte-tokenizer.js';
import { chatFolder } from '../../testing/chat-model.js';
import type { ChatMessage } from '../../text/chat/chat-message.js';
import { pipeline } from '../pipeline.js';
import type { TextGenerationPipeline } from './text-generation.js';

const user: ChatMessage = { role: 'user', content: 'Hi' };
const options = { maxNewTokens: 12, temperature: 1.2, seed: 3 };

let folder: string;
let generator: TextGenerationPipeline;
beforeAll(async () => {
  folder = await chatFolder();
  generator = await pipeline('text-generation', folder);
});
afterAll(() => generator.dispose());

/** What is generated behind a text. */
const after = async (text: string) => (await generator(text, { ...options, returnFullText: false }))[0];

describe('a conversation', () => {
  test('is answered by an assistant’s message, whose text is that behind the template’s text', async () => {
    const expected = await after('user:Hi<|endoftext|>assistant:');
    const [answer] = await generator([user], options);
    expect(answer).toMatchObject({ tokenIds: expected?.tokenIds, finishReason: expected?.finishReason });
    expect(answer?.generatedText).toEqual([user, { role: 'assistant', content: expected?.generatedText }]);
    expect(await generator([user], { ...options, returnFullText: false })).toEqual([expected]);
    const pieces = [];
    for await (const piece of generator.stream([user], options)) pieces.push(piece);
    expect(pieces.join('')).toBe(expected?.generatedText);
  });

  test('beside others and texts is answered as alone', async () => {
    const other: ChatMessage[] = [{ role: 'system', content: 'Short.' }, user];
    const [first, second] = await generator([[user], other], options);
    expect([first, second]).toEqual([await generator([user], options), await generator(other, options)]);
  });

  test('that ends with an assistant’s message goes on in that message', async () => {
    const expected = await after('user:Hi<|endoftext|>assistant:We');
    const [answer] = await generator([user, { role: 'assistant', content: 'We' }], options);
    expect(answer?.generatedText).toEqual([user, { role: 'assistant', content: `We${expected?.generatedText}` }]);
  });

  test('gets tools and the template’s variables', async () => {
    const chat = { tools: [{ name: 'a' }, { name: 'b' }], variables: { mood: '!' } };
    const [answer] = await generator([user], { ...options, chat });
    const expected = await after('[2]user:Hi<|endoftext|>assistant:!');
    expect(answer?.generatedText.at(-1)?.content).toBe(expected?.generatedText);
    const wrong = { ...options, chat: { tool: [] } as object };
    await expect(generator([user], wrong)).rejects.toThrow('there is no option "tool"');
  });

  test('ends at any of the tokens that generation_config.json lists', async () => {
    const free = (await after('user:Hi<|endoftext|>assistant:'))?.tokenIds as number[];
    const ends = [free[7], free[4], 0];
    writeFileSync(join(folder, 'generation_config.json'), JSON.stringify({ eos_token_id: ends }));
    const ending = await pipeline('text-generation', folder);
    const [answer] = await ending([user], options);
    const place = free.findIndex((id) => ends.includes(id));
    expect(place).toBeLessThan(5);
    expect(answer).toMatchObject({ finishReason: 'eos', tokenIds: free.slice(0, place + 1) });
    await ending.dispose();
  });

  test('of what is no message is refused, and so is one where there is no template', async () => {
    await expect(generator([{ content: 'x' } as unknown as ChatMessage], options)).rejects.toThrow(
      'messages[0]: expected',
    );
    const plain = byteTokenizer();
    await expect(plain.applyChatTemplate([user])).rejects.toThrow('has no chat template');
  });
});
