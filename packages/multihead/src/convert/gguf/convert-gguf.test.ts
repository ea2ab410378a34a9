/** @file GGUF files against the readers of gguf and of Transformers (fixtures/gguf, made by bench/peers/gguf_fixtures.py). */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { TensorValue } from '../../engine/engine.js';
import { AutoConfig, AutoModelForCausalLM, AutoTokenizer, convertGguf } from '../../index.js';
import { SafetensorsFile } from '../../models/checkpoint/safetensors.js';
import { largest, largestDifference } from '../../testing/reference.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';
import { GgufFile } from './gguf-file.js';
import { tensorTypeNames } from './tensor-types/registry.js';

const fixture = (name: string) => fileURLToPath(new URL(`../../../fixtures/gguf/${name}`, import.meta.url));
const expected = await SafetensorsFile.open(fixture('expected.safetensors'));
const texts = JSON.parse(readFileSync(fixture('expected.json'), 'utf8')) as Record<
  string,
  { texts: string[]; ids: number[][] }
>;

describe('types of tensors', () => {
  test('each that is read has a reference', async () => {
    const { tensors } = await GgufFile.open(fixture('types.gguf'));
    expect([...tensors.keys()].sort()).toEqual(tensorTypeNames().sort());
  });

  test.each(tensorTypeNames())('%s: the numbers are gguf’s', async (name) => {
    const file = await GgufFile.open(fixture('types.gguf'));
    const rows: number[] = [];
    for await (const piece of file.pieces(file.tensor(name, [2, 256]))) rows.push(...piece);
    const reference = await expected.readFloat32(`types.${name}`);
    expect(largest(reference)).toBeGreaterThan(0.1);
    expect(rows).toEqual([...reference]);
  });

  test('pieces are whole rows, in multiples of what is kept together', async () => {
    const file = await GgufFile.open(fixture('types.gguf'));
    const tensor = { ...file.tensor('F32', [2, 256]) };
    const lengths: number[] = [];
    for await (const { length } of file.pieces({ ...tensor, shape: [512, 1] }, 3)) lengths.push(length);
    expect(lengths.reduce((a, b) => a + b)).toBe(512);
  });
});

describe.each(['llama', 'llama3', 'qwen2', 'qwen3'])('%s.gguf', (name) => {
  test('becomes a folder whose logits are those of the weights that the file holds', async () => {
    const folder = temporaryFolder();
    const converted = await convertGguf(fixture(`${name}.gguf`), folder);
    const model = await AutoModelForCausalLM.fromPretrained(folder);
    expect(model.loadingReport).toMatchObject({ newlyInitialized: [], unexpected: [] });
    expect(converted).toEqual({
      model: model.constructor.name,
      parameters: model.weights.count,
      vocabSize: model.config.vocabSize,
    });
    const { shape } = expected.info(`${name}.input_ids`);
    const input_ids: TensorValue = { dtype: 'int64', shape, data: await expected.readInt64(`${name}.input_ids`) };
    const attention_mask: TensorValue = {
      dtype: 'int64',
      shape,
      data: new BigInt64Array(input_ids.data.length).fill(1n),
    };
    const { logits } = await model.predictValues({ input_ids, attention_mask });
    const reference = await expected.readFloat32(`${name}.logits`);
    expect(largestDifference(logits?.data as Float32Array, reference)).toBeLessThan(1e-4);
    await model.dispose();
  });

  test.runIf(texts[name])('texts have the tokens that Transformers gives them', async () => {
    const folder = temporaryFolder();
    await convertGguf(fixture(`${name}.gguf`), folder);
    const tokenizer = await AutoTokenizer.fromPretrained(folder);
    const reference = texts[name] as { texts: string[]; ids: number[][] };
    expect(await tokenizer.encodeIds(reference.texts)).toEqual(reference.ids);
    for (const [i, ids] of reference.ids.entries()) {
      expect(await tokenizer.decode(ids, { skipSpecialTokens: false })).toBe(reference.texts[i]);
    }
  });
});

