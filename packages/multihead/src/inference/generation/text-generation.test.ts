import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GPT2Config } from '../../models/gpt2/config.js';
import { GPT2LMHeadModel } from '../../models/gpt2/gpt2.js';
import { byteTokenizer } from '../../testing/byte-tokenizer.js';
import { TinyCausal } from '../../testing/tiny-causal.js';
import { Tokenizer } from '../../text/tokenizer/tokenizer.js';
import { pipeline } from '../pipeline.js';
import { generate } from './generate.js';
import { type TextGenerationOptions, type TextGenerationPipeline, textGenerationPipeline } from './text-generation.js';

let folder: string;
let generator: TextGenerationPipeline;
const sampled: TextGenerationOptions = { maxNewTokens: 40, temperature: 1.2, seed: 3 };

async function streamed(prompt: string, options: TextGenerationOptions): Promise<string[]> {
  const pieces: string[] = [];
  for await (const piece of generator.stream(prompt, options)) pieces.push(piece);
  return pieces;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'multihead-'));
  const sizes = { vocab_size: 257, n_embd: 16, n_layer: 2, n_head: 2, n_positions: 64, initializer_range: 0.6 };
  const config = GPT2Config.fromJson({ ...sizes, bos_token_id: 0, eos_token_id: 0 }, 'the config of this test');
  const model = GPT2LMHeadModel.fromConfig(config, { seed: 5 });
  await model.savePretrained(folder);
  await model.dispose();
  for (const [name, text] of Object.entries(byteTokenizer().files())) writeFileSync(join(folder, name), text);
  generator = await pipeline('text-generation', folder);
});
afterAll(async () => {
  await generator.dispose();
  rmSync(folder, { recursive: true });
});

