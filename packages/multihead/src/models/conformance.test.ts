/** @file What holds of every family in the registry, and so of each new one by its row. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { TensorValue, Values } from '../engine/engine.js';
import { allModels, autoModelOf, layers, smallConfig } from '../testing/small-models.js';
import { trainableParameters } from '../training/step/freeze.js';
import { AutoConfig } from './auto-config.js';
import { AutoModel, autoModelFor } from './auto-model.js';
import { groupOf, isInBase } from './core/parameter-groups.js';
import type { PretrainedModel } from './core/pretrained.js';

const folder = mkdtempSync(join(tmpdir(), 'multihead-families-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function batch(): Values {
  const int64 = (values: number[][]): TensorValue => {
    const shape = [values.length, values[0]?.length as number];
    return { dtype: 'int64', shape, data: BigInt64Array.from(values.flat(), BigInt) };
  };
  return {
    input_ids: int64([
      [5, 6, 7, 8],
      [9, 10, 1, 1],
    ]),
    attention_mask: int64([
      [1, 1, 1, 1],
      [1, 1, 0, 0],
    ]),
    token_type_ids: int64([
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ]),
  };
}

describe.each(allModels)('%s %s', (modelType, head) => {
  const make = (): PretrainedModel => autoModelOf(head).fromConfig(smallConfig(modelType), { seed: 3 });

  test('saves and loads to the same outputs, and what it needs is found', async () => {
    const model = make();
    const path = join(folder, `${modelType}-${head}`);
    await model.savePretrained(path);
    const loaded: PretrainedModel = await autoModelOf(head).fromPretrained(path);
    expect(loaded.constructor).toBe(model.constructor);
    expect(loaded.loadingReport).toMatchObject({ newlyInitialized: [], unexpected: [] });
    expect(await AutoConfig.fromPretrained(path)).toEqual({ ...model.config, architectures: [model.constructor.name] });
    const [one, other] = [await model.predictValues(batch()), await loaded.predictValues(batch())];
    expect(Object.keys(one).length).toBeGreaterThan(0);
    expect(other).toEqual(one);
    await Promise.all([model.dispose(), loaded.dispose()]);
  });

  test('each parameter is in one group, and freezing N layers freezes those, the embeddings and no others', () => {
    const model = make();
    const names = [...model.weights.parameters.keys()];
    const groups = names.map((name) => groupOf(model, name));
    expect(new Set(groups)).toEqual(
      new Set(
        Array.from({ length: layers + 2 }, (_, group) => group).filter(
          (group) => group <= layers || groups.includes(group),
        ),
      ),
    );
    for (const frozen of [0, 1, layers]) {
      const trainable = names.filter((name) => groupOf(model, name) > frozen);
      if (trainable.length === 0) continue;
      expect(trainableParameters(model, frozen).map(({ name }) => name)).toEqual(trainable);
    }
    for (let layer = 0; layer < layers; layer++) {
      const ofLayer = names.filter((_, i) => groups[i] === layer + 1);
      expect(ofLayer.length).toBeGreaterThan(3);
      expect(ofLayer.every((name) => name.includes(`.${layer}.`))).toBe(true);
    }
    const isHead = names.filter((name) => !isInBase(model, name));
    if (head === 'base') expect(isHead).toEqual(names);
    else for (const name of isHead) expect(groupOf(model, name)).toBe(layers + 1);
  });

  test('padding changes nothing', async () => {
    const model = make();
    const { input_ids, attention_mask, token_type_ids } = batch() as Record<string, TensorValue>;
    const cut = ({ data }: TensorValue): TensorValue => ({
      dtype: 'int64',
      shape: [1, 2],
      data: (data as BigInt64Array).slice(4, 6),
    });
    const alone = await model.predictValues({
      input_ids: cut(input_ids as TensorValue),
      attention_mask: cut(attention_mask as TensorValue),
      token_type_ids: cut(token_type_ids as TensorValue),
    });
    const both = await model.predictValues(batch());
    for (const [name, { data, shape }] of Object.entries(alone)) {
      const padded = both[name] as TensorValue;
      const rowLength = padded.data.length / 2;
      for (let i = 0; i < data.length; i++) expect(Number(padded.data[rowLength + i])).toBeCloseTo(Number(data[i]), 5);
      expect(shape.length).toBe(padded.shape.length);
    }
    await model.dispose();
  });
});

test('an unknown family is refused with those that there are', async () => {
  expect(() => AutoModel.fromConfig({ ...smallConfig('bert'), modelType: 'nonesuch' })).toThrow(
    /model_type is "nonesuch"; Multihead knows bert, roberta/,
  );
  expect(() => autoModelFor('CausalLM').fromConfig(smallConfig('bert'))).toThrow(
    /model_type is "bert", of which there is no AutoModelForCausalLM; there is one of gpt2, llama/,
  );
});