describe('what is written', () => {
  test('settings, tokens that end texts, and the chat template', async () => {
    const folder = temporaryFolder();
    await convertGguf(fixture('llama3.gguf'), folder);
    expect(readdirSync(folder).sort()).toEqual([
      ...['config.json', 'generation_config.json', 'model.safetensors', 'special_tokens_map.json', 'tokenizer.json'],
      'tokenizer_config.json',
    ]);
    expect(JSON.parse(readFileSync(join(folder, 'generation_config.json'), 'utf8'))).toEqual({
      bos_token_id: 0,
      eos_token_id: [2, 0],
      pad_token_id: 0,
    });
    expect(await AutoConfig.fromPretrained(folder)).toMatchObject({
      modelType: 'llama',
      attentionBias: true,
      mlpBias: false,
      tieWordEmbeddings: false,
      headDim: 16,
      rmsNormEps: 1e-6,
      ropeScaling: {
        type: 'llama3',
        factor: 8,
        lowFreqFactor: 1,
        highFreqFactor: 4,
        originalMaxPositionEmbeddings: 8192,
      },
    });
    const tokenizer = await AutoTokenizer.fromPretrained(folder);
    const messages = [{ role: 'user', content: 'times' }];
    expect(await tokenizer.applyChatTemplate(messages, { addGenerationPrompt: true, tokenize: false })).toBe(
      '<|im_start|>user\ntimes<|im_end|>\n<|im_start|>assistant\n',
    );
    // Llama 3's texts begin with a token.
    expect((await tokenizer.encode(' times')).tokens).toEqual(['<|endoftext|>', 'Ġtimes']);
  });

  test('other number formats', async () => {
    const folder = temporaryFolder();
    await convertGguf(fixture('qwen3.gguf'), folder, { dtype: 'bfloat16' });
    const file = await SafetensorsFile.open(join(folder, 'model.safetensors'));
    expect(new Set(file.names.map((name) => file.info(name).dtype))).toEqual(new Set(['BF16']));
    expect((await AutoConfig.fromPretrained(folder)).others).toMatchObject({ dtype: 'bfloat16' });
    await expect(convertGguf('x', folder, { dtype: 'float64' as 'float32' })).rejects.toThrow(
      'dtype is float64; expected one of float32, float16, bfloat16',
    );
  });
});

describe('files that are none, or others', () => {
  const whole = readFileSync(fixture('qwen2.gguf'));
  const changed = (change: (bytes: Buffer) => Buffer | undefined) => {
    const copy = Buffer.from(whole);
    const path = join(temporaryFolder(), 'changed.gguf');
    writeFileSync(path, change(copy) ?? copy);
    return path;
  };
  /** The place behind a text in the header. */
  const behind = (text: string) => whole.indexOf(text) + text.length;
  const put = (at: number, value: number) => (bytes: Buffer) => {
    bytes.writeUInt32LE(value, at);
    return undefined;
  };

  test.each<[string, (bytes: Buffer) => Buffer | undefined, RegExp]>([
    [
      'nothing',
      () => Buffer.alloc(0),
      /changed\.gguf: at byte 0: a number of 4 bytes was expected, but the file ends at byte 0/,
    ],
    ['text', () => Buffer.from('Once upon a time'), /at byte 0: the file does not begin with "GGUF"/],
    ['version 1', put(4, 1), /at byte 4: version 1 of GGUF is not read; 2 or 3 was expected/],
    ['big-endian', put(4, 0x03000000), /at byte 4: the numbers are big-endian/],
    [
      'cut off in the tensors',
      (bytes) => bytes.subarray(0, -64),
      /tensor .* takes bytes \d+ to \d+, but the file ends at byte/,
    ],
    [
      'cut off in the header',
      (bytes) => bytes.subarray(0, 900),
      /at byte \d+: .* was expected, but the file ends at byte 900/,
    ],
    ['a million tensors', put(8, 1_000_000), /at byte 8: there are 1000000 tensors; at most 65536 are read/],
    ['a text without an end', put(24, 0xfffffff), /at byte 24: there are 268435455 bytes in a text; at most/],
    ['an unknown kind', put(behind('general.architecture'), 77), /at byte \d+: 77 is no kind of value/],
    [
      'a type that is none',
      put(behind('output_norm.weight') + 4 + 8, 250),
      /tensor output_norm.weight has the type 250, which is none/,
    ],
    [
      'a type that is not read',
      put(behind('output_norm.weight') + 4 + 8, 20),
      /is of type IQ4_NL, which is not read; read are F32/,
    ],
    [
      'sizes that overflow',
      put(behind('output_norm.weight') + 4 + 4, 0xffffffff),
      /output_norm.weight has the sizes \d+, which cannot be/,
    ],
    [
      'another architecture',
      (bytes) => replaced(bytes, 'qwen2', 'qwen9'),
      /its architecture is qwen9; read are llama, qwen2, qwen3/,
    ],
    [
      'a tensor that lacks',
      (bytes) => replaced(bytes, 'output_norm', 'output_none'),
      /has 1 tensors that a Qwen2ForCausalLM has not, such as output_none/,
    ],
  ])('%s', async (_, change, message) => {
    await expect(convertGguf(changed(change), temporaryFolder())).rejects.toThrow(message);
  });

  /** A text everywhere in the place of another of its length. */
  function replaced(bytes: Buffer, from: string, to: string): Buffer {
    for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at)) bytes.write(to, at);
    return bytes;
  }

  test('nothing is left behind', async () => {
    const folder = temporaryFolder();
    await expect(convertGguf(changed(put(4, 1)), folder)).rejects.toThrow();
    expect(readdirSync(folder)).toEqual([]);
  });
});
