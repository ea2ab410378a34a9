/** @file Text generation with conversations: what it generates is what it generates from the text that the template writes. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GPT2Config } from '../../models/gpt2/config.js';
import { GPT2LMHeadModel } from '../../models/gpt2/gpt2.js';
import { byteTokenizer } from '../../testing/byte-tokenizer.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';
import type { ChatMessage } from '../../text/chat/chat-message.js';
import { pipeline } from '../pipeline.js';
import type { TextGenerationPipeline } from './text-generation.js';

const chat_template =
  '{% if tools %}[{{ tools | length }}]{% endif %}{% for m in messages %}{{ m.role }}:{{ m.content }}{{ eos_token }}' +
  '{% endfor %}{% if add_generation_prompt %}assistant:{{ mood }}{% endif %}';
const user: ChatMessage = { role: 'user', content: 'Hi' };
const options = { maxNewTokens: 12, temperature: 1.2, seed: 3 };

/** A folder with a model that ends texts with a list of tokens, as generation_config.json says. */
async function chatFolder(): Promise<string> {
  const folder = temporaryFolder();
  const sizes = { vocab_size: 257, n_embd: 16, n_layer: 1, n_head: 2, n_positions: 64, initializer_range: 0.6 };
  const model = GPT2LMHeadModel.fromConfig(GPT2Config.fromJson({ ...sizes, bos_token_id: 0, eos_token_id: 0 }), {
    seed: 5,
  });
  await model.savePretrained(folder);
  await model.dispose();
  const files = byteTokenizer().files();
  const config = { ...JSON.parse(files['tokenizer_config.json'] as string), chat_template };
  const all = { ...files, 'tokenizer_config.json': JSON.stringify(config) };
  for (const [name, text] of Object.entries(all)) writeFileSync(join(folder, name), text);
  return folder;
}

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