describe('text generation', () => {
  test('goes on from a prompt, and leaves the prompt out when asked', async () => {
    const [full] = await generator('ROMEO:', { maxNewTokens: 10 });
    expect(full?.generatedText.startsWith('ROMEO:')).toBe(true);
    const [tail] = await generator('ROMEO:', { maxNewTokens: 10, returnFullText: false });
    expect(`ROMEO:${tail?.generatedText}`).toBe(full?.generatedText);
    expect(full).toMatchObject({ tokenIds: tail?.tokenIds, finishReason: tail?.finishReason });
  });

  test('takes several prompts as one batch, and gives each what it gives it alone', async () => {
    const prompts = ['ROMEO:', 'é', 'To be, or not to be'];
    const together = await generator(prompts, sampled);
    for (const [i, prompt] of prompts.entries()) expect(together[i]).toEqual(await generator(prompt, sampled));
    expect(await generator([])).toEqual([]);
  });

  test('streams the text that it would give at once, without splitting characters', async () => {
    for (let seed = 0; seed < 8; seed++) {
      const options = { ...sampled, seed, returnFullText: false };
      const pieces = await streamed('ROMEO: é😀', options);
      expect(pieces.join('')).toBe((await generator('ROMEO: é😀', options))[0]?.generatedText);
      for (const piece of pieces) expect(piece).not.toBe('');
    }
  });

  test('ends before a stop string, at once and streamed', async () => {
    const free = (await generator('a', { ...sampled, returnFullText: false }))[0]?.generatedText as string;
    const stopStrings = [free.slice(10, 13), 'is in no text of this model'];
    const options = { ...sampled, returnFullText: false, stopStrings };
    const [stopped] = await generator('a', options);
    expect(stopped).toMatchObject({
      generatedText: free.slice(0, free.indexOf(stopStrings[0] as string)),
      finishReason: 'stop',
    });
    expect((await streamed('a', options)).join('')).toBe(stopped?.generatedText);
    expect((await generator('a', { ...options, stopStrings: 'is in no text' }))[0]?.generatedText).toBe(free);
  });

  test('a prompt of no tokens begins with the token between texts', async () => {
    const [text] = await generator('', { ...sampled, eosTokenId: [] });
    expect(text?.tokenIds).toHaveLength(40);
    const tiny = { vocabSize: 257, hiddenSize: 8, layers: 1, heads: 1, maxPositionEmbeddings: 32 };
    const model = new TinyCausal(tiny);
    const fromNothing = await textGenerationPipeline(model, byteTokenizer())('', { maxNewTokens: 4 });
    const [expected] = await generate(model, [[0]], { maxNewTokens: 4, eosTokenId: 0 });
    expect(fromNothing).toMatchObject(expected as object[]);
    await model.dispose();
  });

  test('leaving the stream stops the model, and another can follow', async () => {
    const endless = { ...sampled, maxNewTokens: 1e6, overflow: 'slide', eosTokenId: [] } as const;
    for await (const piece of generator.stream('a', endless)) {
      expect(piece).not.toBe('');
      break;
    }
    const controller = new AbortController();
    const reading = async () => {
      for await (const _ of generator.stream('a', { ...endless, signal: controller.signal })) controller.abort();
    };
    await expect(reading()).rejects.toThrow(/abort/i);
    expect(await streamed('a', { maxNewTokens: 3 })).not.toEqual([]);
  });

  test('takes defaults from generation_config.json, which the caller may overrule', async () => {
    writeFileSync(
      join(folder, 'generation_config.json'),
      JSON.stringify({ max_new_tokens: 5, do_sample: true, top_k: 0 }),
    );
    const loaded = await pipeline('text-generation', folder);
    const [text] = await loaded('a', { eosTokenId: [] });
    expect(text?.tokenIds).toHaveLength(5);
    expect(text?.tokenIds).toEqual((await generator('a', { maxNewTokens: 5, topK: 0, eosTokenId: [] }))[0]?.tokenIds);
    expect((await loaded('a', { doSample: false, maxLength: 3, eosTokenId: [] }))[0]?.tokenIds).toEqual(
      (await generator('a', { maxNewTokens: 2, eosTokenId: [] }))[0]?.tokenIds,
    );
    await loaded.dispose();
    writeFileSync(join(folder, 'generation_config.json'), '{"top_k": "many"}');
    await expect(pipeline('text-generation', folder)).rejects.toThrow(
      /generation_config\.json: top_k is "many"; expected a number/,
    );
    writeFileSync(join(folder, 'generation_config.json'), '[]');
    await expect(pipeline('text-generation', folder)).rejects.toThrow('holds no JSON object');
    rmSync(join(folder, 'generation_config.json'));
  });

  test.each([
    [{ do_sample: false, temperature: 0 }],
    [{ do_sample: false, top_p: 0 }],
    [{ eos_token_id: 50256 }],
    [{ eos_token_id: [-1, 50256] }],
    [{ min_length: -1 }],
    [{ top_k: -1, min_p: 5 }],
  ])('generation_config.json may say %j, as in Python', async (settings) => {
    writeFileSync(join(folder, 'generation_config.json'), JSON.stringify(settings));
    const loaded = await pipeline('text-generation', folder);
    const [text] = await loaded('a', { maxNewTokens: 6 });
    const [plain] = await generator('a', { maxNewTokens: 6, ...('eos_token_id' in settings && { eosTokenId: [] }) });
    expect(text).toEqual(plain);
    await loaded.dispose();
    rmSync(join(folder, 'generation_config.json'));
  });

  test.each<[object, TextGenerationOptions, string]>([
    [{ temperature: 0 }, { doSample: true }, 'temperature is 0; it must be a number above 0'],
    [{ repetition_penalty: -1 }, {}, 'repetitionPenalty is -1'],
    [{ num_beams: 0 }, {}, 'numBeams is 0'],
    [{ max_length: 1 }, {}, 'maxLength is 1, but the prompt alone has 5 tokens'],
    [{ num_beams: 2, do_sample: true }, {}, 'numBeams is 2, and tokens are to be drawn'],
  ])('an error in generation_config.json %j names the file', async (settings, options, message) => {
    writeFileSync(join(folder, 'generation_config.json'), JSON.stringify(settings));
    const loaded = await pipeline('text-generation', folder);
    await expect(loaded('abcde', options)).rejects.toThrow(`${join(folder, 'generation_config.json')}: ${message}`);
    // What the caller does wrong is told as such.
    await expect(loaded('abcde', { ...options, minP: 3 })).rejects.toThrow(/^minP is 3/);
    await loaded.dispose();
    rmSync(join(folder, 'generation_config.json'));
  });

  test("a stream's error in generation_config.json names the file", async () => {
    writeFileSync(join(folder, 'generation_config.json'), '{"num_beams": 2}');
    const loaded = await pipeline('text-generation', folder);
    await expect(loaded.stream('a').next()).rejects.toThrow(
      /generation_config\.json: numBeams is 2, but only one text/,
    );
    await loaded.dispose();
    rmSync(join(folder, 'generation_config.json'));
  });

  test.each(['max_new_tokens', 'temprature', 'badWordsIds', 'tokenizer'])('refuses the option %s', async (name) => {
    const options = { [name]: 3 } as TextGenerationOptions;
    await expect(generator('a', options)).rejects.toThrow(`text-generation: there is no option "${name}"`);
    await expect(streamed('a', options)).rejects.toThrow(`text-generation: there is no option "${name}"`);
  });

  test('refuses several texts and beams in a stream, and prompts that are too long', async () => {
    await expect(streamed('a', { numBeams: 2 })).rejects.toThrow('numBeams is 2, but only one text can be streamed');
    await expect(streamed('a', { doSample: true, numReturnSequences: 2 })).rejects.toThrow('numReturnSequences is 2');
    await expect(generator('a'.repeat(64))).rejects.toThrow('the prompt has 64 tokens, but the model looks at no more');
    const [slid] = await generator('a'.repeat(70), { maxNewTokens: 4, overflow: 'slide', returnFullText: false });
    expect(slid).toEqual((await generator('a'.repeat(32), { maxNewTokens: 4, returnFullText: false }))[0]);
  });
});

test('an empty prompt is refused where no token is known to begin texts', async () => {
  const model = new TinyCausal({ vocabSize: 257, hiddenSize: 8, layers: 1, heads: 1, maxPositionEmbeddings: 32 });
  const json = byteTokenizer().files()['tokenizer.json'] as string;
  const tokenizer = new Tokenizer({ json: JSON.parse(json), config: {}, where: 'tokenizer.json' });
  await expect(textGenerationPipeline(model, tokenizer)('')).rejects.toThrow(
    'the prompt is empty, and neither model nor tokenizer names a token that texts begin with',
  );
  expect(await textGenerationPipeline(model, tokenizer)('a', { maxNewTokens: 2 })).toHaveLength(1);
  await model.dispose();
});
