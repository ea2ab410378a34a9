/** @file Heads tied to the embedding and heads of their own, under whichever names a checkpoint holds them. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { SafetensorsFile, type TensorToWrite, writeSafetensors } from '../../exports/models.js';
import { AutoModelForCausalLM, BertForMaskedLM, type PretrainedModel } from '../../index.js';
import { largestDifference, readValues } from '../../testing/reference.js';

const fixture = (name: string) => fileURLToPath(new URL(`../../../fixtures/${name}`, import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'multihead-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const causal = (folder: string): Promise<PretrainedModel> => AutoModelForCausalLM.fromPretrained(folder);
const cases = [
  ['causal/gpt2', 'transformer.wte.weight', 'lm_head.weight', causal],
  ['causal/llama-tied', 'model.embed_tokens.weight', 'lm_head.weight', causal],
  [
    'bert/mlm',
    'bert.embeddings.word_embeddings.weight',
    'cls.predictions.decoder.weight',
    (folder: string): Promise<PretrainedModel> => BertForMaskedLM.fromPretrained(folder),
  ],
] as const;

/** A copy of a fixture whose tensors are changed. */
async function changed(name: string, change: (tensors: Map<string, TensorToWrite>) => void): Promise<string> {
  const folder = mkdtempSync(join(scratch, 'changed-'));
  cpSync(fixture(name), folder, { recursive: true });
  const path = join(folder, 'model.safetensors');
  const file = await SafetensorsFile.open(path);
  const tensors = new Map<string, TensorToWrite>();
  for (const tensor of file.names) {
    const data = await file.readFloat32(tensor);
    tensors.set(tensor, { name: tensor, dtype: 'F32', shape: file.info(tensor).shape, data });
  }
  change(tensors);
  await writeSafetensors(path, [...tensors.values()]);
  return folder;
}

async function logitsOf(name: string, model: PretrainedModel): Promise<Float32Array> {
  const expected = await SafetensorsFile.open(join(fixture(name), 'expected.safetensors'));
  const { labels: _, ...inputs } = await readValues(expected, 'input.');
  return (await model.predictValues(inputs)).logits?.data as Float32Array;
}

describe.each(cases)('%s', (name, embedding, head, load) => {
  test("a tied matrix under the head's name alone is the embedding's, too", async () => {
    const folder = await changed(name, (tensors) => {
      tensors.set(head, { ...(tensors.get(embedding) as TensorToWrite), name: head });
      tensors.delete(embedding);
    });
    const model = await load(folder);
    expect(model.loadingReport?.newlyInitialized).toEqual([]);
    const expected = await SafetensorsFile.open(join(fixture(name), 'expected.safetensors'));
    const { logits } = await readValues(expected, 'output.');
    expect(largestDifference(await logitsOf(name, model), logits?.data as Float32Array)).toBeLessThan(1e-4);
    await model.dispose();
  });

  test('a head that is not the embedding counts, whatever config.json says, and is saved as such', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const folder = await changed(name, (tensors) => {
      const tied = tensors.get(embedding) as TensorToWrite;
      tensors.set(head, { ...tied, name: head, data: (tied.data as Float32Array<ArrayBuffer>).map((x) => 2 * x) });
    });
    const model = await load(folder);
    expect(warn.mock.calls.flat().join()).toContain(`holds ${head}, which differs from the embedding`);
    warn.mockRestore();
    expect(model.config.tieWordEmbeddings).toBe(false);
    const tied = await load(fixture(name));
    const [plain, doubled] = [await logitsOf(name, tied), await logitsOf(name, model)];
    // Scores are linear in the head's matrix, behind which BERT adds a bias.
    const file = await SafetensorsFile.open(join(fixture(name), 'model.safetensors'));
    const biasName = 'cls.predictions.bias';
    const bias = file.names.includes(biasName) ? await file.readFloat32(biasName) : undefined;
    const wanted = plain.map((x, i) => 2 * x - (bias?.[i % bias.length] ?? 0));
    expect(largestDifference(doubled, wanted)).toBeLessThan(1e-4);
    const saved = join(folder, 'saved');
    await model.savePretrained(saved);
    const again = await load(saved);
    expect(again.loadingReport).toMatchObject({ newlyInitialized: [], unexpected: [] });
    expect(await logitsOf(name, again)).toEqual(doubled);
    for (const each of [model, tied, again]) await each.dispose();
  });

  test('the same matrix under both names stays tied', async () => {
    const folder = await changed(name, (tensors) => {
      tensors.set(head, { ...(tensors.get(embedding) as TensorToWrite), name: head });
    });
    const model = await load(folder);
    expect(model.config.tieWordEmbeddings).toBe(true);
    expect(model.loadingReport).toMatchObject({ newlyInitialized: [], unexpected: [] });
  });
});
